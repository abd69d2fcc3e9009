/**
 * Virtual-machine assist: microcode that does some privileged operations of a virtual machine without its control
 * program. Control register 6 switches it on, by function, and points at the block that the two share. GA22-7074,
 * "Virtual-Machine Assist and Shadow-Table-Bypass Assist"; the expanded assist of ECPS:VM after SY20-0886.
 *
 * SIMPLIFIED: the expanded assist's further cases of LPSW, SSM, STNSM and STOSM are not told apart in what was at hand
 * and are left out; so is shadow-table bypass.
 */
import type { Cpu } from '../cpu.ts';
import {
  ASSIST_ON,
  AssistBlock,
  EXPANDED_ASSIST,
  NO_KEY_ASSIST,
  NO_SHADOW_ASSIST,
  NO_SVC_ASSIST,
  SYSTEM_360_ONLY,
  TIMER_ASSIST,
  VIRTUAL_PROBLEM_STATE,
} from './block.ts';
import * as psw from './psw-operations.ts';
import * as storage from './storage-operations.ts';
import * as timing from './timing-operations.ts';

/** What the machine has: nothing, VM assist (1974), or VM assist expanded by ECPS:VM (1976). */
export const ASSIST_LEVELS = ['none', 'vma', 'ecps'] as const;
export type AssistLevel = (typeof ASSIST_LEVELS)[number];

/** One assisted operation. */
interface Operation {
  /** Does it; false, with nothing changed, leaves it to the control program. */
  readonly run: (block: AssistBlock, word: number) => boolean;
  /** Bits of control register 6 any of which inhibits it. */
  readonly inhibitedBy: number;
  /** Belongs to the expanded assist. */
  readonly expanded?: true;
}

const SVC = 0x0a;
/** A System/370 operation: not for virtual machines that are System/360s. */
const system370 = (run: Operation['run']): Operation => ({
  run,
  inhibitedBy: VIRTUAL_PROBLEM_STATE | SYSTEM_360_ONLY,
});
const expanded = (run: Operation['run']): Operation => ({ ...system370(run), expanded: true });

const OPERATIONS: ReadonlyMap<number, Operation> = new Map([
  [SVC, { run: psw.supervisorCall, inhibitedBy: NO_SVC_ASSIST }],
  [0x82, { run: psw.loadPsw, inhibitedBy: VIRTUAL_PROBLEM_STATE }],
  [0x80, { run: psw.setSystemMask, inhibitedBy: VIRTUAL_PROBLEM_STATE }],
  [0x08, { run: storage.setStorageKey, inhibitedBy: VIRTUAL_PROBLEM_STATE | NO_KEY_ASSIST }],
  [0x09, { run: storage.insertStorageKey, inhibitedBy: VIRTUAL_PROBLEM_STATE | NO_KEY_ASSIST }],
  [0xac, system370(psw.storeThenAnd)],
  [0xad, system370(psw.storeThenOr)],
  [0xb1, system370(storage.loadRealAddress)],
  [0xb6, system370(storage.storeControl)],
  [0xb20a, system370(psw.setPswKey)],
  [0xb20b, system370(psw.insertPswKey)],
  [
    0xb213,
    {
      run: storage.resetReferenceBit,
      inhibitedBy: VIRTUAL_PROBLEM_STATE | SYSTEM_360_ONLY | NO_KEY_ASSIST,
    },
  ],
  [0xb20d, expanded(storage.purgeTlb)],
  [0xb208, expanded(timing.setCpuTimer)],
  [0xb209, expanded(timing.storeCpuTimer)],
  [0xb206, expanded(timing.setClockComparator)],
  [0x9f00, { run: timing.testChannel, inhibitedBy: VIRTUAL_PROBLEM_STATE, expanded: true }],
]);

/** The key of an instruction in `OPERATIONS`. */
function operationCode(word: number): number {
  const first = word >>> 24;
  if (first === 0xb2) return word >>> 16;
  return first === 0x9f ? (word >>> 16) & 0xff01 : first;
}

export class VmAssist {
  readonly level: Exclude<AssistLevel, 'none'>;
  readonly block: AssistBlock;
  private readonly cpu: Cpu;

  constructor(cpu: Cpu, level: Exclude<AssistLevel, 'none'>) {
    this.cpu = cpu;
    this.level = level;
    this.block = new AssistBlock(cpu);
  }

  /** Whether control register 6 lets the expanded assist act. */
  private get expanded(): boolean {
    return this.level === 'ecps' && (this.cpu.cr[6]! & EXPANDED_ASSIST) !== 0;
  }

  /** Tries to do the operation that `word` begins with; false leaves it to the control program. */
  attempt(word: number): boolean {
    const { cpu } = this;
    const control = cpu.cr[6]!;
    if ((control & ASSIST_ON) === 0) return false;
    const operation = OPERATIONS.get(operationCode(word));
    if (!operation || (control & operation.inhibitedBy) !== 0) return false;
    if (operation.expanded && !this.expanded) return false;
    if (!operation.run(this.block, word)) return false;
    this.charge();
    cpu.onAssist?.(word);
    return true;
  }

  /** A translation of the virtual machine has failed at `virtual`; true: the shadow entry is there now. */
  validate(virtual: number): boolean {
    const { cpu } = this;
    const control = cpu.cr[6]!;
    if (!cpu.problemState || (control & ASSIST_ON) === 0 || (control & NO_SHADOW_ASSIST) !== 0) return false;
    if (!storage.validateShadowEntry(this.block, virtual)) return false;
    this.charge();
    return true;
  }

  /** The machine's interval timer has made `ticks` steps since power-on. */
  tick(ticks: number): void {
    const { cpu } = this;
    const wanted = ASSIST_ON | TIMER_ASSIST;
    if (this.level !== 'ecps' || !cpu.problemState || (cpu.cr[6]! & wanted) >>> 0 !== wanted >>> 0) return;
    timing.tickVirtualTimer(this.block, ticks);
  }

  private charge(): void {
    this.block.spend(this.cpu.costs.assist, 1);
  }
}
