/**
 * A hypervisor in KVM's division of labour: the guest runs on the processor itself, in VMX non-root operation under
 * extended paging or, as on processors that have none, with shadow page tables; what exits is handled here, or by a
 * device model in user space at the cost of going there. An only guest has the machine's devices for its own, as its
 * device model would have them; one of several has a chipset of its own and shares the processor (`host.ts`).
 */
import type { Cpu } from '../../machines/pc/cpu.ts';
import { setA20 } from '../../machines/pc/cpu-state.ts';
import { identify } from '../../machines/pc/cpuid.ts';
import { PF } from '../../machines/pc/exceptions.ts';
import { FLAG_RESERVED } from '../../machines/pc/eflags.ts';
import type { PcEvent, PcHost, SystemPc } from '../../machines/pc/system.ts';
import { EAX, ECX } from '../../machines/pc/registers.ts';
import { EXIT_REASONS, REASON, type ExitReason } from '../../machines/pc/vmx/reasons.ts';
import { NonRootPc } from '../../machines/pc/non-root-system.ts';
import type { GuestMode } from '../../machines/pc/vmx/unit.ts';
import { Vmcs } from '../../machines/pc/vmx/vmcs.ts';
import type { DirtyLog, DirtyLogState } from './dirty-log.ts';
import type { DiskWork, DiskWorkState } from './disk-work.ts';
import { Emulator, GENERAL_REGISTERS, saveState } from './emulator.ts';
import { GuestState } from './guest-state.ts';
import { emulate, type Handling } from './handling.ts';
import { admitInterrupts } from './interrupts.ts';
import { Interpreter } from './interpreter.ts';
import { openPorts } from './io-bitmaps.ts';
import { VMCS_REGION, VMXON_REGION } from './layout.ts';
import { Nested, type NestedState } from './nested.ts';
import { accountsAt, HANDLE, type MonitorAccounts } from './paths.ts';
import { portExit, toDevice } from './port-exits.ts';
import { fillIn, HIDDEN, hostRegisters, prepare, type Paging, type Place } from './setup.ts';
import { controlExit, pageFaultExit } from './shadow-exits.ts';
import { ShadowPaging, type ShadowPagingState } from './shadow.ts';
import { ownRegisters, type GuestView } from './view.ts';

const [INVALID_OPCODE, PROTECTION] = [6, 13];
const VMX_BIT = 1 << 5;

export interface VmxMonitorState {
  readonly failure: string;
  readonly launched: boolean;
  readonly interpreted: number;
  readonly a20: boolean;
  readonly exits: readonly (readonly [ExitReason, number])[];
  readonly shadow: ShadowPagingState | null;
  readonly nested: NestedState | null;
  readonly disk: DiskWorkState | null;
  readonly log: DirtyLogState | null;
}

export class VmxMonitor implements PcHost {
  /** Why the guest cannot go on, or ''. */
  failure = '';
  private readonly system: SystemPc;
  private readonly real: Cpu;
  private readonly vmcs: Vmcs;
  private readonly emulator: Emulator;
  private exits = new Map<ExitReason, number>();
  readonly place: Place;

  /** The work with the guest's disk, where somebody asked whose it is; to be said before the start. */
  disk: DiskWork | null = null;
  /** The log of dirty pages, where one was asked for; the guest's memory is all its own without. */
  log: DirtyLog | null = null;
  /** Null under extended paging. */
  private readonly shadow: ShadowPaging | null;
  /** VT-x for the guest; null under shadow paging. */
  private readonly nested: Nested | null;
  private readonly accounts: MonitorAccounts;
  private readonly handling: Handling;
  /** Null where the processor executes real-address mode itself. */
  private readonly interpreter: Interpreter | null;
  private launched = false;
  private readonly seat: PcHost | null;
  /** The guest, where it is host software in TypeScript. */
  private inner: PcHost | null = null;

  /**
   * @param level hypervisors beneath this one
   * @param seat host software whose guest this is one of; null: the guest has the machine for itself
   */
  constructor(
    system: SystemPc,
    [real, virtual]: readonly [Cpu, Cpu],
    place: Place,
    paging: Paging,
    level = 0,
    seat: PcHost | null = null,
  ) {
    this.system = system;
    this.real = real;
    this.place = place;
    this.seat = seat;
    const { base, vpid } = place;
    this.accounts = accountsAt(level);
    this.vmcs = new Vmcs(real, base + VMCS_REGION);
    const { vmcs, accounts } = this;
    const shadowed = paging === 'shadow';
    this.shadow = shadowed ? new ShadowPaging(system, virtual, vmcs, place, accounts.shadow) : null;
    this.nested =
      shadowed || seat
        ? null
        : new Nested(system, [real, virtual], [vmcs.at, base], () => this.emulator, accounts);
    const own = {
      vmcs,
      view: this.view(virtual),
      entered: () => this.nested?.entered(),
      moved: () => {
        if (!shadowed) system.vmx.forgetSpace(vpid);
      },
    };
    this.emulator = new Emulator(system, [real, virtual], own, this.nested ?? own);
    this.handling = { system, real, guest: new GuestState(system), emulator: this.emulator, accounts };
    this.interpreter = shadowed
      ? new Interpreter(this.handling, vmcs, (port) => toDevice(this.handling, this.disk, port))
      : null;
  }

  private view(virtual: Cpu): GuestView {
    return this.shadow ?? ownRegisters(this.vmcs, virtual);
  }

  /** Writes what the guest is entered by: its state is what a processor was about to go on with. */
  ready(from: Cpu): void {
    const { real, vmcs, place } = this;
    const paging = this.shadow ? 'shadow' : 'nested';
    prepare(real, place, paging);
    for (const structure of [vmcs, ...(this.nested ? [this.nested.vmcs] : [])])
      fillIn(real, structure, place, paging);
    if (this.disk?.path.direct) openPorts(real, vmcs, place.base, this.disk.open);
    saveState(from, vmcs, real, this.view(this.emulator.virtual));
  }

  /** Takes the machine over: what it is about to execute becomes the guest's state. */
  start(): void {
    const { system, real, vmcs, accounts } = this;
    const { base } = this.place;
    this.ready(real);
    const { cr0, cr3, cr4 } = hostRegisters(base);
    system.attach(this, accounts.own);
    system.loadCr3(cr3);
    system.loadCr4(cr4);
    system.loadCr0(cr0);
    if (!system.vmx.on(base + VMXON_REGION)) {
      this.fail('VMXON was refused');
      return;
    }
    if (this.nested) system.vmx.clear(this.nested.vmcs.at);
    system.vmx.clear(vmcs.at);
    system.vmx.loadPointer(vmcs.at);
    // Interrupts are off from here on.
    system.flags = FLAG_RESERVED;
    if (this.interpreter?.needed) this.interpreter.rest();
    else this.enter();
  }

  /** Bytes of the guest's memory are about to change, by whoever stores on its behalf. */
  stored(at: number, size: number): void {
    this.shadow?.stored(at, size);
  }

  /** Whose cycles the program's will be that is about to be entered. */
  private get next(): MonitorAccounts['own'] {
    const { accounts, inner, nested } = this;
    if (nested?.inner) return accounts.guests[1];
    return inner ? accountsAt(accounts.level + 1).own : accounts.guests[0];
  }

  /** @param first entry by a structure other than the guest's own */
  private enter(first = false): void {
    const { system, launched } = this;
    this.launched = true;
    this.shadow?.follow();
    system.attach(this.seat ?? this, this.next);
    if (!system.vmx.enter(first || !launched))
      this.fail(`VM entry was refused: error ${this.handling.guest.get('INSTRUCTION_ERROR')}`);
  }

  /** Nobody interrupts the host: it runs with interrupts off. */
  interrupt(event: PcEvent): void {
    this.fail(`vector ${event.vector} in the hypervisor`);
  }

  private fail(reason: string): void {
    if (this.failure === '') this.failure = reason;
    if (!this.seat) this.system.halt();
  }

  // ---------------------------------------------------------------- exits

  exited(): void {
    if (this.exit()) this.goOn();
  }

  /** What the guest has exited for is done. False: it cannot go on. */
  exit(): boolean {
    const { system, nested, accounts } = this;
    const reason = this.handling.guest.get('EXIT_REASON');
    if (reason < 0) {
      this.fail(`VM entry failed: exit ${reason & 0xffff}`);
      return false;
    }
    const basic = reason as ExitReason;
    this.exits.set(basic, (this.exits.get(basic) ?? 0) + 1);
    system.work(accounts.emulation, HANDLE);
    this.disk?.exited(basic);
    const inner = nested?.inner;
    if (nested && inner) this.handleInner(basic, nested, inner);
    else this.handle(basic);
    this.disk?.answered();
    this.log?.turn();
    this.failure ||= this.emulator.virtual.shutdown;
    return true;
  }

  /** An exit of the guest's guest: this hypervisor's, or that of the guest. */
  private handleInner(reason: ExitReason, nested: Nested, inner: GuestMode): void {
    if (nested.concerns(reason, inner)) {
      nested.reflect(reason);
      return;
    }
    if (reason !== REASON.EPT_VIOLATION) {
      this.handle(reason);
      return;
    }
    const found = nested.violation(inner);
    if (found === 'device') emulate(this.handling);
    else if (found === 'filled') this.handling.guest.reinject();
  }

  private handle(reason: ExitReason): void {
    const { handling, shadow } = this;
    const { guest } = handling;
    switch (reason) {
      case REASON.EXTERNAL_INTERRUPT:
      case REASON.INTERRUPT_WINDOW:
        return;
      case REASON.TRIPLE_FAULT:
        this.failure = 'triple fault';
        return;
      case REASON.HLT:
        guest.skip();
        guest.halt();
        return;
      case REASON.INVD:
        guest.skip();
        return;
      case REASON.IO:
        portExit(handling, this.disk);
        return;
      case REASON.CPUID:
        this.identify();
        return;
      case REASON.RDMSR:
      case REASON.WRMSR:
        if (shadow && HIDDEN.includes(this.real.words[ECX]!)) guest.inject(PROTECTION, 0);
        else emulate(handling);
        return;
      case REASON.EXCEPTION_OR_NMI:
        if (shadow && (guest.get('EXIT_INTERRUPTION') & 0xff) === PF) pageFaultExit(handling, shadow);
        else emulate(handling);
        return;
      case REASON.CONTROL_REGISTER:
        if (shadow) controlExit(handling, shadow);
        else emulate(handling);
        return;
      case REASON.EPT_VIOLATION:
        if (this.log?.violated(guest.get('GUEST_PHYSICAL_ADDRESS'))) guest.reinject();
        else emulate(handling);
        return;
      case REASON.TASK_SWITCH:
      case REASON.EPT_MISCONFIGURATION:
        emulate(handling);
        return;
      default:
        // The instructions of VT-x: under shadow paging the guest's processor has none.
        if (this.nested) this.nested.instruction(reason);
        else guest.inject(INVALID_OPCODE, -1);
    }
  }

  /** What the processor says of itself; of VT-x only where the guest has it. */
  private identify(): void {
    const { real } = this;
    const { virtual } = this.emulator;
    const leaf = real.words[EAX]!;
    virtual.words.set(real.words.subarray(0, GENERAL_REGISTERS));
    identify(virtual);
    real.words.set(virtual.words.subarray(0, GENERAL_REGISTERS));
    if (leaf === 1 && this.shadow) real.words[ECX]! &= ~VMX_BIT;
    this.handling.guest.skip();
  }

  // ---------------------------------------------------------------- and back

  /** Line A20 is the guest's where the hypervisor's tables can follow it; under extended paging it stays up, as KVM's. */
  a20(enabled: boolean): void {
    const { shadow, inner, emulator } = this;
    inner?.a20?.(enabled);
    if (!shadow) return;
    setA20(emulator.virtual, enabled);
    shadow.purge();
  }

  /** The rest is over that executing the guest's code takes now and then: this hypervisor's, or that of the guest. */
  goesOn(): void {
    const { inner, interpreter } = this;
    if (!interpreter) inner?.goesOn?.();
    else {
      interpreter.run();
      this.goOn();
    }
  }

  /** The guest's code has to be executed for it, a stretch at a time. */
  get interprets(): boolean {
    return this.interpreter?.needed ?? false;
  }
  interpret(): void {
    this.interpreter?.run();
    this.failure ||= this.emulator.virtual.shutdown;
  }
  /** What a guest that has executed HLT waits for; '': it has not. */
  get waits(): '' | 'for an interrupt' | 'for ever' {
    const { guest, emulator } = this.handling;
    if (!guest.halted) return '';
    if (!guest.interruptsOn) return 'for ever';
    return emulator.virtual.interruptWaits() ? '' : 'for an interrupt';
  }
  /** Devices of the guest's own read its processor's clock. */
  synchronize(): void {
    this.emulator.synchronize();
  }

  private goOn(): void {
    this.failure ||= this.emulator.virtual.shutdown;
    if (this.failure !== '') this.fail(this.failure);
    else if (this.interpreter?.needed) this.interpreter.rest();
    else this.resume();
  }

  /** The guest goes on, with the interrupt that waits for it. */
  resume(): void {
    const { nested, handling, disk, seat } = this;
    // The guest may have devices whose interrupts need nobody's help.
    admitInterrupts(handling, nested, disk?.path.exitless ? 'exitless' : seat ? 'virtual' : 'machine');
    this.enter(nested?.wind());
    this.tell();
  }

  /** The guest's hypervisor has been entered with an exit: it begins to run. */
  private tell(): void {
    const { nested, inner } = this;
    if (!nested?.exited) return;
    nested.exited = false;
    inner?.exited?.();
  }

  // ---------------------------------------------------------------- for others

  /** The guest as a machine for host software in TypeScript, which takes it over as this one has taken over its own. */
  machine(operations: number): SystemPc {
    return new NonRootPc(this.real, operations, (host) => {
      this.inner = host;
    });
  }

  /** Exits by name. */
  report(): Readonly<Record<string, number>> {
    const exits = [...this.exits].map(([reason, count]) => [EXIT_REASONS[reason], count] as const);
    const interpreted = this.interpreter?.count ?? 0;
    return {
      ...Object.fromEntries(exits),
      ...(interpreted > 0 && { 'instructions interpreted': interpreted }),
      ...this.nested?.report(),
      ...this.disk?.report(),
    };
  }
  save(): VmxMonitorState {
    const { failure, launched, shadow, nested, disk, log } = this;
    const exits = [...this.exits];
    const parts = { nested: nested?.save() ?? null, disk: disk?.save() ?? null, log: log?.save() ?? null };
    const interpreted = this.interpreter?.count ?? 0;
    const a20 = this.emulator.virtual.a20Mask === -1;
    return { failure, launched, interpreted, a20, exits, shadow: shadow?.save() ?? null, ...parts };
  }
  restore(state: VmxMonitorState): void {
    this.failure = state.failure;
    this.launched = state.launched;
    this.interpreter?.restore(state.interpreted);
    setA20(this.emulator.virtual, state.a20);
    this.exits = new Map(state.exits);
    if (state.shadow) this.shadow?.restore(state.shadow);
    if (state.nested) this.nested?.restore(state.nested);
    if (state.disk) this.disk?.restore(state.disk);
    if (state.log) this.log?.restore(state.log);
    // Whose the cycles are is no part of the processor's state: the program that goes on may be another's guest.
    if (!this.seat) this.take(this);
  }

  /** Goes on as before in the host's place; whose the cycles are that the processor is about to spend. */
  take(host: PcHost): void {
    this.system.attach(host, this.launched ? this.next : this.accounts.own);
  }
}
