/** Registers of an ATA drive: ATA/ATAPI-5, section 7. */

export const STATUS_BUSY = 0x80;
export const STATUS_READY = 0x40;
export const STATUS_SEEK = 0x10;
export const STATUS_DATA = 0x08;
export const STATUS_ERROR = 0x01;
export const ERROR_ABORT = 0x04;
export const ERROR_NOT_FOUND = 0x10;
/** Error register after a reset: device 0 passed. */
export const DIAGNOSTIC_PASSED = 0x01;

/** The task file; count and address registers hold what was written before in their upper bytes (48-bit commands). */
export interface TaskFile {
  readonly features: number;
  readonly count: number;
  readonly low: number;
  readonly middle: number;
  readonly high: number;
  readonly select: number;
}
