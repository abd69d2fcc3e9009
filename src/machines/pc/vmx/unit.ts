/** VMX operation: what a processor with VT-x remembers besides the VMCS. SDM vol. 3C, sections 23.1 to 23.8, 24.1. */
import type { ExitReason } from './reasons.ts';

/** No current VMCS: all ones, which VMPTRST stores. */
export const NO_VMCS = -1;

/** An event as the interruption-information fields describe it. SDM vol. 3C, table 24-14. */
export const EVENT_VALID = 1 << 31;
export const EVENT_ERROR = 1 << 11;
export const EVENT_TYPE = {
  EXTERNAL: 0,
  NMI: 2,
  HARDWARE: 3,
  SOFTWARE: 4,
  PRIVILEGED: 5,
  SOFTWARE_EXCEPTION: 6,
} as const;

/** An event on its way to the guest's handler when a VM exit came between. */
export interface Vectoring {
  readonly information: number;
  readonly error: number;
  /** Bytes of INT n, INT3, INTO or INT1; 0 of others. */
  readonly length: number;
}

/** A VM exit that has been decided on: the instruction is taken back first. */
export interface PendingExit {
  readonly reason: ExitReason;
  readonly qualification: number;
  /** Bytes of the instruction that exits, 0 if none does. */
  readonly length: number;
  readonly instructionInformation: number;
  readonly linear: number | null;
  readonly physical: number | null;
  readonly interruption: number;
  readonly error: number;
}

/** What of the controls the processor asks at every turn while a guest runs. */
export interface GuestMode {
  readonly at: number;
  readonly pin: number;
  readonly primary: number;
  readonly secondary: number;
  readonly exit: number;
  readonly entry: number;
  readonly exceptions: number;
  readonly faultMask: number;
  readonly faultMatch: number;
  readonly cr0Mask: number;
  readonly cr0Shadow: number;
  readonly cr4Mask: number;
  readonly cr4Shadow: number;
  readonly cr3Targets: readonly number[];
  readonly ioBitmaps: readonly [number, number];
  readonly msrBitmap: number;
  readonly unrestricted: boolean;
  /** Cycles added to the time-stamp counter. */
  readonly tscOffset: number;
  /** Clock at which the preemption timer reaches 0; Infinity: it does not run. */
  readonly deadline: number;
  /** Table of the first level of extended paging; −1: none. */
  readonly ept: number;
  readonly eptDirty: boolean;
  readonly vpid: number;
}

/** The fields of a structure that seldom change as they were when the checks of them last passed. */
export interface Passed {
  readonly words: Int32Array;
  readonly virtual8086: boolean;
  readonly mode: GuestMode;
}

/** Looks on at a processor that changes between host and guest. Costs the machine nothing. */
export interface VmxListener {
  /** A VM exit, or an entry that fails with its guest's state, is about to be charged: registers are still the guest's. */
  exited(reason: ExitReason): void;
  /** A VM entry has been charged. */
  entered(): void;
}

export interface VmxState {
  readonly on: boolean;
  readonly region: number;
  readonly current: number;
  /** A guest runs; the clock at which its preemption timer expires, if it runs. */
  readonly guest: { readonly at: number; readonly deadline: number } | null;
  readonly eptOf: readonly (readonly [vpid: number, ept: number])[];
  readonly references: { readonly guest: number; readonly host: number };
}

export class Vmx {
  /** Between VMXON and VMXOFF. */
  on = false;
  /** The VMXON region. */
  region = NO_VMCS;
  current = NO_VMCS;
  /** Reasons of the debug exception on its way, bits of DR6. */
  debugBits = 0;
  pending: PendingExit | null = null;
  vectoring: Vectoring | null = null;
  /** Whose extended tables the buffers' entries of each VPID come from. */
  readonly eptOf = new Map<number, number>();
  /** References to tables of nested walks: of the guest's tables, and of the host's. */
  references = { guest: 0, host: 0 };
  listener: VmxListener | null = null;
  /** By address of the structure. What is compared is its contents, so nothing is skipped that the manual demands. */
  readonly passed = new Map<number, Passed>();

  reset(): void {
    this.on = false;
    this.region = NO_VMCS;
    this.current = NO_VMCS;
    this.pending = null;
    this.vectoring = null;
    this.eptOf.clear();
    this.passed.clear();
  }
}
