/**
 * The supervisor of a time-sharing system: many users inside one operating system. Their programs run as processes in
 * the problem state; it is entered by each interruption, serves it, and gives the processor to the process that the
 * discipline puts first. It acts on its System/370 through the privileged operations of `System370` alone.
 */
import { account } from '../../accounting/vocabulary.ts';
import { clonePlain } from '../../base/clone.ts';
import { ebcdicBytes } from '../../base/ebcdic.ts';
import {
  EXTERNAL_NEW_PSW,
  EXTERNAL_OLD_PSW,
  IO_NEW_PSW,
  IO_OLD_PSW,
  MACHINE_CHECK_NEW_PSW,
  PAGE_TRANSLATION,
  PROGRAM_CODE,
  PROGRAM_INTERRUPTIONS,
  PROGRAM_NEW_PSW,
  PROGRAM_OLD_PSW,
  RESTART_NEW_PSW,
  SEGMENT_TRANSLATION,
  SVC_CODE,
  SVC_NEW_PSW,
  SVC_OLD_PSW,
  TRANSLATION_EXCEPTION_ADDRESS,
} from '../../machines/s370/assigned-storage.ts';
import type { Host, Interruption } from '../../machines/s370/cpu.ts';
import { packPsw, psw as makePsw, unpackPsw } from '../../machines/s370/psw.ts';
import type { System370 } from '../../machines/s370/system.ts';
import { CALLS } from './calls.ts';
import type { Discipline } from './discipline.ts';
import { DISCIPLINES } from './disciplines/table.ts';
import { Dispatcher } from './dispatcher.ts';
import { Files, type FilesState } from './files.ts';
import {
  DISK_MOVES,
  DISK_PROGRAM,
  DRUM_MOVES,
  DRUM_PROGRAM,
  ENTRIES,
  FILE_BUFFERS,
  SUPERVISOR_BYTES,
  TERMINAL_AREA,
} from './layout.ts';
import type { Kernel, Memory } from './memory/contract.ts';
import { Core, type Frame } from './memory/core.ts';
import { isPaging, memoryOf } from './memory/table.ts';
import { type PageDevice, PageStore, type PageStoreState } from './page-store.ts';
import { PATHS, type PathName } from './paths.ts';
import { OPERATOR, type Process, type Waiting } from './process.ts';
import { type Finished, Processes, type Stored } from './processes.ts';
import { type QueueState, ReadyQueue } from './queue.ts';
import { PAGE, type Settings } from './settings.ts';
import { Forbidden, PageMissing, UserStorage } from './user-storage.ts';
import { Terminal } from './terminal.ts';
import { type Command, Users, type UsersState } from './users.ts';

const NEW_PSWS = [
  RESTART_NEW_PSW,
  EXTERNAL_NEW_PSW,
  SVC_NEW_PSW,
  PROGRAM_NEW_PSW,
  MACHINE_CHECK_NEW_PSW,
  IO_NEW_PSW,
];
const OLD_PSW = {
  external: EXTERNAL_OLD_PSW,
  svc: SVC_OLD_PSW,
  program: PROGRAM_OLD_PSW,
  io: IO_OLD_PSW,
  restart: 0x08,
  'machine-check': 0x30,
} as const;

export interface SupervisorOptions {
  readonly settings: Settings;
  readonly library: readonly Stored[];
  /** For programs that are not in core, and for the library. */
  readonly drum: PageDevice;
  /** For files. */
  readonly disk: PageDevice;
  /** Milliseconds in which the drum moves a page. */
  readonly pageMilliseconds: number;
  /** Address of the real terminal. */
  readonly terminal: number;
  /** In the place of the one that the settings name. */
  readonly discipline?: Discipline;
  /** The one command of each user, in the place of what simulated users would think of. */
  readonly script?: readonly Command[];
}

export interface SupervisorState {
  readonly version: 1;
  processes: Process[];
  finished: Finished[];
  running: number;
  launchedAt: number;
  nextId: number;
  lines: string[];
  /** Why the system is down, or ''. */
  down: string;
  /** Control registers 0 and 1 as last loaded, so that they are loaded only when they change. */
  control: number;
  tables: number;
  switches: number;
  lpswCycles: number;
}
interface Saved {
  readonly own: SupervisorState;
  readonly drum: PageStoreState;
  readonly disk: PageStoreState;
  readonly queue: QueueState;
  readonly files: FilesState;
  readonly users: UsersState;
  readonly frames: readonly Frame[];
  readonly memory: unknown;
  readonly terminal: Terminal['state'];
}

/** What the supervisor does, for whoever looks. */
export interface SupervisorEvent {
  readonly kind: 'dispatch' | 'page-in' | 'page-out' | 'command' | 'call';
  readonly process: Process;
  readonly detail: Readonly<Record<string, string | number>>;
}

export class Supervisor implements Host, Kernel {
  readonly system: System370;
  readonly settings: Settings;
  readonly drum: PageStore;
  readonly disk: PageStore;
  readonly storage: UserStorage;
  readonly files: Files;
  readonly users: Users;
  readonly queue: ReadyQueue;
  readonly core: Core;
  readonly memory: Memory;
  readonly terminal: Terminal;
  readonly processes: Processes;
  readonly dispatcher: Dispatcher;
  private readonly terminalAddress: number;
  observer: ((event: SupervisorEvent) => void) | null = null;
  state: SupervisorState = {
    version: 1,
    processes: [],
    finished: [],
    running: -1,
    launchedAt: 0,
    nextId: 1,
    lines: [],
    down: '',
    control: 0,
    tables: -1,
    switches: 0,
    lpswCycles: 0,
  };

  constructor(system: System370, options: SupervisorOptions) {
    const { settings, library, pageMilliseconds } = options;
    if (isPaging(settings.memory) && settings.protection !== 'dat')
      throw new Error(
        `memory ${settings.memory} needs protection dat: a page that is away must be found out`,
      );
    this.system = system;
    this.settings = settings;
    this.processes = new Processes(this, library);
    this.dispatcher = new Dispatcher(this);
    this.terminalAddress = options.terminal;
    const transfer = (pages: number): void => this.charge('transfer', pages);
    this.drum = new PageStore(system, options.drum, DRUM_PROGRAM, DRUM_MOVES, transfer);
    this.disk = new PageStore(system, options.disk, DISK_PROGRAM, DISK_MOVES, transfer);
    this.drum.reserve(library.flatMap(({ slots }) => slots));
    this.storage = new UserStorage(system, settings);
    this.files = new Files(
      this.disk,
      (index) => FILE_BUFFERS + index * PAGE,
      (real) => {
        system.store(real, new Uint8Array(PAGE));
      },
    );
    this.users = new Users(
      settings,
      library.map(({ program }) => program),
      options.script,
    );
    const milliseconds = (settings.quantum * system.cyclePicoseconds) / 1e9;
    const pagesPerQuantum = Math.max(1, Math.floor(milliseconds / (2 * pageMilliseconds)));
    const discipline = options.discipline ?? DISCIPLINES[settings.discipline];
    this.queue = new ReadyQueue(discipline, settings, pagesPerQuantum, () => this.live);
    this.core = new Core(this, SUPERVISOR_BYTES);
    this.memory = memoryOf(this, this.core);
    this.terminal = new Terminal(system, options.terminal, TERMINAL_AREA, (line) => {
      this.lineTyped(line);
    });
  }

  // ---------------------------------------------------------------- services to its parts

  get live(): readonly Process[] {
    return this.state.processes.filter(({ state }) => state !== 'ended');
  }
  process(id: number): Process | null {
    return this.state.processes.find((p) => p.id === id) ?? null;
  }
  charge(path: PathName, times = 1): void {
    const { instructions, reason } = PATHS[path];
    const cycles = Math.ceil(instructions * times * this.system.cyclesPerInstruction);
    this.system.work(account('guest-kernel', reason, this.system.level), cycles);
  }
  note(kind: SupervisorEvent['kind'], process: Process, detail: SupervisorEvent['detail']): void {
    this.observer?.({ kind, process, detail });
  }
  /** A process whose page, block or room in core has come goes on where it was in the queue. */
  wake(process: Process): void {
    if (process.state !== 'blocked') return;
    this.charge('place');
    const within = process.waiting?.kind === 'page' || process.waiting?.kind === 'block';
    this.queue.join(process, within ? 'preempted' : 'answered', this.system.clock);
  }
  wakeWaiting(test: (waiting: Waiting) => boolean): void {
    for (const p of this.live) if (p.state === 'blocked' && p.waiting && test(p.waiting)) this.wake(p);
  }

  // ---------------------------------------------------------------- the start

  /** Brings the system up; `first` is what its operator has it execute. */
  start(first: string | null = null): void {
    const { system } = this;
    system.enter(account('guest-kernel', 'emulation', system.level));
    NEW_PSWS.forEach((at, i) => {
      const [high, low] = this.entryPsw(i);
      system.storeWord(at, high);
      system.storeWord(at + 4, low);
    });
    if (this.settings.protection === 'keys')
      for (let at = 0; at < SUPERVISOR_BYTES; at += 2048) system.setStorageKey(at, 0x08);
    this.dispatcher.setMasks(0);
    system.loadControl(2, [-1]);
    // How long LPSW takes on this machine: what a quantum of few cycles must allow for.
    const before = system.clock;
    system.loadPsw(makePsw({ extendedControl: true }));
    this.state.lpswCycles = system.clock - before;
    if (first !== null && this.processes.spawn(OPERATOR, first, 0) < 0)
      this.fail(`${first} does not fit in core`);
    else this.dispatcher.dispatch();
  }
  private entryPsw(index: number): readonly [number, number] {
    return packPsw(makePsw({ extendedControl: true, instructionAddress: ENTRIES + 16 * index }));
  }

  // ---------------------------------------------------------------- terminals

  typed(process: Process, text: string): void {
    if (process.user === OPERATOR) this.terminal.write(text);
    process.output += text;
  }
  /** The line that a process reads next, or null while there is none. A simulated user has nothing to add. */
  lineFor(
    process: Process,
  ): (ArrayLike<number> & { slice(from: number, to: number): ArrayLike<number> }) | null {
    if (process.user !== OPERATOR) return new Uint8Array(0);
    const line = this.state.lines[0];
    return line === undefined ? null : ebcdicBytes(`${line}\n`);
  }
  takeLine(process: Process): void {
    if (process.user === OPERATOR) this.state.lines.shift();
  }
  /** A line from the real terminal: for the program at work there, else a command: a program's name and its argument. */
  private lineTyped(line: string): void {
    if (this.live.some(({ user }) => user === OPERATOR)) {
      this.state.lines.push(line);
      this.wakeWaiting((w) => w.kind === 'line');
      return;
    }
    const [name = '', argument = '0'] = line.trim().toUpperCase().split(/\s+/);
    if (name === '') return;
    if (this.processes.spawn(OPERATOR, name, Number.parseInt(argument, 10) || 0) >= 0) return;
    this.terminal.write(`${name}? there are ${this.processes.programs.join(' ')}\n`);
  }

  // ---------------------------------------------------------------- interruptions

  interruption(told: Interruption): void {
    const { system, state } = this;
    if (state.down !== '') return;
    const now = system.clock;
    system.enter(account('guest-kernel', 'emulation', system.level));
    if (!this.intact()) {
      this.fail('a program has overwritten the supervisor');
      return;
    }
    this.charge('entry');
    const process = state.running >= 0 ? this.process(state.running) : null;
    state.running = -1;
    if (process) this.saveProcess(process, told, now);
    switch (told.class) {
      case 'svc':
        this.call(process!, told.code);
        break;
      case 'program':
        this.programInterruption(process, told.code);
        break;
      case 'io':
        this.ioInterruption(told.code);
        break;
      case 'external': // the dispatcher looks at the clocks
      case 'restart':
      case 'machine-check':
        break;
    }
    this.dispatcher.dispatch(process);
  }

  /** Whether the new PSWs are as they were put in place: without protection a program may have changed them. */
  private intact(): boolean {
    return NEW_PSWS.every((at, i) => {
      const [high, low] = this.entryPsw(i);
      return this.system.fetchWord(at) === high >>> 0 && this.system.fetchWord(at + 4) === low >>> 0;
    });
  }
  /** The whole system is down, and every user's work with it. */
  private fail(reason: string): void {
    this.state.down = reason;
    this.system.loadPsw(makePsw({ extendedControl: true, wait: true, instructionAddress: 0xbad }));
  }

  private saveProcess(process: Process, { class: kind }: Interruption, now: number): void {
    const { system } = this;
    const elapsed = now - this.state.launchedAt;
    process.gr.set(system.gr);
    process.fpr.set(system.fpr);
    process.psw = unpackPsw(system.fetchWord(OLD_PSW[kind]), system.fetchWord(OLD_PSW[kind] + 4));
    process.total += elapsed;
    process.burst += elapsed;
    process.stay += elapsed;
    if (process.left !== null) process.left -= elapsed;
    this.queue.used(process.user, elapsed, now);
  }

  private call(process: Process, code: number): void {
    this.charge('call');
    const call = CALLS[code];
    if (!call) {
      this.processes.end(process, 0, `SVC ${code}: no such call`);
      return;
    }
    this.note('call', process, { name: call.name });
    const before = process.psw;
    const length = (this.system.fetchWord(SVC_CODE) >>> 16) & 6;
    const again = (): void => {
      process.psw = { ...before, instructionAddress: (before.instructionAddress - length) & 0xffffff };
    };
    try {
      const waiting = call.act(this, process);
      if (!waiting) return;
      again();
      this.block(process, waiting);
    } catch (thrown) {
      if (thrown instanceof PageMissing) {
        again();
        this.pageFault(process, thrown.page);
      } else if (thrown instanceof Forbidden)
        this.processes.end(process, 0, `${call.name}: an address outside the program`);
      else throw thrown;
    }
  }
  private block(process: Process, waiting: Waiting): void {
    process.state = 'blocked';
    process.waiting = waiting;
    if (waiting.kind === 'line' || waiting.kind === 'child') this.memory.slept(process);
  }

  private programInterruption(process: Process | null, told: number): void {
    if (!process) throw new Error(`program interruption ${told.toString(16)} in the supervisor itself`);
    const code = told & 0x7f;
    const translation = code === SEGMENT_TRANSLATION || code === PAGE_TRANSLATION;
    const page = (this.system.fetchWord(TRANSLATION_EXCEPTION_ADDRESS) & 0xffffff) >>> 12;
    if (translation && page < process.pages.length) {
      this.pageFault(process, page);
      return;
    }
    const length = (this.system.fetchWord(PROGRAM_CODE) >>> 16) & 6;
    const at =
      (process.psw.instructionAddress - (translation ? 0 : length) - Math.max(0, process.base)) & 0xffffff;
    const name = PROGRAM_INTERRUPTIONS[code] ?? 'program';
    this.processes.end(
      process,
      0,
      `${name} exception at ${at.toString(16).toUpperCase().padStart(6, '0')} of the program`,
    );
  }
  private pageFault(process: Process, page: number): void {
    process.faults++;
    this.block(process, { kind: 'page', page });
    this.note('page-in', process, { page });
    this.memory.fault(process, page);
    const { frame, moving } = process.pages[page]!;
    if (frame < 0 && !moving) this.wake(process); // no frame just now: it tries again
  }

  private ioInterruption(address: number): void {
    this.charge('interrupt');
    if (address === this.terminalAddress) this.terminal.interruption();
    else if (address === this.drum.device.address) {
      const batch = this.drum.interruption();
      if (batch) this.memory.moved(batch);
    } else if (address === this.disk.device.address) {
      const batch = this.disk.interruption();
      if (batch) {
        this.files.moved(batch.detail);
        this.wakeWaiting((w) => w.kind === 'block');
      }
    }
    this.drum.start();
    this.disk.start();
    this.terminal.start();
  }

  /** Everybody has gone home, and nothing is at work. */
  get finished(): boolean {
    return this.live.length === 0 && this.users.next === Infinity;
  }

  // ---------------------------------------------------------------- state

  save(): unknown {
    return clonePlain({
      own: this.state,
      drum: this.drum.state,
      disk: this.disk.state,
      queue: this.queue.state,
      files: this.files.state,
      users: this.users.state,
      frames: this.core.frames,
      memory: this.memory.save(),
      terminal: this.terminal.state,
    } satisfies Saved);
  }
  restore(state: unknown): void {
    const saved = clonePlain(state as Saved);
    this.state = saved.own;
    this.drum.state = saved.drum;
    this.disk.state = saved.disk;
    this.queue.state = saved.queue;
    this.files.state = saved.files;
    this.users.state = saved.users;
    this.core.frames = [...saved.frames];
    this.memory.restore(saved.memory);
    this.terminal.state = saved.terminal;
  }
}
