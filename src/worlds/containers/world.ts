/** A PC whose kernel is the lab's own, with programs of several users beside each other, as a session drives it. */
import type { Reckoning } from '../../accounting/ledger.ts';
import { ACCOUNTS, layerOf, levelOf, reasonOf } from '../../accounting/vocabulary.ts';
import type { World, WorldSink } from '../../lab/world.ts';
import type { Stop } from '../../machines/contract.ts';
import { Pc, type PcState } from '../../machines/pc/machine.ts';
import type { Model } from '../../machines/pc/models/classes.ts';
import { NativePc } from '../../machines/pc/native-system.ts';
import { ERRNO } from '../../os/containers/abi/errno.ts';
import { Host, type Tenant } from '../../os/containers/host.ts';
import { Kernel } from '../../os/containers/kernel.ts';
import type { MemoryFileSystem } from '../../os/containers/files/tmpfs.ts';
import type { Process } from '../../os/containers/process/process.ts';
import type { GraphState } from '../../os/containers/state/graph.ts';
import type { EventView, Frame, FramePart, Input, TerminalView, View } from '../../protocol/frame.ts';
import { codeOf, linearPointer } from '../pc/code.ts';
import { registersOf } from '../pc/registers.ts';
import { registersView } from '../pc/registers-view.ts';
import { peekLinear } from '../pc/subject.ts';
import { tableOf, walkSteps } from '../pc/tables.ts';
import { kernelView } from './view.ts';

const VOCABULARY = Array.from({ length: ACCOUNTS }, (_, a) => ({
  layer: layerOf(a),
  level: levelOf(a),
  reason: reasonOf(a),
}));
const ERRORS: ReadonlyMap<number, string> = new Map(
  Object.entries(ERRNO).map(([name, number]) => [number, name]),
);
const ADDRESS_SPACE = 0x1_0000_0000;

/** The host's own terminal; every tenant's has the tenant's name. */
export const HOST_TERMINAL = 'host';

export interface ContainerConfiguration {
  readonly model: Model;
  /** Bytes of memory. */
  readonly memory: number;
  /** The host's files, and what its own first process is. */
  readonly root: MemoryFileSystem;
  readonly hostCommand: readonly string[];
  readonly tenants: readonly Tenant[];
  readonly seed: number;
  /** The run is over when every tenant's first process has ended, else when the host's has. */
  readonly endsWithTenants: boolean;
}

export interface ContainerWorldState {
  readonly version: 1;
  readonly machine: PcState;
  readonly kernel: GraphState;
  readonly left: number;
  readonly ended: number | null;
}

export class ContainerWorld implements World {
  readonly machine: Pc;
  readonly kernel: Kernel;
  private sink: WorldSink | null = null;
  /** First processes whose end ends the run, and the status with which it ended: the last one's. */
  private left: number;
  private ended: number | null = null;
  readonly guestEnd = null;

  constructor(configuration: ContainerConfiguration) {
    const { model, memory, root, tenants, seed, endsWithTenants } = configuration;
    this.machine = new Pc({ model, memory });
    const kernel = new Kernel(new NativePc(this.machine.cpu), { frequency: model.frequency, seed });
    this.kernel = kernel;
    kernel.onOrphanEnd = (process, status) => this.firstEnded(process, status);
    kernel.onHang = () => this.machine.pause('waits');
    const host = new Host(kernel, root, 'host');
    host.begin(configuration.hostCommand, HOST_TERMINAL);
    const [first] = tenants.map((tenant) => host.admit(tenant));
    this.machine.ledger.isProgram = () => kernel.current?.process === first;
    this.left = endsWithTenants ? tenants.length : Infinity;
    kernel.start();
  }

  /** A first process has ended: with the host's own, or the last of the tenants', the run has. */
  private firstEnded(process: Process, status: number): void {
    this.left--;
    const isHost = process === this.kernel.rootPids.init;
    if (this.ended !== null || (!isHost && this.left > 0)) return;
    this.ended = (status & 0x7f) !== 0 ? 128 + (status & 0x7f) : status >> 8;
    this.machine.pause('ended');
  }

  // ---------------------------------------------------------------- time

  get clock(): number {
    return this.machine.clock;
  }
  get instructions(): number {
    return this.machine.instructions;
  }
  get cycleNanoseconds(): number {
    return 1e9 / this.machine.cpu.model.frequency;
  }
  get idle(): boolean {
    return this.machine.cpu.halted;
  }
  /** With the first tenant's first process. */
  get beginning(): Reckoning | null {
    return this.machine.ledger.beginning;
  }
  run(budget: number): Stop {
    return this.stopped ?? this.after(this.machine.run(budget));
  }
  step(until?: number): Stop {
    return this.stopped ?? this.after(this.machine.step(until));
  }
  private after(stop: Stop): Stop {
    return this.stopped ?? stop;
  }
  /** Why the run does not go on: it has ended, or everybody waits for somebody to type. */
  private get stopped(): Stop | null {
    if (this.ended !== null) return { kind: 'exit', code: this.ended };
    return this.idle && this.kernel.hangs ? { kind: 'wait' } : null;
  }

  // ---------------------------------------------------------------- input

  input(input: Input): void {
    switch (input.kind) {
      case 'type':
        this.kernel.terminals.get(input.terminal)?.type(`${input.text}\n`);
        break;
      case 'keys':
        this.kernel.terminals.get(input.terminal)?.type(input.text);
        break;
      case 'attention':
        this.kernel.terminals.get(input.terminal)?.type('\x03');
        break;
      default: // registers, storage and cards of other machines' consoles
    }
  }

  // ---------------------------------------------------------------- state

  save(): ContainerWorldState {
    const machine = this.machine.save();
    return { version: 1, machine, kernel: this.kernel.save(), left: this.left, ended: this.ended };
  }

  restore(state: unknown): void {
    const { machine, kernel, left, ended } = state as ContainerWorldState;
    this.machine.restore(machine);
    this.kernel.restore(kernel);
    [this.left, this.ended] = [left, ended];
  }

  // ---------------------------------------------------------------- what happened

  observe(sink: WorldSink | null): void {
    const { ledger } = this.machine;
    ledger.settle();
    this.sink = sink;
    this.kernel.observer = sink && {
      called: ({ process }, name, _args, result) => {
        const refused = ERRORS.get(-result);
        this.tell(refused ? 'call-refused' : 'system-call', process, { name, code: refused ?? `${result}` });
      },
      said: (name) => {
        this.tell('kernel-line', this.kernel.current?.process ?? null, { name });
      },
    };
    ledger.listener =
      sink &&
      ((account, from, cycles) => {
        sink.segment({ from, cycles, ...VOCABULARY[account]! });
      });
  }

  private tell(kind: string, process: Process | null, detail: EventView['detail']): void {
    const { cpu } = this.machine;
    this.sink?.event({
      ...{ clock: cpu.clock, kind, layer: 'guest-kernel', level: 0 },
      subject: process ? `${process.name} ${process.pidIn(this.kernel.rootPids)}` : '',
      ...{ address: linearPointer(cpu), line: null, detail },
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
    return linearPointer(this.machine.cpu);
  }
  get waitAddress(): number {
    return this.instructionAddress();
  }
  get waitsDisabled(): boolean {
    return false;
  }
  register(name: string): number | null {
    const value = registersOf(this.machine.cpu)[name.toLowerCase()];
    return value === undefined ? null : parseInt(value, 16);
  }
  peek(_subject: string, address: number, length: number): Uint8Array {
    return peekLinear(this.machine.cpu, address, length);
  }

  parts(view: View): ReturnType<World['parts']> {
    const wants = (part: FramePart): boolean => view.parts.includes(part);
    const { cpu, ledger } = this.machine;
    const table = wants('translation') ? tableOf(cpu) : null;
    return {
      registers: wants('registers') ? [registersView(cpu)] : null,
      code: wants('code') ? codeOf(cpu, () => null) : null,
      storage: wants('storage')
        ? {
            address: view.storageAt,
            bytes: this.peek(view.subject, view.storageAt, view.storageLength),
            ...{ changed: [], size: ADDRESS_SPACE },
          }
        : null,
      translation: wants('translation')
        ? { tables: table ? [table] : [], steps: view.walk === null ? [] : walkSteps(cpu, view.walk) }
        : null,
      ledger: wants('ledger') ? ledger.rows() : null,
      terminals: wants('terminals') ? this.terminals() : null,
      kernel: wants('kernel') ? kernelView(this.kernel) : null,
      ...{ devices: null, tasks: null, printer: null, hypervisor: null },
    };
  }

  terminals(): readonly TerminalView[] {
    const all = [...this.kernel.terminals.values()];
    // The host's own, which began first, comes last: it is looked at on purpose.
    return [...all.slice(1), ...all.slice(0, 1)].map(({ name, text }) => ({
      ...{ id: name, title: name, text, locks: false },
      wantsInput: this.idle,
    }));
  }

  /** What stands on a terminal. */
  textOf(terminal: string): string {
    return this.kernel.terminals.get(terminal)?.text ?? '';
  }
}
