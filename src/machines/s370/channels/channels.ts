/** What processor and channels know of each other. GA22-7000, "Input/Output Operations". */
import type { Storage } from '../storage.ts';

/** What the channels see of the machine they belong to. */
export interface ChannelHost {
  /** CCWs, indirect data addresses and data are fetched and stored here by absolute address, under the key of the CAW. */
  readonly storage: Storage;
  /** Prefixing: CAW, CSW and the channel identification are at real addresses, everything else at absolute ones. */
  absolute(real: number): number;
  readonly clock: number;
  readonly cyclePicoseconds: number;
  /** CR0 bit 0: block-multiplexer channels may leave a waiting device; else they work as selector channels. */
  readonly blockMultiplexing: boolean;
  /** An interruption condition has arisen. */
  ioPending(): void;
}

/** The eight I/O instructions as the processor gives them: I/O address in, condition code out. */
export interface Channels {
  startIo(address: number, fast: boolean): number;
  testIo(address: number): number;
  clearIo(address: number): number;
  haltIo(address: number): number;
  haltDevice(address: number): number;
  testChannel(address: number): number;
  storeChannelId(address: number): number;
}

/** Byte multiplexer: many slow devices at once. Selector: one at a time. Block multiplexer: one at a time, in turns. */
export type ChannelKind = 'selector' | 'byte-multiplexer' | 'block-multiplexer';
