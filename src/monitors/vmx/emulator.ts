/**
 * Executes what a guest's processor could not: the state moves from the VMCS to a virtual processor on the guest's
 * memory, which executes one instruction or delivers one event there, and back.
 */
import type { Cpu } from '../../machines/pc/cpu.ts';
import { EFLAGS } from '../../machines/pc/registers.ts';
import { FLAG_RF, FLAG_TF } from '../../machines/pc/eflags.ts';
import { instructionHits } from '../../machines/pc/debug.ts';
import { deliver, deliverDebug } from '../../machines/pc/interrupts.ts';
import { executeUnit } from '../../machines/pc/unit.ts';
import { BLOCKED_BY_MOV_SS, loadGuest, saveGuest, UNUSABLE } from '../../machines/pc/vmx/context.ts';
import { modeOf } from '../../machines/pc/vmx/entry.ts';
import { completeExit } from '../../machines/pc/vmx/exits.ts';
import type { PendingExit, Vectoring } from '../../machines/pc/vmx/unit.ts';
import type { FieldName } from '../../machines/pc/vmx/fields.ts';
import type { SystemPc } from '../../machines/pc/system.ts';
import type { Vmcs } from '../../machines/pc/vmx/vmcs.ts';
import type { InterruptKind } from '../../machines/pc/wiring.ts';
import type { GuestView } from './view.ts';

export const GENERAL_REGISTERS = 8;
/** A task register that holds nothing cannot be entered with: this one has a limit that lets nobody use it. */
const NO_TASK = 0x8b;
/** So few cycles that a string is cut after each of its elements. */
const ONE_ELEMENT = 1;
/** … and that it is cut where nothing is due at all. */
const LONGEST = 1_000_000;

/** Where the state of the virtual processor is while the real one executes its code. */
export interface Home {
  readonly vmcs: Vmcs;
  readonly view: GuestView;
  /** Before the state is written there and another one's was read. */
  readonly entered?: () => void;
  /** What was executed has changed the address space: the real processor's buffers may hold the old one. */
  readonly moved?: () => void;
}

/** What an emulator needs of the guest's state beyond its general registers, and what it puts back. */
const FETCHED: readonly FieldName[] = [
  ...(['GUEST_RIP', 'GUEST_RSP', 'GUEST_RFLAGS', 'GUEST_CS_ACCESS'] as const),
  ...(['GUEST_CS_BASE', 'GUEST_DS_BASE', 'GUEST_ES_BASE'] as const),
  ...(['GUEST_SS_BASE', 'GUEST_FS_BASE', 'GUEST_GS_BASE'] as const),
];
const WRITTEN: readonly FieldName[] = ['GUEST_RIP', 'GUEST_RSP', 'GUEST_RFLAGS'];

export class Emulator {
  private readonly system: SystemPc;
  private readonly real: Cpu;
  readonly virtual: Cpu;
  /** How often the guest's state has been moved here and back. */
  moves = 0;
  private readonly own: Home;
  private readonly inner: Home;

  /**
   * @param own home of the guest's state
   * @param inner home of the state while a guest of the guest's runs
   */
  constructor(system: SystemPc, [real, virtual]: readonly [Cpu, Cpu], own: Home, inner: Home = own) {
    this.system = system;
    this.real = real;
    this.virtual = virtual;
    this.own = own;
    this.inner = inner;
  }

  private get home(): Home {
    return this.virtual.guest ? this.inner : this.own;
  }

  /** Executes the instruction at the guest's EIP, its exception included. */
  one(): void {
    this.emulate(execute, Math.max(1, this.real.remaining));
  }

  /** The same without an emulator: the caller accounts for what it reads. */
  step(): void {
    this.act(execute, Math.max(1, this.real.remaining));
  }

  /** Executes up to `count` elements of the string instruction at the guest's EIP, until something else is to be done. */
  elements(count: number): void {
    this.emulate((cpu) => {
      const { eip, deliveries } = cpu;
      for (let k = 0; k < count && cpu.eip === eip && cpu.deliveries === deliveries; k++) execute(cpu);
    }, ONE_ELEMENT);
  }

  /**
   * Executes instructions one by one until something is due, the guest halts, or `done`; @param book what becomes of the
   * cycles that each of them takes
   */
  many(book: (cycles: number) => void, done: (cpu: Cpu) => boolean): void {
    const { real } = this;
    this.moved((cpu) => {
      do {
        const left = Math.min(LONGEST, Math.max(ONE_ELEMENT, real.untilEvent));
        this.begin(left);
        stepOn(cpu);
        book(Math.max(0, left - cpu.left));
      } while (real.untilEvent > 0 && !cpu.halted && cpu.shutdown === '' && !done(cpu));
    });
  }

  /** Delivers an event through the guest's tables. */
  deliver(vector: number, kind: InterruptKind, error: number): void {
    this.emulate((cpu) => {
      deliver(cpu, vector, kind, error);
    }, ONE_ELEMENT);
  }

  /** Ends an exit of the guest's own guest: its host's state is that of the processor then. */
  complete(exit: PendingExit, vectoring: Vectoring | null): void {
    this.act((cpu) => {
      const { vmcs } = this.home;
      cpu.halted = vmcs.get('GUEST_ACTIVITY') === 1;
      cpu.trapShadow = (vmcs.get('GUEST_INTERRUPTIBILITY') & BLOCKED_BY_MOV_SS) !== 0;
      cpu.vmx.pending = exit;
      cpu.vmx.vectoring = vectoring;
      completeExit(cpu);
    }, ONE_ELEMENT);
  }

  /**
   * What the hypervisor's emulator does is done by the virtual processor; the VMREADs and VMWRITEs of it are those of
   * KVM's `emulate_instruction` (Linux 2.6.20; from memory).
   */
  private emulate(work: (cpu: Cpu) => void, left: number): void {
    const { vmx } = this.system;
    for (const field of FETCHED) vmx.read(field);
    this.act(work, left);
    const { vmcs } = this.home;
    for (const field of WRITTEN) vmx.write(field, vmcs.get(field));
  }

  /** @param left cycles after which a repeated string is cut */
  private act(work: (cpu: Cpu) => void, left: number): void {
    const { real } = this;
    this.moved((cpu) => {
      this.begin(left);
      work(cpu);
      real.spend(Math.max(0, left - cpu.left));
    });
  }

  /** Devices of the virtual machine read its processor's clock. */
  synchronize(): void {
    this.begin(0);
  }

  /** Lets the virtual processor's clock say what the real one's says. */
  private begin(left: number): void {
    const { real, virtual } = this;
    virtual.left = left;
    virtual.horizon = real.clock + left;
  }

  /** With the guest's state on the virtual processor. */
  private moved(work: (cpu: Cpu) => void): void {
    const { virtual, home } = this;
    this.moves++;
    this.load(home);
    const { cr0, cr3, cr4 } = virtual;
    work(virtual);
    const next = this.home;
    if (next !== home) next.entered?.();
    else if (virtual.cr0 !== cr0 || virtual.cr3 !== cr3 || virtual.cr4 !== cr4) next.moved?.();
    this.save(next);
  }

  private load({ vmcs, view }: Home): void {
    const { real, virtual } = this;
    virtual.blocks.clear();
    virtual.flushTlbs(false);
    virtual.words.set(real.words.subarray(0, GENERAL_REGISTERS));
    virtual.dr.set(real.dr);
    virtual.msr.clear();
    for (const [register, value] of real.msr) virtual.msr.set(register, value);
    virtual.timeStampOffset = real.timeStampOffset;
    virtual.cr2 = real.cr2;
    loadGuest(virtual, vmcs, modeOf(real, vmcs));
    view.show(virtual);
    virtual.halted = false;
    virtual.shadow = (vmcs.get('GUEST_INTERRUPTIBILITY') & 3) !== 0;
    virtual.trapShadow = false;
  }

  private save({ vmcs, view }: Home): void {
    const { real, virtual } = this;
    real.words.set(virtual.words.subarray(0, GENERAL_REGISTERS));
    for (const k of [0, 1, 2, 3, 6]) real.dr[k] = virtual.dr[k]!;
    for (const [register, value] of virtual.msr) real.msr.set(register, value);
    real.timeStampOffset = virtual.timeStampOffset;
    real.cr2 = virtual.cr2;
    saveState(virtual, vmcs, real, view);
  }
}

function execute(cpu: Cpu): void {
  const flags = cpu.words[EFLAGS]!;
  cpu.shadow = false;
  cpu.words[EFLAGS] = flags & ~FLAG_RF;
  executeUnit(cpu, true, (flags & FLAG_TF) !== 0);
}

/** The same where nobody has looked at the debug registers yet. */
function stepOn(cpu: Cpu): void {
  const hits = instructionHits(cpu);
  if (hits === 0) execute(cpu);
  else deliverDebug(cpu, hits);
}

/** Writes a processor's state into the VMCS as that of the guest. */
export function saveState(from: Cpu, vmcs: Vmcs, real: Cpu, view: GuestView): void {
  saveGuest(from, vmcs, modeOf(real, vmcs));
  view.take(from);
  if ((vmcs.get('GUEST_TR_ACCESS') & UNUSABLE) !== 0) {
    vmcs.set('GUEST_TR_ACCESS', NO_TASK);
    vmcs.set('GUEST_TR_LIMIT', 0);
    vmcs.set('GUEST_TR_BASE', 0);
  }
}
