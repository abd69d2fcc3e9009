/** A PC with its devices and its guest, as a session drives it. */
import type { Reckoning } from '../../accounting/ledger.ts';
import { ACCOUNTS, layerOf, levelOf, reasonOf } from '../../accounting/vocabulary.ts';
import { disassembleIa32 } from '../../assembler/ia32/disassemble.ts';
import { hex } from '../../base/bits.ts';
import type { World, WorldSink } from '../../lab/world.ts';
import type { Stop } from '../../machines/contract.ts';
import type { InterruptKind } from '../../machines/pc/wiring.ts';
import { FLAG_IF } from '../../machines/pc/eflags.ts';
import type { Cpu } from '../../machines/pc/cpu.ts';
import type { Pc, PcState } from '../../machines/pc/machine.ts';
import { CS, EFLAGS } from '../../machines/pc/registers.ts';
import { EXIT_REASONS } from '../../machines/pc/vmx/reasons.ts';
import type {
  CodeView,
  DeviceView,
  EventView,
  Frame,
  FramePart,
  Input,
  RegistersView,
  TerminalView,
  View,
} from '../../protocol/frame.ts';
import { readyPc } from './build.ts';
import { codeOf, linearPointer } from './code.ts';
import type { PcConfiguration } from './configuration.ts';
import { eventName, interruptEvent, resetName } from './events.ts';
import type { DomainReport, LineAt, RunningMonitor } from './monitors/contract.ts';
import { registersOf } from './registers.ts';
import { registersView } from './registers-view.ts';
import type { SourcePlace, Sources } from './sources.ts';
import { peekLinear, physicalOf } from './subject.ts';
import { tableOf, walkSteps } from './tables.ts';
import { VmxLog, type VmxLogState } from './vmx-log.ts';
import { vmxView } from './vmx-view.ts';

const VOCABULARY = Array.from({ length: ACCOUNTS }, (_, a) => ({
  layer: layerOf(a),
  level: levelOf(a),
  reason: reasonOf(a),
}));

/** Terminals: the serial line, and screen with keyboard. */
export const SERIAL = 'serial';
export const SCREEN = 'screen';
/** Characters of the serial line that a frame carries at most. */
const MOST_TEXT = 64_000;
const ADDRESS_SPACE = 0x1_0000_0000;
const LONGEST_INSTRUCTION = 15;

export interface PcWorldState {
  readonly version: 1;
  readonly machine: PcState;
  readonly monitor: unknown;
  readonly traps: Readonly<Record<string, number>>;
  readonly vmx: VmxLogState;
}

/** What is known of a guest beyond its bytes. */
export interface AboutGuest {
  readonly lineAt?: LineAt;
  readonly sources?: Sources;
}

export class PcWorld implements World {
  readonly machine: Pc;
  private readonly lineAt: LineAt;
  private readonly sources: Sources | null;
  private counts: Record<string, number> = {};
  private sink: WorldSink | null = null;
  readonly guestEnd = null;

  /** Between machine and guest, if there is one. */
  private readonly monitor: RunningMonitor | null;
  private readonly vmx: VmxLog;

  constructor(machine: Pc, monitor: RunningMonitor | null = null, about: AboutGuest = {}) {
    this.machine = machine;
    this.lineAt = about.lineAt ?? (() => null);
    this.sources = about.sources ?? null;
    this.monitor = monitor;
    machine.ledger.isProgram = (of) => layerOf(of) === 'guest-user';
    machine.cpu.onInterrupt = (vector, kind) => {
      this.interrupted(vector, kind);
    };
    machine.onReset = (port) => {
      const name = resetName(port);
      this.counts[name] = (this.counts[name] ?? 0) + 1;
      if (this.sink) this.tell(this.sink, 'reset', { code: hex(port, 2) });
    };
    this.vmx = new VmxLog(machine.cpu, (reason) => {
      if (this.sink) this.tell(this.sink, 'vm-exit', { name: EXIT_REASONS[reason] });
    });
  }

  /** Builds the machine that `configuration` describes; a string says what is wrong with its program. */
  static create(configuration: PcConfiguration, about?: AboutGuest): PcWorld | string {
    const ready = readyPc(configuration);
    return typeof ready === 'string' ? ready : new PcWorld(ready.machine, ready.monitor, about);
  }

  async prepare(): Promise<void> {
    await this.sources?.fetch();
  }

  get clock(): number {
    return this.machine.clock;
  }
  get instructions(): number {
    return this.machine.instructions;
  }
  get cycleNanoseconds(): number {
    return 1e9 / this.machine.cpu.model.frequency;
  }
  run(budget: number): Stop {
    return this.ended(this.machine.run(budget));
  }
  step(until?: number): Stop {
    return this.ended(this.machine.step(until));
  }
  private ended(stop: Stop): Stop {
    return this.monitor?.end(stop) ?? stop;
  }
  get idle(): boolean {
    return this.machine.cpu.halted;
  }
  /** The guests of a monitor that has several. */
  get domains(): readonly DomainReport[] {
    return this.monitor?.domains?.() ?? [];
  }
  /** With the first instruction in user mode: a kernel boots before that. */
  get beginning(): Reckoning | null {
    return this.machine.ledger.beginning;
  }
  /** With the last one: it shuts down after that. */
  get ending(): Reckoning | null {
    return this.machine.ledger.ending;
  }

  // ---------------------------------------------------------------- input

  input(input: Input): void {
    const { cpu } = this.machine;
    switch (input.kind) {
      case 'type':
        this.type(input.terminal, `${input.text}\n`);
        break;
      case 'keys':
        this.type(input.terminal, input.text);
        break;
      case 'store':
        this.store(input.address, input.bytes);
        break;
      case 'set-register':
        if (this.monitor?.setRegister) this.monitor.setRegister(input.register & 7, input.value);
        else cpu.words[input.register & 7] = input.value;
        break;
      default: // keys of another machine's console, cards: nothing here takes them
    }
  }

  /** Enter is a carriage return on a serial line, as terminals send it. */
  private type(terminal: string, text: string): void {
    const { com1, keyboard } = this.machine.chipset;
    if (terminal === SCREEN) keyboard.type(text);
    else com1.type(text.replaceAll('\n', '\r'));
  }

  private store(address: number, bytes: readonly number[]): void {
    bytes.forEach((byte, k) => {
      const at = physicalOf(this.machine.cpu, address + k);
      if (at >= 0) this.machine.load(at, [byte]);
    });
  }

  // ---------------------------------------------------------------- state

  save(): PcWorldState {
    return {
      version: 1,
      machine: this.machine.save(),
      monitor: this.monitor?.save() ?? null,
      traps: { ...this.counts },
      vmx: this.vmx.save(),
    };
  }

  restore(state: unknown): void {
    const { machine, monitor, traps, vmx } = state as PcWorldState;
    this.machine.restore(machine);
    this.monitor?.restore(monitor);
    this.counts = { ...traps };
    this.vmx.restore(vmx);
  }

  // ---------------------------------------------------------------- what happened

  /** Exceptions and interrupts so far, by kind. */
  get traps(): Readonly<Record<string, number>> {
    return this.counts;
  }

  private interrupted(vector: number, kind: InterruptKind): void {
    const name = eventName(vector, kind);
    this.counts[name] = (this.counts[name] ?? 0) + 1;
    if (!this.sink) return;
    const { cpu } = this.machine;
    const address = this.instructionAddress();
    const mnemonic = kind === 'exception' ? this.mnemonicAt(linearPointer(cpu)) : '';
    this.sink.event(interruptEvent(cpu, vector, kind, address, mnemonic, this.lineAt(address)));
  }

  private mnemonicAt(address: number): string {
    const { cpu } = this.machine;
    const bytes = peekLinear(cpu, address, LONGEST_INSTRUCTION);
    return disassembleIa32(bytes, 0, { bits: cpu.code32 ? 32 : 16 }).mnemonic.toUpperCase();
  }

  observe(sink: WorldSink | null): void {
    const { ledger } = this.machine;
    ledger.settle();
    this.sink = sink;
    this.monitor?.observe(
      sink &&
        ((kind, detail, address) => {
          this.tell(sink, kind, detail, address);
        }),
    );
    ledger.listener =
      sink &&
      ((account, from, cycles) => {
        sink.segment({ from, cycles, ...VOCABULARY[account]! });
      });
  }

  /** Something that the monitor did, or missed. */
  private tell(sink: WorldSink, kind: string, detail: EventView['detail'], of?: number): void {
    const { cpu } = this.machine;
    const { open } = cpu.ledger;
    const address =
      of ?? (kind === 'silent' ? (cpu.bases[CS]! + cpu.currentEip()) >>> 0 : this.instructionAddress());
    const line = this.lineAt(address);
    // A guest that is itself the hypervisor takes over from its own guest.
    const layer = kind === 'silent' || !this.monitor ? layerOf(open) : 'monitor';
    sink.event({
      clock: cpu.clock,
      kind,
      layer,
      level: kind === 'silent' ? levelOf(open) : 0,
      subject: '',
      address,
      line,
      detail,
    });
  }

  flush(): void {
    this.machine.ledger.settle();
  }

  // ---------------------------------------------------------------- what panels see

  layer(): Frame['layer'] {
    if (this.idle) return { layer: 'hardware', level: 0, reason: 'idle' };
    return VOCABULARY[this.machine.ledger.open]!;
  }

  instructionAddress(): number {
    return this.monitor?.guestPointer?.()?.address ?? linearPointer(this.machine.cpu);
  }
  get midInstruction(): boolean {
    return this.monitor?.guestPointer?.()?.midway ?? false;
  }
  /** The processor whose tables say what the guest sees. */
  private get guestCpu(): Cpu {
    return this.monitor?.guest ?? this.machine.cpu;
  }
  get waitAddress(): number {
    return this.instructionAddress();
  }
  get waitsDisabled(): boolean {
    if (this.monitor) return this.monitor.hangs;
    return (this.machine.cpu.words[EFLAGS]! & FLAG_IF) === 0;
  }

  register(name: string): number | null {
    const values = { ...registersOf(this.guestCpu), ...this.monitor?.guestRegisters?.() };
    const value = values[name.toLowerCase()];
    return value === undefined ? null : parseInt(value, 16);
  }

  peek(_subject: string, address: number, length: number): Uint8Array {
    return peekLinear(this.guestCpu, address, length);
  }

  parts(view: View): ReturnType<World['parts']> {
    const wants = (part: FramePart): boolean => view.parts.includes(part);
    const { cpu, ledger } = this.machine;
    return {
      registers: wants('registers') ? this.registers() : null,
      code: wants('code') ? this.code() : null,
      storage: wants('storage')
        ? {
            address: view.storageAt,
            bytes: this.peek(view.subject, view.storageAt, view.storageLength),
            changed: [],
            size: this.guestCpu.paging ? ADDRESS_SPACE : cpu.memory.size,
          }
        : null,
      translation: wants('translation') ? this.translation(view.walk) : null,
      ledger: wants('ledger') ? ledger.rows() : null,
      terminals: wants('terminals') ? this.terminals() : null,
      devices: wants('devices') ? this.devices() : null,
      tasks: null,
      printer: null,
      hypervisor: wants('hypervisor') ? (this.monitor?.hypervisor?.() ?? null) : null,
      units: wants('units') ? (this.monitor?.translated?.(this.lineAt) ?? null) : null,
      vmx: wants('vmx') ? vmxView(cpu, this.vmx, view.walk, this.monitor?.disk?.()) : null,
    };
  }

  private placeOf(address: number): SourcePlace | null {
    return this.sources?.placeOf(address, (at, length) => peekLinear(this.guestCpu, at, length)) ?? null;
  }

  private code(): CodeView {
    const placeOf = (address: number): SourcePlace | null => this.placeOf(address);
    return codeOf(this.guestCpu, this.lineAt, placeOf, this.instructionAddress());
  }

  get sourceLine(): string | null {
    const address = this.instructionAddress();
    const place = this.placeOf(address);
    if (place) return `${place.file}:${place.line}`;
    const line = this.lineAt(address);
    return line === null ? null : String(line);
  }

  /** The guest's, and the real ones where they are not the same. */
  private registers(): readonly RegistersView[] {
    const { monitor, guestCpu } = this;
    const { cpu } = this.machine;
    if (!monitor?.guest) return [registersView(cpu)];
    const own = monitor.guestRegisters?.() ?? {};
    return [registersView(guestCpu, 'virtual machine', own), registersView(cpu, 'real machine')];
  }

  private translation(address: number | null): Frame['translation'] {
    const { cpu } = this.machine;
    const guest = this.monitor?.guest;
    const tables = guest ? [tableOf(guest, 'guest'), tableOf(cpu, 'shadow')] : [tableOf(cpu)];
    return {
      tables: tables.filter((table) => table !== null),
      steps: address === null ? [] : walkSteps(this.guestCpu, address),
    };
  }

  terminals(): readonly TerminalView[] {
    const { com1, vga } = this.machine.chipset;
    const from = Math.max(0, com1.sent.length - MOST_TEXT);
    const { lines, cursor } = vga.screen();
    return [
      { id: SERIAL, title: 'COM1', text: com1.sent.text(from), wantsInput: this.idle, locks: false },
      {
        id: SCREEN,
        title: 'VGA',
        text: lines.join('\n'),
        wantsInput: this.idle,
        locks: false,
        screen: { columns: vga.columns, rows: vga.rows, cursor },
      },
    ];
  }

  /** Devices that were used, with how often. */
  private devices(): DeviceView[] {
    const { bus } = this.machine.chipset;
    return Object.entries(bus.tallies).map(([type, { reads, writes }]) => ({
      address: hex(bus.portOf(type), 4),
      type,
      state: 'idle',
      detail: `${reads} / ${writes}`,
    }));
  }
}
