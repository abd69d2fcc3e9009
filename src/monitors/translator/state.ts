import type { CpuState } from '../../machines/pc/cpu-state.ts';
import type { AdaptationState } from './adaptation.ts';
import type { CacheState } from './cache.ts';
import type { DescriptorState } from './descriptors.ts';
import type { ShadowState } from '../shadow/tables.ts';

/** How the guest is running: directly, as translated code, or interpreted. */
export type Mode = 'direct' | 'translated' | 'interpreted';

/** Everything that the monitor remembers beside its memory in the machine. */
export interface TranslatorState {
  readonly version: 1;
  readonly guest: CpuState;
  readonly mode: Mode;
  readonly cache: CacheState;
  readonly shadow: ShadowState;
  readonly descriptors: DescriptorState;
  readonly adaptation: AdaptationState;
  readonly begunAt: number;
  readonly priorityAt: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly exported: Exported;
  readonly failure: string;
}

/** What was put into the real processor when the guest went on, so that only changes are put there again. */
export interface Exported {
  cr0: number;
  cr4: number;
  gdt: readonly [base: number, limit: number];
  ldt: readonly [selector: number, base: number, limit: number];
  /** Of what code is translated depends on these: base, limit and selector of CS, IOPL, base of the GDT. */
  context: readonly number[];
  /** How page tables are read, and which ones. */
  reading: readonly number[];
  space: readonly number[];
  readonly control: number[];
  /** Selector, base, limit, access of each segment register. */
  segments: number[];
}
