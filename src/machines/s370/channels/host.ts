/** What the channels know of the machine around them. GA22-7000, "Input/Output Operations". */
import type { Storage } from '../storage.ts';

/** What the channels see of the machine they belong to. */
export interface ChannelHost {
  /** CCWs, indirect data addresses and data are fetched and stored here by absolute address, under the key of the CAW. */
  readonly storage: Storage;
  /** Prefixing: CAW, CSW and the channel identification are at real addresses, everything else at absolute ones. */
  absolute(real: number): number;
  readonly clock: number;
  readonly cyclePicoseconds: number;
  /** CR0 bit 0: block-multiplexer channels may leave a waiting device; false: they stay with it. Absent: they may. */
  readonly blockMultiplexing?: boolean;
  /** An interruption condition has arisen. */
  ioPending(): void;
}

/** Byte multiplexer: many slow devices at once. Selector: one at a time. Block multiplexer: one at a time, in turns. */
export type ChannelKind = 'selector' | 'byte-multiplexer' | 'block-multiplexer';
