/* The PCI bus: what stands at which place, by its configuration registers. */
#ifndef PCI_H
#define PCI_H

#include "../kernel/types.h"

#define PCI_COMMAND 0x04
#define PCI_COMMAND_MASTER 0x04u /* it may read and write memory by itself */
#define PCI_CLASS 0x08
#define PCI_REGION(number) (0x10 + 4 * (number)) /* where its ports or memory are */
#define PCI_LINE 0x3c /* its interrupt */

/* A place is a device's number and a function's, as they stand in an address of the bus. */
u32 pci_read(u32 place, u32 offset);
void pci_write(u32 place, u32 offset, u32 value);
/* Finds the first place whose register, masked, has that value. */
bool pci_find(u32 offset, u32 mask, u32 value, u32 *place);

#endif
