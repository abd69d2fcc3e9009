/* xenstore as this kernel uses it: short texts under paths, by which the two halves of a driver find each other. */
#ifndef XEN_STORE_H
#define XEN_STORE_H

#include "interface.h"

#define STORE_TEXT 256 /* longest path or value that this kernel deals in, with its zero */

void store_start(const struct start_info *info);

/* All may wait. A path without a slash at its beginning counts from the domain's own place. */
/* The length of the value, which is cut to `size` and ended with a zero; or an error: -ENOENT, -EACCES, -EIO. */
int store_read(const char *path, char *value, u32 size);
/* The names below a path, each ended with a zero; the length of all. */
int store_list(const char *path, char *names, u32 size);
int store_write(const char *path, const char *value);
/* `changed` is called, with events forbidden, whenever something at the path or below it has changed, and at once. */
int store_watch(const char *path, void (*changed)(void));
int store_unwatch(const char *path, void (*changed)(void));

/* A number, or `otherwise` where there is none. */
u32 store_number(const char *path, u32 otherwise);
int store_write_number(const char *path, u32 value);
/* "top/name" into a text of STORE_TEXT bytes. */
const char *store_path(char *text, const char *top, const char *name);

/* A message as it is, and the answer to it: its length, or an error; the header becomes that of the answer. */
struct store_header {
    u32 type, request, transaction, length;
};
int store_exchange(struct store_header *header, const void *payload, void *answer, u32 size);

#endif
