/** CP on the machine of a world, or CP under CP: a stack of control programs with the guest in the topmost's machine. */
import { hex } from '../../base/bits.ts';
import { clonePlain } from '../../base/clone.ts';
import { layerOf, levelOf, reasonOf } from '../../accounting/vocabulary.ts';
import type { GuestEnd, WorldSink } from '../../lab/world.ts';
import type { S370 } from '../../machines/s370/machine.ts';
import { blockAddress, formattedImage } from '../../machines/s370/devices/ckd-image.ts';
import { drum2305, GEOMETRY_2305, PAGE } from '../../machines/s370/devices/drum-2305.ts';
import { Printer1403 } from '../../machines/s370/devices/printer-1403.ts';
import { NativeSystem } from '../../machines/s370/native-system.ts';
import type { Psw } from '../../machines/s370/psw.ts';
import { unpackPsw } from '../../machines/s370/psw.ts';
import type { System370 } from '../../machines/s370/system.ts';
import type { MonitorEvent } from '../../monitors/contract.ts';
import type { SavedSystem } from '../../monitors/cp/commands/command.ts';
import {
  UNIT_RECORD as UNIT_RECORD_ENTRIES,
  type DirectoryEntry,
} from '../../monitors/cp/commands/directory.ts';
import { installCommands } from '../../monitors/cp/commands/install.ts';
import type { PagingDevice } from '../../monitors/cp/paging.ts';
import { ControlProgram, type CpState } from '../../monitors/cp/control-program.ts';
import type { Action, Simulated } from '../../monitors/cp/simulate.ts';
import type { SpooledDevice, VirtualDevice } from '../../monitors/cp/state.ts';
import type { VirtualMachine } from '../../monitors/cp/virtual-machine.ts';
import type { Input, TaskView } from '../../protocol/frame.ts';
import {
  CONSOLE_ADDRESS,
  CP_DRUM_ADDRESS,
  DEFAULT_STORAGE,
  PRINTER_ADDRESS,
  PUNCH_ADDRESS,
  READER_ADDRESS,
  type MonitorChoice,
  type S370Configuration,
} from './configuration.ts';
import { cardsFromText, type Peripherals } from './peripherals.ts';
import { machineSubject, type Subject } from './subject.ts';
import type { System } from './system.ts';
import { tableOf } from './tables.ts';

/** Storage that each CP keeps for itself. VM/370's resident nucleus took 244 K (GC20-1801); this one needs less. */
const NUCLEUS = 0x20000;
const UNIT_RECORD = [CONSOLE_ADDRESS, READER_ADDRESS, PUNCH_ADDRESS, PRINTER_ADDRESS];

/**
 * Real storage under `levels` control programs, so that the innermost machine has `guest` bytes: all resident, or, with
 * the lowest level's option `frames`, only so many of its pages at a time.
 */
export function realStorage(levels: readonly MonitorChoice[], guest: number): number {
  const frames = framesOf(levels);
  return levels.length * NUCLEUS + (frames === null ? guest : Math.min(guest, frames * PAGE));
}
const framesOf = (levels: readonly MonitorChoice[]): number | null => levels[0]?.frames ?? null;

/** A drum of its own for CP's paging. */
function pagingDevice(machine: S370): PagingDevice {
  const image = formattedImage(GEOMETRY_2305, PAGE);
  machine.channels.attach(CP_DRUM_ADDRESS, drum2305(image));
  return {
    address: CP_DRUM_ADDRESS,
    slots: image.format.records * GEOMETRY_2305.heads * GEOMETRY_2305.cylinders,
    locate: (slot) => blockAddress(image, slot),
  };
}

/** Every cylinder of the device: the extent of a minidisk that is no part of a pack. */
const WHOLE_PACK = 0xffff;

const base = (address: number) => ({ address, pending: null, busy: false, sense: [] });

/** The devices of a virtual machine: unit record and console, and each disk of the machine beneath as a whole pack. */
const virtualDasd = (machine: S370): readonly number[] =>
  machine.channels.addresses.filter((address) => !UNIT_RECORD.includes(address));

function virtualDevices(dasd: readonly number[], cards: readonly Uint8Array[]): VirtualDevice[] {
  return [
    { ...base(CONSOLE_ADDRESS), type: 'console', waiting: null, typing: null },
    {
      ...base(READER_ADDRESS),
      type: 'reader',
      records: cards.map((card) => [...card]),
      spoolClass: cards.length > 0 ? 'A' : 'empty',
    },
    { ...base(PUNCH_ADDRESS), type: 'punch', records: [], spoolClass: 'A' },
    { ...base(PRINTER_ADDRESS), type: 'printer', records: [], spoolClass: 'A' },
    ...dasd.map((address): VirtualDevice => ({
      ...base(address),
      type: 'disk',
      real: address,
      start: 0,
      cylinders: WHOLE_PACK,
      readOnly: false,
      program: null,
    })),
  ];
}

/** Name of the innermost virtual machine. */
const GUEST = 'GUEST';

/** The directory entry of a virtual machine of the stack: its user may give every command. */
const userEntry = (name: string, storage: number, dasd: readonly number[]): DirectoryEntry => ({
  name,
  password: name,
  storage,
  classes: 'ABCDEFG',
  devices: [
    ...UNIT_RECORD_ENTRIES,
    ...dasd.map((address) => ({
      type: 'disk' as const,
      address,
      real: address,
      start: 0,
      cylinders: WHOLE_PACK,
    })),
  ],
});

export class CpSystem implements System {
  private readonly machine: S370;
  private readonly peripherals: Peripherals;
  /** Lowest level first. */
  private readonly stack: ControlProgram[] = [];
  private ended: GuestEnd | null = null;
  /** What was loaded, so that IPL by name can load it again. */
  private program: SavedSystem | null = null;
  readonly subjects: readonly Subject[];

  constructor(
    machine: S370,
    peripherals: Peripherals,
    levels: readonly MonitorChoice[],
    configuration: S370Configuration,
  ) {
    this.machine = machine;
    this.peripherals = peripherals;
    let system: System370 = new NativeSystem(machine);
    const dasd = virtualDasd(machine);
    const paging = framesOf(levels) === null ? null : pagingDevice(machine);
    const guestStorage = configuration.storage ?? DEFAULT_STORAGE;
    for (const [level, choice] of levels.entries()) {
      const innermost = level === levels.length - 1;
      const virtualReal = choice.virtualReal ?? false;
      const cp: ControlProgram = new ControlProgram(system, {
        nucleus: NUCLEUS,
        ...(virtualReal ? { virtualReal: guestStorage } : {}),
        paging: level === 0 ? paging : null,
        terminals: [CONSOLE_ADDRESS],
      });
      system.attach(cp);
      this.stack.push(cp);
      installCommands(cp, {
        directory: [userEntry(level === levels.length - 1 ? GUEST : `CP${level + 2}`, guestStorage, dasd)],
        savedSystem: (name) => (name === GUEST && cp === this.stack.at(-1) ? this.program : null),
      });
      const vm: VirtualMachine = cp.logon({
        name: innermost ? GUEST : `CP${level + 2}`,
        storage: guestStorage + (levels.length - level - 1) * NUCLEUS,
        devices: virtualDevices(dasd, innermost ? (configuration.cards ?? []) : []),
        terminal: 0,
        virtualReal,
      });
      vm.state.noTranslation = choice.noTranslation ?? false;
      system = vm;
    }
    this.stack.at(-1)!.onGuestEnd = (_, why) => {
      this.ended ??= {
        failure: why.startsWith('DISABLED WAIT') ? '' : why,
        clock: machine.clock,
        instructions: machine.instructions,
        ledger: machine.ledger.rows(),
      };
    };
    this.subjects = [
      ...this.stack.map((_, level) => this.subjectAt(level)).toReversed(),
      { ...live(machineSubject(machine)), name: 'real machine' },
    ];
  }

  private get guest(): VirtualMachine {
    return this.machineAt(this.stack.length - 1);
  }
  private machineAt(level: number): VirtualMachine {
    return this.stack[level]!.machines[0]!;
  }

  replace(pieces: ReadonlyMap<Simulated, Action>): void {
    for (const [mnemonic, action] of pieces) this.stack.at(-1)!.simulator.replace(mnemonic, action);
  }

  get guestEnd(): GuestEnd | null {
    return this.ended;
  }

  // ---------------------------------------------------------------- loading and input

  load(images: readonly { readonly address: number; readonly bytes: Uint8Array }[]): void {
    for (const { address, bytes } of images) this.guest.store(address, bytes);
    this.program = { segments: images, psw: [0, 0] };
  }

  begin([high, low]: readonly [number, number]): void {
    this.program = { segments: this.program?.segments ?? [], psw: [high, low] };
    this.guest.state.psw = unpackPsw(high, low);
    this.start();
  }

  private start(): void {
    for (const cp of this.stack) cp.machines[0]!.state.stopped = false;
    // Innermost first: each start ends in a PSW that the CP beneath then dispatches.
    for (const cp of this.stack.toReversed()) cp.start();
  }

  ipl(device: number): string {
    const { guest } = this;
    if (!guest.cp.loader.begin(guest, device))
      return `no program can be loaded from device ${hex(device, 3)}`;
    this.start();
    return '';
  }

  input(input: Input): boolean {
    const { state } = this.guest;
    switch (input.kind) {
      case 'type':
        this.peripherals.console.type(input.text);
        return true;
      case 'attention':
        this.peripherals.console.request();
        return true;
      case 'store':
        if (input.address + input.bytes.length > this.guest.storageSize) return false;
        this.guest.store(input.address, input.bytes);
        return true;
      case 'set-register':
        if (this.executesInnermost) this.machine.cpu.gr[input.register & 15] = input.value;
        state.gr[input.register & 15] = input.value;
        return true;
      case 'cards': {
        const reader = this.spooled('reader');
        if (!reader) return false;
        reader.records.push(...cardsFromText(input.text).map((card) => [...card]));
        reader.spoolClass = 'A';
        return true;
      }
      case 'interrupt-key':
      case 'restart':
        return false;
    }
  }

  // ---------------------------------------------------------------- looking

  /** The guest of the topmost CP executes at this moment: every CP beneath has dispatched its machine. */
  private get executesInnermost(): boolean {
    return this.executesAt(this.stack.length - 1);
  }
  private executesAt(level: number): boolean {
    return this.stack.slice(0, level + 1).every((cp) => cp.executing !== null);
  }

  private subjectAt(level: number): Subject {
    const vm = (): VirtualMachine => this.machineAt(level);
    const executes = (): boolean => this.executesAt(level) && level === this.stack.length - 1;
    const { cpu } = this.machine;
    return {
      name: vm().name,
      // While it executes, the real processor holds what the VMBLOK will be told at the next interruption.
      get psw(): Psw {
        const { psw } = vm().state;
        if (!executes()) return psw;
        const { conditionCode, programMask, instructionAddress } = cpu.psw;
        return { ...psw, conditionCode, programMask, instructionAddress };
      },
      get gr() {
        return executes() ? cpu.gr : vm().state.gr;
      },
      get fpr() {
        return executes() ? cpu.fpr : vm().state.fpr;
      },
      get cr() {
        return vm().state.cr;
      },
      size: vm().storageSize,
      peek: (real) => this.peekAt(level, real),
    };
  }

  /** A byte of what level `level`'s machine takes for real storage; −1 while its page is away. */
  private peekAt(level: number, real: number): number {
    const vm = this.machineAt(level);
    if (real >= vm.storageSize) return -1;
    const page = vm.state.pages[real >>> 12]!;
    if (page.frame < 0 || page.arriving) return -1;
    const below = page.frame | (real & 0xfff);
    return level === 0
      ? this.machine.cpu.bytes[this.machine.cpu.absolute(below)]!
      : this.peekAt(level - 1, below);
  }

  executes(subject: Subject): boolean {
    if (subject.name === 'real machine') return !this.machine.cpu.wait;
    return subject === this.subjects[0] && this.executesInnermost && !this.machine.cpu.wait;
  }

  terminals() {
    return [this.peripherals.consoleView()];
  }

  /** What the guest has printed, from its spool file. */
  printer(): string {
    const paper = new Printer1403();
    const closed = this.guest.cp.spool.of(GUEST, 'printer').flatMap(({ records }) => records);
    for (const [command = 0, ...bytes] of [...closed, ...(this.spooled('printer')?.records ?? [])])
      paper.print(command, Uint8Array.from(bytes));
    return paper.output;
  }

  private spooled(type: SpooledDevice['type']): SpooledDevice | undefined {
    return this.guest.state.devices.find((d): d is SpooledDevice => d.type === type);
  }

  tasks(): readonly TaskView[] {
    return this.stack.flatMap((cp) =>
      cp.machines.map((vm) => ({
        name: vm.name,
        state: stateOf(vm),
        queue: vm.state.queue === 0 ? 'eligible' : `Q${vm.state.queue}`,
        cycles: vm.state.virtualCycles,
        detail: String(vm.state.pages.filter((p) => p.frame >= 0).length),
      })),
    );
  }

  /** CP's page table of the machine, and the shadow table while the guest translates. */
  tables(subject: Subject) {
    const level = this.stack.findIndex((_, i) => this.machineAt(i).name === subject.name);
    if (level < 0) return [];
    const { state } = this.machineAt(level);
    const below: Subject = level === 0 ? machineSubject(this.machine) : this.subjectAt(level - 1);
    const through = (title: string, format: number, origin: number) =>
      tableOf({ ...below, cr: [format, 0x0f00_0000 | origin] }, title);
    const own = through('CP', 0x0080_0000, state.segmentTable);
    const shadow = state.shadow
      ? through(
          'shadow',
          (state.cr[0]! & 0x00c0_0000) === 0x0040_0000 ? 0x0040_0000 : 0x0080_0000,
          state.shadow.origin,
        )
      : null;
    return [shadow, own].filter((t) => t !== null);
  }

  layer() {
    const { cpu } = this.machine;
    if (cpu.wait) return { layer: 'hardware', level: 0, reason: 'idle' };
    const { open } = cpu.ledger;
    return { layer: layerOf(open), level: levelOf(open), reason: reasonOf(open) };
  }

  observe(sink: WorldSink | null): void {
    for (const cp of this.stack) cp.observer = sink ? (event) => sink.event(eventView(event)) : null;
  }

  // ---------------------------------------------------------------- state

  save(): { readonly stack: readonly CpState[]; readonly ended: GuestEnd | null } {
    return { stack: this.stack.map((cp) => cp.save()), ended: this.ended };
  }
  restore(state: unknown): void {
    const { stack, ended } = state as ReturnType<CpSystem['save']>;
    stack.forEach((saved, level) => {
      this.stack[level]!.restore(saved);
    });
    this.ended = clonePlain(ended);
  }
}

/** Getters stay getters when a subject is extended. */
const live = (subject: Subject): Subject => Object.create(subject) as Subject;

function stateOf(vm: VirtualMachine): string {
  const { state } = vm;
  if (!state.loggedOn) return 'logged-off';
  if (state.stopped) return 'cp-mode';
  if (state.waitPage >= 0) return 'page-wait';
  return state.psw.wait ? 'wait' : 'runnable';
}

const eventView = ({ clock, kind, level, subject, address, detail }: MonitorEvent) => ({
  clock,
  kind,
  layer: 'monitor',
  level,
  subject,
  address,
  line: null,
  detail,
});
