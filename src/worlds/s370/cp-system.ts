/** CP on the machine of a world, or CP under CP: a stack of control programs with the guest in the topmost's machine. */
import { hex } from '../../base/bits.ts';
import { clonePlain } from '../../base/clone.ts';
import { layerOf, levelOf, reasonOf } from '../../accounting/vocabulary.ts';
import type { GuestEnd, WorldSink } from '../../lab/world.ts';
import type { S370 } from '../../machines/s370/machine.ts';
import { PAGE } from '../../machines/s370/devices/drum-2305.ts';
import { Printer1403 } from '../../machines/s370/devices/printer-1403.ts';
import { NativeSystem } from '../../machines/s370/native-system.ts';
import { unpackPsw } from '../../machines/s370/psw.ts';
import type { System370 } from '../../machines/s370/system.ts';
import type { MonitorEvent } from '../../monitors/contract.ts';
import type { SavedSystem } from '../../monitors/cp/commands/command.ts';
import { installCommands } from '../../monitors/cp/commands/install.ts';
import { ControlProgram, type CpState } from '../../monitors/cp/control-program.ts';
import type { Action, Simulated } from '../../monitors/cp/simulate.ts';
import type { SpooledDevice } from '../../monitors/cp/state.ts';
import type { VirtualMachine } from '../../monitors/cp/virtual-machine.ts';
import type { Input, TaskView } from '../../protocol/frame.ts';
import {
  CONSOLE_ADDRESS,
  DEFAULT_STORAGE,
  FELLOW_CONSOLES,
  GUEST,
  type MonitorChoice,
  type S370Configuration,
} from './configuration.ts';
import { fellowDevices, pagingDevice, userEntry, virtualDasd, virtualDevices } from './cp-devices.ts';
import { shadowTables, virtualSubject } from './cp-subject.ts';
import { cardsFromText, type Peripherals } from './peripherals.ts';
import { machineSubject, type Subject } from './subject.ts';
import { ofUser, type Endings, type System } from './system.ts';

/** Storage that each CP keeps for itself. VM/370's resident nucleus took 244 K (GC20-1801); this one needs less. */
export const NUCLEUS = 0x20000;

/**
 * Real storage under `levels` control programs, so that the innermost machine has `guest` bytes: all resident, or, with
 * the lowest level's option `frames`, only so many of its pages at a time.
 */
export function realStorage(levels: readonly MonitorChoice[], guest: number): number {
  const frames = framesOf(levels);
  return levels.length * NUCLEUS + (frames === null ? guest : Math.min(guest, frames * PAGE));
}
const framesOf = (levels: readonly MonitorChoice[]): number | null => levels[0]?.frames ?? null;

export class CpSystem implements System {
  private readonly machine: S370;
  private readonly peripherals: Peripherals;
  /** Lowest level first. */
  private readonly stack: ControlProgram[] = [];
  private ended: GuestEnd | null = null;
  /** How the guests of the topmost CP's users have ended. */
  private endingsOf: Endings = {};
  /** Users of the topmost CP, the guest first. */
  private readonly users: readonly string[];
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
    const fellows = configuration.fellows ?? [];
    const guestName = configuration.user ?? GUEST;
    this.users = [guestName, ...fellows.map(({ name }) => name)];
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
        terminals: [CONSOLE_ADDRESS, ...FELLOW_CONSOLES.slice(0, fellows.length)],
      });
      system.attach(cp);
      this.stack.push(cp);
      installCommands(cp, {
        directory: [userEntry(innermost ? guestName : `CP${level + 2}`, guestStorage, dasd)],
        savedSystem: (name) => (name === guestName && cp === this.stack.at(-1) ? this.program : null),
      });
      const vm: VirtualMachine = cp.logon({
        name: innermost ? guestName : `CP${level + 2}`,
        storage: guestStorage + (levels.length - level - 1) * NUCLEUS,
        devices: virtualDevices(dasd, innermost ? (configuration.cards ?? []) : []),
        terminal: 0,
        virtualReal,
      });
      vm.state.noTranslation = choice.noTranslation ?? false;
      system = vm;
    }
    fellows.forEach(({ name, storage }, i) => {
      this.top.logon({ name, storage, devices: fellowDevices(i), terminal: i + 1 });
    });
    this.top.onGuestEnd = (vm, why) => {
      this.guestEnded(vm.name, why);
    };
    this.subjects = [
      this.subjectOf(levels.length - 1),
      ...fellows.map((_, i) => this.subjectOf(levels.length - 1, i + 1)),
      ...this.stack
        .slice(0, -1)
        .map((_, level) => this.subjectOf(level))
        .toReversed(),
      { ...live(machineSubject(machine)), name: 'real machine' },
    ];
  }

  private get guest(): VirtualMachine {
    return this.machineAt(this.stack.length - 1);
  }
  private get top(): ControlProgram {
    return this.stack.at(-1)!;
  }
  private machineAt(level: number, index = 0): VirtualMachine {
    return this.stack[level]!.machines[index]!;
  }

  /** The end of the last guest that goes on is the end of the run. */
  private guestEnded(name: string, why: string): void {
    const { machine } = this;
    const failure = why.startsWith('DISABLED WAIT') ? '' : why;
    this.endingsOf = { [name]: { failure, clock: machine.clock }, ...this.endingsOf };
    if (this.ended || !this.users.every((user) => this.endingsOf[user])) return;
    const failureOf = (user: string): string => this.endingsOf[user]!.failure;
    const failures = this.users.filter((user) => failureOf(user) !== '');
    const told = failures.map((user) =>
      this.users.length > 1 ? `${user}: ${failureOf(user)}` : failureOf(user),
    );
    this.ended = {
      failure: told.join('; '),
      clock: machine.clock,
      instructions: machine.instructions,
      ledger: machine.ledger.rows(),
    };
  }

  replace(pieces: ReadonlyMap<Simulated, Action>): void {
    for (const [mnemonic, action] of pieces) this.stack.at(-1)!.simulator.replace(mnemonic, action);
  }

  get guestEnd(): GuestEnd | null {
    return this.ended;
  }
  endings(): Endings {
    return this.endingsOf;
  }

  // ---------------------------------------------------------------- loading and input

  load(images: readonly { readonly address: number; readonly bytes: Uint8Array }[]): string {
    const pages = new Set(
      images.flatMap(({ address, bytes }) =>
        Array.from({ length: Math.ceil(((address % PAGE) + bytes.length) / PAGE) }, (_, i) =>
          Math.floor(address / PAGE + i),
        ),
      ),
    );
    // Nothing is paged out before CP has started.
    const frames = this.stack[0]!.paging.freeFrames;
    if (this.stack.length === 1 && !this.guest.state.virtualReal && pages.size > frames)
      return `the program fills ${pages.size} pages, and CP has ${frames} page frames to load it into`;
    for (const { address, bytes } of images) this.guest.store(address, bytes);
    this.program = { segments: images, psw: [0, 0] };
    return '';
  }

  begin([high, low]: readonly [number, number]): void {
    this.program = { segments: this.program?.segments ?? [], psw: [high, low] };
    this.guest.state.psw = unpackPsw(high, low);
    this.start();
  }

  loadFellow(
    index: number,
    images: readonly { readonly address: number; readonly bytes: Uint8Array }[],
    [high, low]: readonly [number, number],
  ): void {
    const vm = this.machineAt(this.stack.length - 1, index + 1);
    for (const { address, bytes } of images) vm.store(address, bytes);
    vm.state.psw = unpackPsw(high, low);
  }

  private start(): void {
    for (const cp of this.stack) for (const vm of cp.machines) vm.state.stopped = false;
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
        this.peripherals.consoleCalled(input.terminal).type(input.text);
        return true;
      case 'attention':
        this.peripherals.consoleCalled(input.terminal).request();
        return true;
      case 'store':
        if (input.address + input.bytes.length > this.guest.storageSize) return false;
        this.guest.store(input.address, input.bytes);
        return true;
      case 'set-register':
        if (this.executes(this.subjects[0]!)) this.machine.cpu.gr[input.register & 15] = input.value;
        state.gr[input.register & 15] = input.value;
        return true;
      case 'cards': {
        const reader = this.spooled('reader');
        if (!reader) return false;
        reader.records.push(...cardsFromText(input.text).map((card) => [...card]));
        reader.spoolClass = 'A';
        return true;
      }
      // The keys of a virtual machine are commands of its CP; what fails is the real machine.
      case 'interrupt-key':
        this.top.command(this.guest, 'EXTERNAL');
        return true;
      case 'restart':
        this.top.command(this.guest, 'SYSTEM RESTART');
        return true;
      case 'machine-check':
        this.machine.fail({ damage: input.damage });
        return true;
      case 'keys':
        return false;
    }
  }

  // ---------------------------------------------------------------- looking

  /** The guest of the topmost CP executes at this moment: every CP beneath has dispatched its machine. */
  private get executesInnermost(): boolean {
    return this.stack.every((cp) => cp.executing !== null);
  }

  private subjectOf(level: number, index = 0): Subject {
    const vm = (): VirtualMachine => this.machineAt(level, index);
    const innermost = level === this.stack.length - 1;
    return virtualSubject(
      vm,
      this.machine,
      () => innermost && this.executesInnermost && this.stack[level]!.executing === vm(),
    );
  }

  executes(subject: Subject): boolean {
    if (subject.name === 'real machine') return !this.machine.cpu.wait;
    const executing = this.executesInnermost && !this.machine.cpu.wait ? this.top.executing : null;
    return executing?.name === subject.name;
  }

  terminals() {
    return this.peripherals.terminalViews(this.users);
  }

  /** Where several users share the topmost CP: the one whose machine executes. */
  user(): string {
    return this.users.length > 1 && this.executesInnermost ? (this.top.executing?.name ?? '') : '';
  }

  /** What the guest, or a fellow user's, has printed, from the spool file. */
  printer(user = this.guest.name): string {
    const paper = new Printer1403();
    const vm = this.top.machineOf(user);
    if (!vm) return '';
    const closed = this.top.spool.of(user, 'printer').flatMap(({ records }) => records);
    const printer = vm.state.devices.find((d): d is SpooledDevice => d.type === 'printer');
    const open = printer?.records ?? [];
    for (const [command = 0, ...bytes] of [...closed, ...open]) paper.print(command, Uint8Array.from(bytes));
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
    const vm = this.stack.flatMap(({ machines }) => machines).find(({ name }) => name === subject.name);
    return vm ? shadowTables(vm, this.machine) : [];
  }

  layer() {
    const { cpu } = this.machine;
    if (cpu.wait) return { layer: 'hardware', level: 0, reason: 'idle' };
    const { open } = cpu.ledger;
    return { layer: ofUser(layerOf(open), this.user()), level: levelOf(open), reason: reasonOf(open) };
  }

  observe(sink: WorldSink | null): void {
    for (const cp of this.stack) cp.observer = sink ? (event) => sink.event(eventView(event)) : null;
  }

  // ---------------------------------------------------------------- state

  save(): {
    readonly stack: readonly CpState[];
    readonly ended: GuestEnd | null;
    readonly endings: Endings;
  } {
    return { stack: this.stack.map((cp) => cp.save()), ended: this.ended, endings: this.endingsOf };
  }
  restore(state: unknown): void {
    const { stack, ended, endings } = state as ReturnType<CpSystem['save']>;
    stack.forEach((saved, level) => {
      this.stack[level]!.restore(saved);
    });
    this.ended = clonePlain(ended);
    this.endingsOf = endings;
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
