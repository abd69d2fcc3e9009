/** The channel-command word and the address word that leads to it. GA22-7000, "Input/Output Operations". */

/** Flags of a CCW, byte 4. */
export const CD = 0x80; // chain data: the next CCW continues the operation with a further storage area
export const CC = 0x40; // chain command: the next CCW starts a further operation
export const SLI = 0x20; // suppress the indication of an incorrect length
export const SKIP = 0x10; // the device sends, nothing is stored
export const PCI = 0x08; // interruption when this CCW takes control
export const IDA = 0x04; // the address is that of a list of indirect data address words
const FLAGS_ZERO = 0x03;

export const TRANSFER_IN_CHANNEL = 0x08;
export const READ = 0x02;
export const SENSE = 0x04;

export interface Ccw {
  readonly command: number;
  /** 24 bits: data, list of indirect addresses, or (TIC) the next CCW. */
  readonly address: number;
  readonly flags: number;
  readonly count: number;
}

/** The CCW in the doubleword at `at`, which is in storage. */
export const unpackCcw = (view: DataView, at: number): Ccw => ({
  command: view.getUint8(at),
  address: view.getUint32(at) & 0xffffff,
  flags: view.getUint8(at + 4),
  count: view.getUint16(at + 6),
});

/** Eight bytes of a CCW, for programs that are built rather than assembled. */
export function packCcw(command: number, address: number, flags: number, count: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, ((command << 24) | (address & 0xffffff)) >>> 0);
  view.setUint8(4, flags);
  view.setUint16(6, count);
  return bytes;
}

/** Only the low four bits of the command make a TIC. */
export const isTransferInChannel = (ccw: Ccw): boolean => (ccw.command & 0x0f) === TRANSFER_IN_CHANNEL;

/** A CCW that no channel accepts: unassigned flags, or no count. The command of a data-chained CCW is ignored. */
export const isInvalid = (ccw: Ccw, chainingData: boolean): boolean =>
  (!chainingData && (ccw.command & 0x0f) === 0) || (ccw.flags & FLAGS_ZERO) !== 0 || ccw.count === 0;

/** Which way the bytes of a command go. */
export type Direction = 'to-storage' | 'to-storage-backward' | 'to-device';

/** From the low bits of the command code: write 01, read 10, control 11, sense 0100, read backward 1100. */
export function directionOf(command: number): Direction {
  if ((command & 0x0f) === 0x0c) return 'to-storage-backward';
  return (command & 0x01) !== 0 ? 'to-device' : 'to-storage';
}

export interface Caw {
  /** Access key, 0 … 15. */
  readonly key: number;
  readonly address: number;
}

/** The channel-address word, or null where its bits 4 to 7 are not zero. */
export const unpackCaw = (word: number): Caw | null =>
  (word & 0x0f00_0000) !== 0 ? null : { key: word >>> 28, address: word & 0xffffff };
