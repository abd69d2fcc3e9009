/**
 * VT-x for the guest: it may be a hypervisor itself. Three control structures belong to that. The guest writes the one of
 * its own guest (VMCS12); ours are that of the guest (VMCS01) and one merged of both (VMCS02), by which its guest really
 * runs, for the processor knows one level only. What exits there is ours, or goes on to the guest as the exit that its
 * processor would have made. Ben-Yehuda et al., "The Turtles Project", OSDI 2010, section 3.
 *
 * The guest's processor is the virtual one: it executes the instructions of VT-x on the guest's memory, checks included.
 */
import type { Cpu } from '../../machines/pc/cpu.ts';
import { VM_EXIT } from '../../machines/pc/exceptions.ts';
import { STATUS_FLAGS } from '../../machines/pc/eflags.ts';
import { FETCH, READ, WRITE } from '../../machines/pc/physical.ts';
import { ESP, FAULT } from '../../machines/pc/registers.ts';
import type { SystemPc } from '../../machines/pc/system.ts';
import { EXIT, PIN, PRIMARY, SECONDARY, TIMER_SHIFT } from '../../machines/pc/vmx/controls.ts';
import { nestedPage, type NestedPage } from '../../machines/pc/vmx/ept.ts';
import { saveVmx, restoreVmx } from '../../machines/pc/vmx/state.ts';
import { portWatched } from '../../machines/pc/vmx/intercepts.ts';
import { EXIT_REASONS, REASON, type ExitReason } from '../../machines/pc/vmx/reasons.ts';
import {
  EVENT_TYPE,
  EVENT_VALID,
  NO_VMCS,
  type GuestMode,
  type PendingExit,
  type VmxState,
} from '../../machines/pc/vmx/unit.ts';
import type { FieldName } from '../../machines/pc/vmx/fields.ts';
import { Vmcs } from '../../machines/pc/vmx/vmcs.ts';
import { readField, writeField } from '../../machines/pc/instructions/vmx.ts';
import type { Emulator, Home } from './emulator.ts';
import { MergedTables } from './extended-tables.ts';
import { EPT_TOP, MERGED_VMCS } from './layout.ts';
import type { MonitorAccounts } from './paths.ts';
import { ACCESS, FILL, MERGE, REFLECT } from './paths.ts';
import { EPT_FOUR_LEVELS } from './setup.ts';

/** VPID of the guest's guests. */
const INNER_VPID = 2;
/** In the information of VMREAD and VMWRITE: the operand is a register. */
const REGISTER = 1 << 10;
/** In the qualification of an EPT violation. */
const [STORES, FETCHES, LINEAR_VALID, FINAL] = [1 << 1, 1 << 2, 1 << 7, 1 << 8];

const NOTHING = {
  qualification: 0,
  length: 0,
  instructionInformation: 0,
  linear: null,
  physical: null,
  error: 0,
} as const;

/** Controls that the guest's guest runs by as the guest's hypervisor has set them. */
const TAKEN_OVER = [
  'EXCEPTION_BITMAP',
  'PAGE_FAULT_MASK',
  'PAGE_FAULT_MATCH',
  'CR0_MASK',
  'CR0_SHADOW',
  'CR4_MASK',
  'CR4_SHADOW',
  'CR3_TARGET_COUNT',
  'CR3_TARGET_0',
  'CR3_TARGET_1',
  'CR3_TARGET_2',
  'CR3_TARGET_3',
  'TSC_OFFSET',
] as const satisfies readonly FieldName[];

export interface NestedState {
  readonly processor: VmxState;
  readonly launched: boolean;
  readonly tables: number;
  readonly pointer: number;
  readonly vpid: number;
  readonly entries: number;
  readonly exits: readonly (readonly [ExitReason, number])[];
}

export class Nested implements Home {
  readonly vmcs: Vmcs;
  /** The guest's guest sees its registers as they are. */
  readonly view = { show: (): void => undefined, take: (): void => undefined };
  /** The guest's hypervisor has been given an exit that it has not heard of yet. */
  exited = false;
  private readonly system: SystemPc;
  private readonly real: Cpu;
  private readonly virtual: Cpu;
  private readonly own: number;
  private readonly emulator: () => Emulator;
  private readonly accounts: MonitorAccounts;
  private readonly tables: MergedTables;
  /** The merged structure has been launched. */
  private launched = false;
  /** Extended tables and VPID of the guest's that ours stand for. */
  private pointer = -1;
  private vpid = 0;
  private entries = 0;
  private exits = new Map<ExitReason, number>();
  private readonly base: number;

  /** @param own address of the guest's own VMCS; @param base of the hypervisor's memory */
  constructor(
    system: SystemPc,
    [real, virtual]: readonly [Cpu, Cpu],
    [own, base]: readonly [number, number],
    emulator: () => Emulator,
    accounts: MonitorAccounts,
  ) {
    [this.system, this.real, this.virtual, this.own, this.base] = [system, real, virtual, own, base];
    this.emulator = emulator;
    this.accounts = accounts;
    this.vmcs = new Vmcs(real, base + MERGED_VMCS);
    this.tables = new MergedTables(system, base);
    virtual.vmx.listener = {
      exited: (reason) => {
        this.exits.set(reason, (this.exits.get(reason) ?? 0) + 1);
        this.exited = true;
      },
      entered: () => {
        this.entries++;
      },
    };
  }

  private get(name: FieldName): number {
    return this.system.vmx.read(name);
  }
  private set(name: FieldName, value: number): void {
    this.system.vmx.write(name, value);
  }

  /** The guest's guest runs, by these controls of the guest's; null: the guest itself. */
  get inner(): GuestMode | null {
    return this.virtual.guest;
  }

  // ---------------------------------------------------------------- what the guest's hypervisor does

  /** An instruction of VT-x. */
  instruction(reason: ExitReason): void {
    const { system, accounts } = this;
    if ((reason === REASON.VMREAD || reason === REASON.VMWRITE) && this.access(reason)) return;
    this.emulator().step();
    if (this.inner) {
      system.work(accounts.emulation, MERGE);
      return;
    }
    if (reason === REASON.INVEPT) this.forget();
    if (reason === REASON.INVVPID) system.vmx.forgetSpace(INNER_VPID);
  }

  /** VMREAD and VMWRITE between registers, as often as not a dozen in a row. False: the operand is in memory. */
  private access(reason: ExitReason): boolean {
    const { real, virtual } = this;
    const information = this.get('EXIT_INSTRUCTION_INFORMATION');
    const vmcs = virtual.vmx.current;
    if ((information & REGISTER) === 0 || !virtual.vmx.on || vmcs === NO_VMCS) return false;
    if (((this.get('GUEST_SS_ACCESS') >>> 5) & 3) !== 0) return false;
    const [operand, encoding] = [(information >>> 3) & 7, (information >>> 28) & 7];
    if (reason === REASON.VMREAD) {
      const value = readField(virtual, new Vmcs(virtual, vmcs), this.register(encoding));
      if (value === undefined) return false;
      if (operand === ESP) this.set('GUEST_RSP', value);
      else real.words[operand] = value;
    } else if (writeField(virtual, new Vmcs(virtual, vmcs), this.register(encoding), this.register(operand)))
      return false;
    this.system.work(this.accounts.emulation, ACCESS);
    this.set('GUEST_RFLAGS', this.get('GUEST_RFLAGS') & ~STATUS_FLAGS);
    this.set('GUEST_RIP', (this.get('GUEST_RIP') + this.get('EXIT_INSTRUCTION_LENGTH')) | 0);
    this.set('GUEST_INTERRUPTIBILITY', this.get('GUEST_INTERRUPTIBILITY') & ~3);
    return true;
  }

  private register(number: number): number {
    return number === ESP ? this.get('GUEST_RSP') : this.real.words[number]!;
  }

  private forget(): void {
    this.tables.clear();
    this.system.vmx.forgetSpace(INNER_VPID);
  }

  moved(): void {
    this.system.vmx.forgetSpace(INNER_VPID);
  }

  // ---------------------------------------------------------------- entries

  /** The virtual processor has entered its guest: the real one does so by controls merged of both. */
  entered(): void {
    const { system, inner, virtual } = this;
    if (!inner) {
      system.vmx.loadPointer(this.own);
      return;
    }
    const vmcs = new Vmcs(virtual, inner.at);
    system.vmx.loadPointer(this.vmcs.at);
    this.merge(inner, vmcs);
    if (inner.ept >= 0 && inner.ept !== this.pointer) {
      this.pointer = inner.ept;
      this.forget();
    }
    if (inner.vpid === 0 || inner.vpid !== this.vpid) system.vmx.forgetSpace(INNER_VPID);
    this.vpid = inner.vpid;
  }

  private merge(inner: GuestMode, vmcs: Vmcs): void {
    const { system, base } = this;
    const bitmap =
      (inner.primary & PRIMARY.USE_MSR_BITMAPS) !== 0 && inner.msrBitmap >>> 0 < base
        ? PRIMARY.USE_MSR_BITMAPS
        : 0;
    const primary = inner.primary & ~(PRIMARY.USE_IO_BITMAPS | PRIMARY.USE_MSR_BITMAPS);
    this.set('PIN_CONTROLS', inner.pin | PIN.EXTERNAL_INTERRUPT_EXITING);
    this.set(
      'PRIMARY_CONTROLS',
      primary | bitmap | PRIMARY.HLT_EXITING | PRIMARY.UNCONDITIONAL_IO_EXITING | PRIMARY.SECONDARY,
    );
    this.set('SECONDARY_CONTROLS', inner.secondary | SECONDARY.EPT | SECONDARY.VPID);
    this.set('VPID', INNER_VPID);
    this.set('EPT_POINTER', (inner.ept < 0 ? base + EPT_TOP : this.tables.at) | EPT_FOUR_LEVELS);
    this.set('MSR_BITMAP', inner.msrBitmap);
    for (const name of TAKEN_OVER) this.set(name, vmcs.get(name));
    system.vmx.writeHigh('TSC_OFFSET', vmcs.high('TSC_OFFSET'));
  }

  /** Before the guest's guest goes on: what is left on its preemption timer. True: VMLAUNCH brings it on. */
  wind(): boolean {
    const { inner, launched } = this;
    if (!inner) return false;
    this.launched = true;
    if (inner.deadline === Infinity) return !launched;
    const left = Math.ceil((inner.deadline - this.system.clock) / 2 ** TIMER_SHIFT);
    this.set('PREEMPTION_TIMER', Math.max(0, left) | 0);
    return !launched;
  }

  // ---------------------------------------------------------------- exits

  /** External interrupts exit to the guest's hypervisor. */
  get wantsInterrupts(): boolean {
    return this.inner !== null && (this.inner.pin & PIN.EXTERNAL_INTERRUPT_EXITING) !== 0;
  }
  /** It waits for the moment at which its guest can be interrupted. */
  get wantsWindow(): boolean {
    return this.inner !== null && (this.inner.primary & PRIMARY.INTERRUPT_WINDOW_EXITING) !== 0;
  }

  /** Whether an exit of the guest's guest is its hypervisor's; violations of extended tables are looked at first. */
  concerns(reason: ExitReason, inner: GuestMode): boolean {
    const { virtual } = this;
    switch (reason) {
      case REASON.EXTERNAL_INTERRUPT:
      case REASON.EPT_VIOLATION:
      case REASON.EPT_MISCONFIGURATION:
        return false;
      case REASON.INTERRUPT_WINDOW:
        return this.wantsWindow;
      case REASON.HLT:
        return (inner.primary & PRIMARY.HLT_EXITING) !== 0;
      case REASON.IO: {
        const qualification = this.get('EXIT_QUALIFICATION');
        return portWatched(virtual, inner, qualification >>> 16, (qualification & 7) + 1);
      }
      default:
        return true;
    }
  }

  /** Hands an exit on as it came. */
  reflect(reason: ExitReason): void {
    this.complete({
      reason,
      qualification: this.get('EXIT_QUALIFICATION'),
      length: this.get('EXIT_INSTRUCTION_LENGTH'),
      instructionInformation: this.get('EXIT_INSTRUCTION_INFORMATION'),
      linear: this.get('GUEST_LINEAR_ADDRESS'),
      physical: null,
      interruption: this.get('EXIT_INTERRUPTION'),
      error: this.get('EXIT_ERROR_CODE'),
    });
  }

  /** An interrupt waits that the guest's hypervisor wants: its guest exits. */
  interrupt(inner: GuestMode): void {
    const { system } = this;
    const acknowledged = (inner.exit & EXIT.ACKNOWLEDGE) !== 0;
    const interruption = acknowledged ? EVENT_VALID | (EVENT_TYPE.EXTERNAL << 8) | system.acknowledge() : 0;
    this.complete({ ...NOTHING, reason: REASON.EXTERNAL_INTERRUPT, interruption });
  }

  private complete(exit: PendingExit): void {
    const information = this.get('IDT_VECTORING');
    const vectoring =
      (information & EVENT_VALID) !== 0 && exit.reason !== REASON.EXTERNAL_INTERRUPT
        ? { information, error: this.get('IDT_VECTORING_ERROR'), length: exit.length }
        : null;
    this.system.work(this.accounts.emulation, REFLECT);
    this.emulator().complete(exit, vectoring);
  }

  /**
   * A page of the guest's guest that the merged tables do not have: filled from both, or an exit for the guest.
   * `device`: it leads to what is no memory of the guest's.
   */
  violation(inner: GuestMode): 'filled' | 'reflected' | 'device' {
    if (inner.ept < 0) return 'device';
    const { virtual, system, accounts } = this;
    const qualification = this.get('EXIT_QUALIFICATION');
    const physical = this.get('GUEST_PHYSICAL_ADDRESS');
    const valid = (qualification & LINEAR_VALID) !== 0;
    const access = (qualification & STORES) !== 0 ? WRITE : (qualification & FETCHES) !== 0 ? FETCH : READ;
    const linear = valid ? this.get('GUEST_LINEAR_ADDRESS') : null;
    const final = (qualification & FINAL) !== 0;
    system.work(accounts.shadow, FILL);
    let page: NestedPage;
    try {
      page = nestedPage(virtual, inner, physical, { access, linear, final });
    } catch (fault) {
      if (fault !== FAULT || virtual.faultVector !== VM_EXIT) throw fault;
      this.complete(virtual.vmx.pending!);
      return 'reflected';
    }
    if (page.frame >>> 0 >= this.base) return 'device';
    this.tables.enter(physical, page);
    return 'filled';
  }

  // ---------------------------------------------------------------- for others

  /** VM entries of the guest's own that succeeded, and exits that its hypervisor has been given. */
  report(): Readonly<Record<string, number>> {
    return {
      ...(this.entries > 0 && { 'entries to its guest': this.entries }),
      ...Object.fromEntries(
        [...this.exits].map(([reason, n]) => [`${EXIT_REASONS[reason]} to its hypervisor`, n]),
      ),
    };
  }

  save(): NestedState {
    const { launched, pointer, vpid, entries } = this;
    const common = { launched, pointer, vpid, entries };
    return {
      processor: saveVmx(this.virtual),
      tables: this.tables.save(),
      exits: [...this.exits],
      ...common,
    };
  }
  /** Memory has been restored before. */
  restore(state: NestedState): void {
    restoreVmx(this.virtual, state.processor);
    this.tables.restore(state.tables);
    this.exits = new Map(state.exits);
    ({ launched: this.launched, pointer: this.pointer, vpid: this.vpid, entries: this.entries } = state);
  }
}
