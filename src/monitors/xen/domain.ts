/** What Xen knows of a domain: plain data, so that it can be saved with the machine. */
import type { X87State } from '../../machines/pc/x87/unit.ts';

/** Where an exception of the guest leads: struct trap_info. */
export interface TrapHandler {
  readonly level: number;
  readonly masksEvents: boolean;
  readonly cs: number;
  readonly address: number;
}

export interface Callback {
  readonly cs: number;
  readonly eip: number;
}

export type EventPort =
  | { readonly kind: 'free' }
  | { readonly kind: 'unbound'; readonly remote: number }
  | { readonly kind: 'interdomain'; readonly remote: number; readonly port: number }
  /** Leads to a service of the host's side: console, store, disk. */
  | { readonly kind: 'service'; readonly service: Service }
  | { readonly kind: 'virq'; readonly virq: number }
  /** An interrupt line of the machine. */
  | { readonly kind: 'pirq'; readonly line: number }
  | { readonly kind: 'ipi' };

export type Service = 'console' | 'store' | 'block' | 'network';

export type DomainState = 'running' | 'blocked' | 'paused' | 'shutdown' | 'crashed' | 'destroyed';

/** Registers while another domain runs. */
export interface Context {
  registers: Int32Array;
  eip: number;
  flags: number;
  level: number;
  /** ES, CS, SS, DS, FS, GS. */
  selectors: number[];
  float: X87State | null;
}

export interface Domain {
  readonly id: number;
  readonly name: string;
  state: DomainState;
  /** Why it stopped: a shutdown's reason, or what crashed it. */
  reason: string;
  readonly privileged: boolean;
  /** What physdev_op has set: from level 1 on a privileged domain's kernel may use the machine's ports. */
  iopl: number;
  /** Ports of the machine that it may use, as pairs of first and last. */
  readonly ioports: readonly (readonly [number, number])[];
  weight: number;
  /** Most of the processor in percent, 0 = no limit. */
  cap: number;
  credit: number;
  /** Of the scheduler by virtual time, in cycles of a domain of the default weight; and whether it waited when it last chose. */
  virtualTime: number;
  slept: boolean;
  /** Cycles that it has run. */
  ran: number;
  pages: number;
  readonly maxPages: number;
  sharedInfo: number;
  /** Page table of the slot with its descriptor tables, and Xen's page of the global one. */
  descriptorTable: number;
  xenDescriptors: number;
  cr3: number;
  context: Context;
  kernelStack: { selector: number; pointer: number };
  traps: (TrapHandler | null)[];
  gdtFrames: number[];
  gdtEntries: number;
  ldtBase: number;
  ldtEntries: number;
  eventCallback: Callback;
  failsafeCallback: Callback;
  /** CR0.TS as the guest has it. */
  taskSwitched: boolean;
  /** Its floating-point registers are in the unit, or were used since it last ran. */
  assists: number;
  ports: EventPort[];
  /** Nanoseconds of system time at which its timers are due; Infinity: never. */
  deadline: number;
  period: number;
  nextTick: number;
  grantFrames: number[];
  consolePage: number;
  consolePort: number;
  storePage: number;
  storePort: number;
}
