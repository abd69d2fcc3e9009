/**
 * A hypervisor in KVM's division of labour: the guest runs on the processor itself, in VMX non-root operation under
 * extended paging or, as on processors that have none, with shadow page tables; what exits is handled here, or by a device model in user space at the cost of going there. The one
 * guest has the machine's devices for its own, as its device model would have them.
 */
import type { Cpu } from '../../machines/pc/cpu.ts';
import { identify } from '../../machines/pc/cpuid.ts';
import { FLAG_DF, FLAG_IF } from '../../machines/pc/eflags.ts';
import { PAGE } from '../../machines/pc/memory.ts';
import type { PcEvent, PcHost, SystemPc } from '../../machines/pc/system.ts';
import { CR0_PE, EAX, ECX, EDI, ESI, ESP } from '../../machines/pc/registers.ts';
import { PIN, PRIMARY } from '../../machines/pc/vmx/controls.ts';
import { EXIT_REASONS, REASON, type ExitReason } from '../../machines/pc/vmx/reasons.ts';
import { NonRootPc } from '../../machines/pc/non-root-system.ts';
import { EVENT_ERROR, EVENT_TYPE, EVENT_VALID, type GuestMode } from '../../machines/pc/vmx/unit.ts';
import type { FieldName } from '../../machines/pc/vmx/fields.ts';
import { Vmcs } from '../../machines/pc/vmx/vmcs.ts';
import type { DirtyLog, DirtyLogState } from './dirty-log.ts';
import type { DiskWork, DiskWorkState } from './disk-work.ts';
import { Emulator, GENERAL_REGISTERS, saveState } from './emulator.ts';
import { openPorts } from './io-bitmaps.ts';
import { VMCS_REGION, VMXON_REGION } from './layout.ts';
import { Nested, type NestedState } from './nested.ts';
import { accountsAt, EMULATE, HANDLE, USER_SPACE, type MonitorAccounts } from './paths.ts';
import { fillIn, GUEST_VPID, HIDDEN, hostRegisters, prepare, type Paging } from './setup.ts';
import { ShadowPaging, type ShadowState } from './shadow.ts';
import { ownRegisters, type GuestView } from './view.ts';

const [INVALID_OPCODE, PROTECTION] = [6, 13];
const VMX_BIT = 1 << 5;
const HLT = 1;
/** Bits of the qualification of a port access. */
const [INPUT, STRING] = [1 << 3, 1 << 4];

export interface VmxMonitorState {
  readonly failure: string;
  readonly exits: readonly (readonly [ExitReason, number])[];
  readonly shadow: ShadowState | null;
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
  private readonly base: number;

  /** The work with the guest's disk, where somebody asked whose it is; to be said before the start. */
  disk: DiskWork | null = null;
  /** The log of dirty pages, where one was asked for; the guest's memory is all its own without. */
  log: DirtyLog | null = null;
  /** Null under extended paging. */
  private readonly shadow: ShadowPaging | null;
  /** VT-x for the guest; null under shadow paging. */
  private readonly nested: Nested | null;
  private readonly accounts: MonitorAccounts;
  /** The guest, where it is host software in TypeScript. */
  private inner: PcHost | null = null;

  /**
   * @param base of the hypervisor's own memory, behind the guest's
   * @param level hypervisors beneath this one
   */
  constructor(
    system: SystemPc,
    [real, virtual]: readonly [Cpu, Cpu],
    base: number,
    paging: Paging,
    level = 0,
  ) {
    this.system = system;
    this.real = real;
    this.base = base;
    this.accounts = accountsAt(level);
    this.vmcs = new Vmcs(real, base + VMCS_REGION);
    const { vmcs, accounts } = this;
    const shadowed = paging === 'shadow';
    this.shadow = shadowed ? new ShadowPaging(system, virtual, vmcs, base, accounts.shadow) : null;
    this.nested = shadowed
      ? null
      : new Nested(system, [real, virtual], [vmcs.at, base], () => this.emulator, accounts);
    const own = {
      vmcs,
      view: this.view(virtual),
      entered: () => this.nested?.entered(),
      moved: () => {
        if (this.nested) system.vmx.forgetSpace(GUEST_VPID);
      },
    };
    this.emulator = new Emulator(real, virtual, own, this.nested ?? own);
  }

  private view(virtual: Cpu): GuestView {
    return this.shadow ?? ownRegisters(this.vmcs, virtual);
  }

  /** Takes the machine over: what it is about to execute becomes the guest's state. */
  start(): void {
    const { system, real, vmcs, base, accounts } = this;
    const paging = this.shadow ? 'shadow' : 'nested';
    prepare(real, base, paging);
    for (const structure of [vmcs, ...(this.nested ? [this.nested.vmcs] : [])])
      fillIn(real, structure, base, paging);
    if (this.disk?.path.direct) openPorts(real, vmcs, base, this.disk.open);
    saveState(real, vmcs, real, this.view(this.emulator.virtual));
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
    this.enter(true);
  }

  /** Whose cycles the program's will be that is about to be entered. */
  private get next(): MonitorAccounts['own'] {
    const { accounts, inner, nested } = this;
    if (nested?.inner) return accounts.guests[1];
    return inner ? accountsAt(accounts.level + 1).own : accounts.guests[0];
  }

  private enter(launch: boolean): void {
    const { system } = this;
    system.attach(this, this.next);
    if (!system.vmx.enter(launch)) this.fail(`VM entry was refused: error ${this.get('INSTRUCTION_ERROR')}`);
  }

  /** Nobody interrupts the host: it runs with interrupts off. */
  interrupt(event: PcEvent): void {
    this.fail(`vector ${event.vector} in the hypervisor`);
  }

  private fail(reason: string): void {
    if (this.failure === '') this.failure = reason;
    this.system.halt();
  }

  private get(name: FieldName): number {
    return this.system.vmx.read(name);
  }
  private set(name: FieldName, value: number): void {
    this.system.vmx.write(name, value);
  }

  // ---------------------------------------------------------------- exits

  exited(): void {
    const { system, nested, accounts } = this;
    const reason = this.get('EXIT_REASON');
    if (reason < 0) {
      this.fail(`VM entry failed: exit ${reason & 0xffff}`);
      return;
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
    if (this.failure !== '') this.fail(this.failure);
    else this.resume();
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
    if (found === 'device') this.emulate();
    else if (found === 'filled') this.reinject();
  }

  private handle(reason: ExitReason): void {
    switch (reason) {
      case REASON.EXTERNAL_INTERRUPT:
      case REASON.INTERRUPT_WINDOW:
        return;
      case REASON.TRIPLE_FAULT:
        this.failure = 'triple fault';
        return;
      case REASON.HLT:
        this.skip();
        this.set('GUEST_ACTIVITY', HLT);
        return;
      case REASON.INVD:
        this.skip();
        return;
      case REASON.IO:
        this.port();
        return;
      case REASON.CPUID:
        this.identify();
        return;
      case REASON.RDMSR:
      case REASON.WRMSR:
        if (this.shadow && HIDDEN.includes(this.real.words[ECX]!)) this.inject(PROTECTION, 0);
        else this.emulate();
        return;
      case REASON.EXCEPTION_OR_NMI:
        this.pageFault();
        return;
      case REASON.INVLPG:
        this.shadow?.drop(this.get('EXIT_QUALIFICATION'));
        this.skip();
        return;
      case REASON.CONTROL_REGISTER:
        this.control();
        return;
      case REASON.EPT_VIOLATION:
        if (this.log?.violated(this.get('GUEST_PHYSICAL_ADDRESS'))) this.reinject();
        else this.emulate();
        return;
      case REASON.TASK_SWITCH:
      case REASON.EPT_MISCONFIGURATION:
        this.emulate();
        return;
      default:
        // The instructions of VT-x: under shadow paging the guest's processor has none.
        if (this.nested) this.nested.instruction(reason);
        else this.inject(INVALID_OPCODE, -1);
    }
  }

  /** Goes on behind the instruction that exited, and ends what STI or MOV SS held off. */
  private skip(): void {
    this.set('GUEST_RIP', (this.get('GUEST_RIP') + this.get('EXIT_INSTRUCTION_LENGTH')) | 0);
    this.set('GUEST_INTERRUPTIBILITY', this.get('GUEST_INTERRUPTIBILITY') & ~3);
  }

  private inject(vector: number, error: number): void {
    this.set('ENTRY_ERROR_CODE', Math.max(0, error));
    this.set(
      'ENTRY_INTERRUPTION',
      EVENT_VALID | (EVENT_TYPE.HARDWARE << 8) | vector | (error >= 0 ? EVENT_ERROR : 0),
    );
  }

  /** Without extended paging every page fault exits. One that is the guest's own goes on to it. */
  private pageFault(): void {
    const { shadow, real } = this;
    if (!shadow) throw new Error('an exception exits that nobody asked for');
    const onWay = (this.get('IDT_VECTORING') & EVENT_VALID) !== 0;
    const linear = this.get('EXIT_QUALIFICATION');
    const filled = shadow.fill(linear, this.get('EXIT_ERROR_CODE'));
    if (filled === 'filled') {
      this.reinject();
      return;
    }
    if (filled === 'device' || onWay) {
      this.emulate();
      return;
    }
    real.cr2 = linear;
    this.inject(filled.vector, filled.error);
  }

  /** An INT on whose way the exit was is executed again; what else was being delivered is injected. */
  private reinject(): void {
    const event = this.get('IDT_VECTORING');
    if ((event & EVENT_VALID) === 0 || ((event >>> 8) & 7) >= EVENT_TYPE.SOFTWARE) return;
    this.set('ENTRY_ERROR_CODE', this.get('IDT_VECTORING_ERROR'));
    this.set('ENTRY_INTERRUPTION', event);
  }

  /** MOV to and from CR3 is simple without PAE; all else is executed for the guest. */
  private control(): void {
    const { shadow, real } = this;
    const qualification = this.get('EXIT_QUALIFICATION');
    const [register, kind, general] = [
      qualification & 15,
      (qualification >>> 4) & 3,
      (qualification >>> 8) & 7,
    ];
    if (!shadow || register !== 3 || kind > 1 || shadow.isPae || general === ESP) {
      this.emulate();
      if (shadow && (this.get('CR0_SHADOW') & CR0_PE) === 0)
        this.failure =
          'the guest went to real-address mode, which the first VT-x cannot run: choose --under vmx';
      return;
    }
    if (kind === 0) shadow.load(real.words[general]!);
    else real.words[general] = shadow.cr3;
    this.skip();
  }

  /** The instruction, or the event on whose way the exit was, on the virtual processor. */
  private emulate(): void {
    const { emulator, system, accounts } = this;
    const event = this.get('IDT_VECTORING');
    const type = (event >>> 8) & 7;
    system.work(accounts.emulation, EMULATE);
    if ((event & EVENT_VALID) !== 0 && type < EVENT_TYPE.SOFTWARE) {
      const error = (event & EVENT_ERROR) !== 0 ? this.get('IDT_VECTORING_ERROR') : -1;
      emulator.deliver(event & 0xff, type === EVENT_TYPE.EXTERNAL ? 'external' : 'exception', error);
    } else emulator.one();
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
    this.skip();
  }

  /** IN and OUT go to the device model, repeated strings with many elements at a time. */
  private port(): void {
    const { system, real, accounts } = this;
    const qualification = this.get('EXIT_QUALIFICATION');
    const port = qualification >>> 16;
    if (this.disk) this.disk.access(port);
    else system.work(accounts.devices, USER_SPACE);
    const size = ((qualification & 7) + 1) as 1 | 2 | 4;
    if ((qualification & STRING) !== 0) {
      system.work(accounts.emulation, EMULATE);
      this.emulator.elements(this.batch(size, (qualification & INPUT) !== 0 ? EDI : ESI));
      return;
    }
    const mask = size === 4 ? -1 : (1 << (8 * size)) - 1;
    const eax = real.words[EAX]!;
    if ((qualification & INPUT) !== 0)
      real.words[EAX] = (eax & ~mask) | (real.ports.input(port, size) & mask);
    else real.ports.output(port, size, eax & mask);
    this.skip();
  }

  /**
   * Elements that go to the device model at once: those up to the end of the page (Linux 2.6.20 to 2.6.33,
   * `kvm_emulate_pio_string`; later ones fetch INS by 1024 bytes). From memory.
   */
  private batch(size: number, index: number): number {
    const offset = this.real.words[index]! & (PAGE - 1);
    const inPage = (this.get('GUEST_RFLAGS') & FLAG_DF) !== 0 ? offset : PAGE - offset;
    return Math.max(1, Math.floor(inPage / size));
  }

  // ---------------------------------------------------------------- and back

  /**
   * Before the guest goes on: an interrupt that waits is injected, or the moment at which it can be is waited for.
   * Meanwhile it does not exit, or the guest would never execute anything.
   */
  private resume(): void {
    const { system, nested } = this;
    const blocked = (this.get('GUEST_INTERRUPTIBILITY') & 3) !== 0;
    const wanted = nested?.wantsInterrupts && !blocked && system.interruptPending;
    if (wanted) nested.interrupt(nested.inner!);
    const flags = this.get('GUEST_RFLAGS');
    const open = (flags & FLAG_IF) !== 0 && (this.get('GUEST_INTERRUPTIBILITY') & 3) === 0;
    const injecting = (this.get('ENTRY_INTERRUPTION') & EVENT_VALID) !== 0;
    // An interrupt that makes the guest's guest exit is not injected; nor where its hypervisor hears of the window first.
    const mine = !nested?.wantsInterrupts;
    // Where the guest has the interrupt controller for its own they find their way without help.
    const exitless = this.disk?.path.exitless ?? false;
    let waits = mine && !exitless && system.interruptPending;
    if (waits && open && !injecting && !nested?.wantsWindow) {
      this.set('ENTRY_INTERRUPTION', EVENT_VALID | (EVENT_TYPE.EXTERNAL << 8) | system.acknowledge());
      waits = system.interruptPending;
    }
    // A halt with interrupts off is for ever, and waits for none.
    const deaf = mine && this.get('GUEST_ACTIVITY') === HLT && (flags & FLAG_IF) === 0;
    const pin = this.get('PIN_CONTROLS') & ~PIN.EXTERNAL_INTERRUPT_EXITING;
    const primary = this.get('PRIMARY_CONTROLS') & ~PRIMARY.INTERRUPT_WINDOW_EXITING;
    this.set('PIN_CONTROLS', waits || deaf || exitless ? pin : pin | PIN.EXTERNAL_INTERRUPT_EXITING);
    const window = waits || nested?.wantsWindow;
    this.set('PRIMARY_CONTROLS', window ? primary | PRIMARY.INTERRUPT_WINDOW_EXITING : primary);
    this.enter(nested?.wind() ?? false);
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
    return { ...Object.fromEntries(exits), ...this.nested?.report(), ...this.disk?.report() };
  }
  save(): VmxMonitorState {
    const { failure, shadow, nested, disk, log } = this;
    const exits = [...this.exits];
    const parts = { nested: nested?.save() ?? null, disk: disk?.save() ?? null, log: log?.save() ?? null };
    return { failure, exits, shadow: shadow?.save() ?? null, ...parts };
  }
  restore(state: VmxMonitorState): void {
    this.failure = state.failure;
    this.exits = new Map(state.exits);
    if (state.shadow) this.shadow?.restore(state.shadow);
    if (state.nested) this.nested?.restore(state.nested);
    if (state.disk) this.disk?.restore(state.disk);
    if (state.log) this.log?.restore(state.log);
  }
}
