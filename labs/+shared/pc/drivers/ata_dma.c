/* Bus-master DMA of an IDE controller: a table says where in memory the bytes go, here always one frame. */
#include "ata_dma.h"

#include "../kernel/machine.h"
#include "pci.h"

#define CLASS_IDE 0x01010000u
#define CLASS_MASK 0xffff0000u
#define REGION_OF_MASTER 4

#define COMMAND (port + 0)
#define START 0x01
#define TO_MEMORY 0x08
#define STATUS (port + 2)
#define FAILED 0x02
#define INTERRUPTED 0x04
#define TABLE (port + 4)
#define LAST 0x80000000u

static u16 port;
static u8 direction;

/* One entry, which must not cross 64 KB. */
static struct {
    u32 address, length;
} table __attribute__((aligned(8)));

bool ata_dma_start(void) {
    u32 place;
    if (!pci_find(PCI_CLASS, CLASS_MASK, CLASS_IDE, &place)) return false;
    port = (u16)(pci_read(place, PCI_REGION(REGION_OF_MASTER)) & ~3u);
    if (port == 0) return false;
    pci_write(place, PCI_COMMAND, (pci_read(place, PCI_COMMAND) & 0xffff) | PCI_COMMAND_MASTER);
    return true;
}

void ata_dma_prepare(const void *frame, bool to_memory) {
    table.address = bus_address(frame);
    table.length = PAGE_SIZE | LAST;
    direction = to_memory ? TO_MEMORY : 0;
    out32(TABLE, bus_address(&table));
    out8(COMMAND, direction);
    out8(STATUS, FAILED | INTERRUPTED); /* writing ones clears them */
}

void ata_dma_go(void) { out8(COMMAND, direction | START); }

bool ata_dma_end(void) {
    u8 status = in8(STATUS);
    out8(COMMAND, direction);
    out8(STATUS, FAILED | INTERRUPTED);
    return !(status & FAILED);
}
