/** A System/370 with its devices and its guest, as a session drives it. */
import { ACCOUNTS, layerOf, levelOf, reasonOf } from '../../accounting/vocabulary.ts';
import type { Assembly } from '../../assembler/core/assembly.ts';
import type { Diagnostic } from '../../base/diagnostics.ts';
import { hex } from '../../base/bits.ts';
import { PieceFailed, failureOf } from '../../lab/piece.ts';
import type { GuestEnd, World, WorldSink } from '../../lab/world.ts';
import type { Stop } from '../../machines/contract.ts';
import type { Interruption } from '../../machines/s370/cpu.ts';
import { S370, type S370State } from '../../machines/s370/machine.ts';
import type { Frame, FramePart, Input, View } from '../../protocol/frame.ts';
import { bareSystem } from './bare.ts';
import { codeOf, SourceLines } from './code.ts';
import { DEFAULT_STORAGE, standardDasd, type S370Configuration } from './configuration.ts';
import { interruptionEvent, ioEvent, observedChannels, trapKind, type Moment } from './events.ts';
import { assembleFellow, initialPsw, loadProgram, prepare } from './load.ts';
import { MODEL_145 } from '../../machines/s370/models.ts';
import { modelWith } from '../constants.ts';
import { Peripherals } from './peripherals.ts';
import type { Discipline } from '../../os/timesharing/discipline.ts';
import { compileDiscipline } from './discipline-piece.ts';
import { compilePieces } from './piece.ts';
import { registersOf } from './registers.ts';
import { isTranslating, type Subject } from './subject.ts';
import { timesharingJobs, timesharingStorage, timesharingSystem } from './timesharing-system.ts';
import { ofUser, type System } from './system.ts';
import { tableOf, walkSteps } from './tables.ts';
import { realStorage } from './cp-system.ts';
import { virtualize } from './virtualize.ts';

/** Stands for a stop whose reason the world knows. */
const CANNOT_RUN: Stop = { kind: 'stopped' };

const VOCABULARY = Array.from({ length: ACCOUNTS }, (_, a) => ({
  layer: layerOf(a),
  level: levelOf(a),
  reason: reasonOf(a),
}));

/** The main source file, as spans and source map name it. */
export const MAIN_FILE = 'source';

export interface S370WorldState {
  readonly version: 1;
  readonly machine: S370State;
  readonly system: unknown;
  readonly traps: Readonly<Record<string, number>>;
}

function systemOf(
  machine: S370,
  peripherals: Peripherals,
  configuration: S370Configuration,
  discipline: Discipline | null,
): System {
  const levels = configuration.under ?? [];
  if (configuration.timesharing) return timesharingSystem(machine, peripherals, configuration, discipline);
  if (levels.length > 0) return virtualize(machine, peripherals, levels, configuration);
  return bareSystem(machine, peripherals);
}

export class S370World implements World {
  readonly machine: S370;
  readonly peripherals: Peripherals;
  readonly system: System;
  readonly assembly: Assembly | null;
  /** Assemblies of the fellow users' guests. */
  fellows: readonly Assembly[] = [];
  private readonly fellowNames: ReadonlySet<string>;
  private readonly source: SourceLines;
  private readonly file: string;
  private counts: Record<string, number> = {};
  private sink: WorldSink | null = null;
  /** What the load key met, if the guest could not be loaded. */
  private failure = '';
  problem: Diagnostic | null = null;

  private constructor(
    machine: S370,
    configuration: S370Configuration,
    assembly: Assembly | null,
    discipline: Discipline | null,
  ) {
    this.machine = machine;
    this.assembly = assembly;
    this.fellowNames = new Set(
      [...(configuration.fellows ?? []), ...(configuration.timesharing?.jobs ?? [])].map(({ name }) => name),
    );
    this.source = new SourceLines(assembly);
    this.file = configuration.program.kind === 'source' ? configuration.program.file : MAIN_FILE;
    this.peripherals = new Peripherals(
      machine,
      configuration.dasd ?? standardDasd(),
      configuration.fellows?.length,
    );
    if (configuration.cards) {
      this.peripherals.reader.load(configuration.cards);
      // The cards were there before the run began: that the reader became ready is no news to the program.
      machine.channels.reset();
    }
    this.system = systemOf(machine, this.peripherals, configuration, discipline);
    machine.cpu.onInterruption = (interruption, high, low) => {
      this.interrupted(interruption, high, low);
    };
  }

  /** Builds the world that `configuration` describes; null with the diagnostics when its source has errors. */
  static create(configuration: S370Configuration): {
    readonly world: S370World | null;
    readonly assembly: Assembly | null;
    readonly diagnostics: readonly Diagnostic[];
  } {
    const storage = configuration.storage ?? DEFAULT_STORAGE;
    const prepared = prepare(configuration.program, storage);
    const { assembly } = prepared;
    const { timesharing } = configuration;
    const pieces = configuration.pieces && !timesharing ? compilePieces(configuration.pieces) : null;
    const discipline = timesharing && configuration.pieces ? compileDiscipline(configuration.pieces) : null;
    const jobs = timesharingJobs(configuration);
    const diagnostics = [
      ...prepared.diagnostics,
      ...(pieces?.diagnostics ?? []),
      ...(discipline && 'problem' in discipline ? [discipline.problem] : []),
      ...jobs.flatMap((job) => job.diagnostics),
    ];
    if (diagnostics.some(({ severity }) => severity === 'error'))
      return { world: null, assembly, diagnostics };
    const model = modelWith(configuration.model ?? MODEL_145, configuration.constants);
    const levels = configuration.under ?? [];
    const machine = new S370({
      model,
      storage: configuration.timesharing
        ? timesharingStorage(configuration.timesharing.settings)
        : realStorage(
            levels,
            (configuration.fellows ?? []).reduce((sum, fellow) => sum + fellow.storage, storage),
          ),
      assist: levels[0]?.assist ?? 'none',
    });
    const fellows = (configuration.fellows ?? []).map((fellow) => assembleFellow(fellow));
    const world = new S370World(
      machine,
      configuration,
      assembly,
      discipline && 'place' in discipline ? discipline : null,
    );
    if (pieces) world.system.replace(pieces.actions);
    fellows.forEach((fellow, i) => {
      world.system.loadFellow(i, fellow.segments, initialPsw(fellow));
    });
    world.fellows = fellows;
    world.guardedStart(() => {
      world.failure = loadProgram(prepared, world.system);
    });
    return { world, assembly, diagnostics };
  }

  get clock(): number {
    return this.machine.clock;
  }
  get instructions(): number {
    return this.machine.instructions;
  }
  get cycleNanoseconds(): number {
    return this.machine.cpu.model.cyclePicoseconds / 1000;
  }

  run(budget: number): Stop {
    return this.outcome(this.guarded(() => this.machine.run(budget)));
  }
  step(until?: number): Stop {
    return this.outcome(this.guarded(() => this.machine.step(until)));
  }
  /** A student's piece may fail as soon as the system comes up. */
  private guardedStart(work: () => void): void {
    this.guarded(() => {
      work();
      return CANNOT_RUN;
    });
  }
  private guarded(work: () => Stop): Stop {
    if (this.failure || this.problem) return CANNOT_RUN;
    try {
      return work();
    } catch (error) {
      if (!(error instanceof PieceFailed)) throw error;
      this.problem = error.diagnostic;
      return CANNOT_RUN;
    }
  }
  /** A guest that a monitor had to stop has not ended well, though the machine itself only waits. */
  private outcome(stop: Stop): Stop {
    if (this.problem) return { kind: 'check', reason: failureOf(this.problem) };
    const reason = this.failure || (stop.kind === 'wait' ? (this.guestEnd?.failure ?? '') : '');
    return reason === '' ? stop : { kind: 'check', reason };
  }
  get idle(): boolean {
    return this.machine.cpu.wait;
  }

  get guestEnd(): GuestEnd | null {
    return this.system.guestEnd;
  }

  input(input: Input): void {
    this.system.input(input);
  }

  // ---------------------------------------------------------------- state

  save(): S370WorldState {
    return {
      version: 1,
      machine: this.machine.save(),
      system: this.system.save(),
      traps: { ...this.counts },
    };
  }

  restore(state: unknown): void {
    const { machine, system, traps } = state as S370WorldState;
    this.machine.restore(machine);
    this.system.restore(system);
    this.counts = { ...traps };
    this.problem = null;
  }

  // ---------------------------------------------------------------- what happened

  /** Interruptions of the real machine so far, by kind. */
  get traps(): Readonly<Record<string, number>> {
    return this.counts;
  }

  observe(sink: WorldSink | null): void {
    const { cpu, channels } = this.machine;
    cpu.ledger.settle();
    this.sink = sink;
    this.system.observe(
      sink && {
        segment: (segment) => {
          sink.segment(segment);
        },
        event: (event) => {
          const line = this.fellowNames.has(event.subject) ? null : this.lineAt(event.address);
          sink.event({ ...event, line: event.line ?? line });
        },
      },
    );
    cpu.ledger.listener = sink
      ? (account, from, cycles) => {
          const words = VOCABULARY[account]!;
          sink.segment({ from, cycles, ...words, layer: ofUser(words.layer, this.system.user()) });
        }
      : null;
    cpu.channels = sink
      ? observedChannels(channels, (name, device, code) => {
          sink.event(ioEvent(name, device, code, this.moment(cpu.instructionAddress)));
        })
      : channels;
  }

  flush(): void {
    this.machine.ledger.settle();
  }

  private moment(address: number | null): Moment {
    const { cpu } = this.machine;
    return {
      clock: cpu.clock,
      open: cpu.ledger.open,
      address,
      line: this.lineAt(address),
    };
  }

  private lineAt(address: number | null): number | null {
    // What a fellow user's machine does at that address is not in this source.
    if (address === null || this.fellowNames.has(this.system.user())) return null;
    return this.source.entryAt(address)?.line ?? null;
  }

  private interrupted(interruption: Interruption, high: number, low: number): void {
    const kind = trapKind(interruption);
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
    if (!this.sink) return;
    const { cpu } = this.machine;
    const byInstruction = interruption.class === 'program' || interruption.class === 'svc';
    const moment = this.moment(byInstruction ? cpu.instructionAddress : low & 0xffffff);
    const word = byInstruction && cpu.instructionBytes > 0 ? cpu.executedWord() : null;
    this.sink.event(interruptionEvent(interruption, `${hex(high)} ${hex(low)}`, word, moment));
  }

  // ---------------------------------------------------------------- what panels see

  layer(): Frame['layer'] {
    return this.system.layer();
  }

  private subject(name: string): Subject {
    const { subjects } = this.system;
    return subjects.find((subject) => subject.name === name) ?? subjects[0]!;
  }

  instructionAddress(subject: string): number | null {
    const seen = this.subject(subject);
    return this.system.executes(seen) ? seen.psw.instructionAddress : null;
  }

  get sourceLine(): string | null {
    const line = this.lineAt(this.instructionAddress(''));
    return line === null ? null : String(line);
  }

  get waitAddress(): number {
    return this.subject('').psw.instructionAddress;
  }
  get waitsDisabled(): boolean {
    const { psw } = this.subject('');
    return psw.extendedControl ? (psw.systemMask & 3) === 0 : psw.systemMask === 0;
  }

  register(name: string): number | null {
    const number = /^R(\d{1,2})$/.exec(name)?.[1];
    return number === undefined ? null : (this.subject('').gr[Number(number)] ?? null);
  }

  peek(name: string, address: number, length: number): Uint8Array {
    const subject = this.subject(name);
    const bytes = new Uint8Array(Math.max(0, Math.min(length, subject.size - address)));
    for (let i = 0; i < bytes.length; i++) bytes[i] = Math.max(0, subject.peek(address + i));
    return bytes;
  }

  parts(view: View): ReturnType<World['parts']> {
    const wants = (part: FramePart): boolean => view.parts.includes(part);
    const subject = this.subject(view.subject);
    return {
      registers: wants('registers') ? [registersOf(subject)] : null,
      code: wants('code') ? codeOf(subject, this.source, this.file) : null,
      storage: wants('storage')
        ? {
            address: view.storageAt,
            bytes: this.peek(view.subject, view.storageAt, view.storageLength),
            changed: [],
            size: subject.size,
          }
        : null,
      translation: wants('translation') ? this.translation(subject, view.walk) : null,
      ledger: wants('ledger') ? this.machine.ledger.rows() : null,
      terminals: wants('terminals') ? this.system.terminals() : null,
      devices: wants('devices') ? this.peripherals.views() : null,
      tasks: wants('tasks') ? this.system.tasks() : null,
      printer: wants('printer') ? this.system.printer() : null,
      ...(wants('sharing') && this.system.sharing ? { sharing: this.system.sharing() } : {}),
    };
  }

  private translation(subject: Subject, address: number | null): Frame['translation'] {
    const own = isTranslating(subject) ? tableOf(subject, subject.name) : null;
    return {
      tables: [...(own ? [own] : []), ...this.system.tables(subject)],
      steps: address !== null && isTranslating(subject) ? walkSteps(subject, address) : [],
    };
  }
}
