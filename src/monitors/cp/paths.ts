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
  /** ECPS:VM does it in microcode, where the machine has it. */
  readonly microcode?: true;
}

const estimate = (instructions: number, reason: Reason): Path => ({
  instructions,
  reason,
  source: 'estimate within the reported range of CP overheads',
  certainty: 'estimate',
});

/** A path that SY20-0886 names among the control-program assists of ECPS:VM. */
const microcode = (instructions: number, reason: Reason): Path => ({
  ...estimate(instructions, reason),
  microcode: true,
});

export const PATHS = {
  /** First-level interruption handler: save registers and PSW into the VMBLOK. */
  entry: estimate(30, 'emulation'),
  /** Dispatcher (DMKDSP): choose, load registers, timer and PSW. */
  dispatch: microcode(70, 'scheduling'),
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
  /** PTLB and kin (DMKVAT): invalidate the shadow tables, plus `shadowEntry` for each entry that was valid. */
  shadowPurge: microcode(60, 'shadow'),
  shadowEntry: microcode(4, 'shadow'),
  /** Validate one shadow entry after a fault. */
  shadowFault: estimate(120, 'shadow'),
  /** Page fault of CP's own virtual storage: select a frame, queue the transfer. */
  pageFault: estimate(180, 'paging'),
  pageTransfer: estimate(150, 'paging'),
  /** DMKVIO and DMKIOS: virtual SIO without its CCWs. */
  startIo: estimate(320, 'input-output'),
  /** DMKSCN: find the blocks of a virtual and a real device. */
  findBlocks: microcode(60, 'input-output'),
  /** DMKCCW: translate one CCW, lock its pages. */
  translateCcw: microcode(130, 'input-output'),
  testIo: estimate(90, 'input-output'),
  /** Real I/O interruption: find the task, translate the CSW back. */
  ioInterruption: estimate(180, 'input-output'),
  /** DMKUNT: unlock the pages of a channel program, free its CCWs. */
  untranslateCcw: microcode(80, 'input-output'),
  /** One simulated CCW of a virtual console or spooled device. */
  simulateCcw: estimate(220, 'input-output'),
  command: estimate(2500, 'command'),
} as const;
export type PathName = keyof typeof PATHS;

/**
 * A path in microcode takes a tenth of its cycles: the ratio that L. Wheeler gives for ECPS on the 370/138 and 148
 * (IBM-MAIN, 2007). Which share of CP's time that saves is for the runs to show.
 */
export const MICROCODE_RATIO = 10;
