/**
 * Path lengths of CP: how many instructions its paths take, as a control program in System/370 code would execute them.
 *
 * No listing of VM/370 with counted paths was at hand. The figures are estimates, chosen so that a guest that is rich in
 * privileged operations comes out in the range reported for CP-67 and early VM/370 (elapsed times of 1.35 to 2.7
 * times the bare machine's for batch work; L. Wheeler, SHARE 1968; down to 21 % of native speed in the worst cases;
 * P. H. Gum, IBM J. R&D 27(6), 1983). They are marked so and never used to validate those figures.
 */
import type { Reason } from '../../accounting/vocabulary.ts';
import type { Certainty } from '../../accounting/cost.ts';

export interface Path {
  readonly instructions: number;
  readonly reason: Reason;
  readonly source: string;
  readonly certainty: Certainty;
}

const estimate = (instructions: number, reason: Reason): Path => ({
  instructions,
  reason,
  source: 'estimate within the reported range of CP overheads',
  certainty: 'estimate',
});

export const PATHS = {
  /** First-level interruption handler: save registers and PSW into the VMBLOK. */
  entry: estimate(30, 'emulation'),
  /** Dispatcher: choose, load registers, timer and PSW. */
  dispatch: estimate(70, 'scheduling'),
  /** Scheduler: end of a time slice, change of queue. */
  schedule: estimate(140, 'scheduling'),
  /** DMKPRV: fetch and decode the instruction, check the virtual state. */
  decode: estimate(45, 'emulation'),
  loadPsw: estimate(60, 'emulation'),
  systemMask: estimate(35, 'emulation'),
  control: estimate(65, 'emulation'),
  storageKey: estimate(45, 'emulation'),
  realAddress: estimate(60, 'emulation'),
  timing: estimate(60, 'emulation'),
  identity: estimate(30, 'emulation'),
  diagnose: estimate(110, 'emulation'),
  /** Swap of virtual PSWs for an interruption of the guest. */
  reflect: estimate(75, 'reflection'),
  /** PTLB and kin: invalidate the shadow tables, plus `shadowEntry` for each entry that was valid. */
  shadowPurge: estimate(60, 'shadow'),
  shadowEntry: estimate(4, 'shadow'),
  /** Validate one shadow entry after a fault. */
  shadowFault: estimate(120, 'shadow'),
  /** Page fault of CP's own virtual storage: select a frame, queue the transfer. */
  pageFault: estimate(180, 'paging'),
  pageTransfer: estimate(150, 'paging'),
  /** DMKVIO and DMKIOS: virtual SIO without its CCWs. */
  startIo: estimate(380, 'input-output'),
  /** DMKCCW: translate one CCW, lock its pages. */
  translateCcw: estimate(130, 'input-output'),
  testIo: estimate(90, 'input-output'),
  /** Real I/O interruption: find the task, translate the CSW back, unlock. */
  ioInterruption: estimate(260, 'input-output'),
  /** One simulated CCW of a virtual console or spooled device. */
  simulateCcw: estimate(220, 'input-output'),
  command: estimate(2500, 'command'),
} as const;
export type PathName = keyof typeof PATHS;

/** Microinstructions, in cycles, of one assisted operation: about a tenth of CP's path (10:1; see the chapter). */
export const ASSIST_CYCLES_DIVISOR = 10;
