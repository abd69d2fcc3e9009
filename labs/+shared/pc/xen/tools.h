/* What programs of domain 0 reach Xen and the store by. */
#ifndef XEN_TOOLS_H
#define XEN_TOOLS_H

#include "../kernel/file.h"

#define DEVICE_PRIVCMD 0x0a3c /* miscellaneous devices of Linux, whose minor numbers are dealt out as they come */
#define DEVICE_XENBUS 0x0a3d

extern const struct file_calls privcmd_calls, xenbus_calls;

#endif
