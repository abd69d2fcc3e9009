/** What the hypervisor remembers: plain data, saved with the machine. */
import { consoleState, type ConsoleState } from './console.ts';
import type { Domain } from './domain.ts';
import type { FrameState } from './frames.ts';
import type { GrantMapping } from './grants.ts';
import { storeState, type StoreState } from './store/service.ts';

export interface Refusal {
  readonly domain: number;
  /** Name of the check that said no. */
  readonly check: string;
  readonly detail: string;
}

export interface XenState {
  frames: FrameState;
  domains: Domain[];
  /** Index into `domains`; −1: the processor idles. */
  running: number;
  /** Clock at which the running one began. */
  since: number;
  nextAccounting: number;
  sliceEnd: number;
  /** Clock for which the timer is set. */
  timerSet: number;
  /** Whose values the floating-point unit holds, −1 nobody's. */
  floatOwner: number;
  console: ConsoleState;
  store: StoreState;
  /** Hypercalls by name. */
  calls: Record<string, number>;
  /** Refusals by the check that caught them, and the latest ones. */
  refused: Record<string, number>;
  refusals: Refusal[];
  wallClock: number;
  /** Pages of one domain that another has mapped, by grants. */
  mappings: GrantMapping[];
  nextHandle: number;
  /** Interrupt lines that are masked. */
  masks: number;
  /** Every domain has ended, and the machine goes off once the console is silent. */
  ending: boolean;
}

export const xenState = (frames: FrameState): XenState => ({
  frames,
  domains: [],
  running: -1,
  since: 0,
  nextAccounting: 0,
  sliceEnd: 0,
  timerSet: Infinity,
  floatOwner: -1,
  console: consoleState(),
  store: storeState(),
  calls: {},
  refused: {},
  refusals: [],
  wallClock: 0,
  mappings: [],
  nextHandle: 1,
  masks: 0xffff,
  ending: false,
});
