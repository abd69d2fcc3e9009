/**
 * How long the machine's disks take, whoever drives them, and who wants to hear of it. SIMPLIFIED: positioning takes no
 * time, as of a disk whose buffer always has the data: a command costs its overhead, a sector its time on the cable.
 */

/** Seconds until a command does something, and for each sector on the cable (33 MB/s). */
export const DISK_OVERHEAD = 50e-6;
export const PER_SECTOR = 15e-6;

/** Seconds that a request of so many sectors takes. */
export const diskTime = (sectors: number): number => DISK_OVERHEAD + sectors * PER_SECTOR;

/** Hears of requests: a monitor whose device model this is has work with them. Hearing costs the machine nothing. */
export interface RequestListener {
  /** The device has taken a request to move so many bytes. */
  begun(bytes: number): void;
  /** It is done, and the interrupt comes. */
  ended(): void;
}
