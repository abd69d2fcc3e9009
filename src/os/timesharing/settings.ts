/** What a time-sharing system is set up with; with the programs and the users it determines a run to the cycle. */
import type { DisciplineName } from './disciplines/table.ts';

/** What keeps the processes apart. */
export const PROTECTIONS = ['none', 'keys', 'dat'] as const;
export type Protection = (typeof PROTECTIONS)[number];

/** How programs share core. */
export const MEMORIES = ['resident', 'swap', 'onion', 'lru', 'clock', 'working-set'] as const;
export type MemoryName = (typeof MEMORIES)[number];

export interface Settings {
  readonly discipline: DisciplineName;
  readonly protection: Protection;
  readonly memory: MemoryName;
  /** Page frames for users. */
  readonly frames: number;
  /** Cycles of the basic quantum. */
  readonly quantum: number;
  /** Cycles that count as a second of the users: less than the machine's shrinks think times and patience alike. */
  readonly second: number;
  /** Simulated users. */
  readonly users: number;
  /** Mean think time in seconds of the users. */
  readonly think: number;
  readonly seed: number;
  /** Interactions after which a simulated user goes home; 0: never. */
  readonly interactions: number;
}

/** A program of the library, as it was assembled: it runs at any address, for it holds none. */
export interface Program {
  readonly name: string;
  readonly image: Uint8Array;
  /** Offset of its first instruction. */
  readonly entry: number;
  /** Bytes of its storage, the image at the beginning. */
  readonly size: number;
  /** How often simulated users choose it, against the others; 0: never. */
  readonly weight: number;
  readonly priority: number;
}
export const PAGE = 4096;
export const pagesOf = ({ size }: Program): number => Math.max(1, Math.ceil(size / PAGE));
