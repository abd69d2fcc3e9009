/* Disk transfers that the disk controller does by itself. */
#ifndef ATA_DMA_H
#define ATA_DMA_H

#include "../kernel/types.h"

/* False if there is no controller that can. */
bool ata_dma_start(void);
/* Tells the controller which frame the next command of the disk is about. */
void ata_dma_prepare(const void *frame, bool to_memory);
/* Lets it begin, after the command. */
void ata_dma_go(void);
/* After the interrupt; false if the controller met an error. */
bool ata_dma_end(void);

#endif
