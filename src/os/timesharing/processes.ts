/** How processes begin and end: started from the library, replaced by exec, copied by fork, and what remains of them. */
import { psw as makePsw } from '../../machines/s370/psw.ts';
import { MOST_PROCESSES, TABLES } from './layout.ts';
import { MOST_PAGES, TABLE_BYTES } from './memory/core.ts';
import { isPaging } from './memory/table.ts';
import { OPERATOR, type Open, type Process } from './process.ts';
import { pagesOf, type Program } from './settings.ts';
import type { Supervisor } from './supervisor.ts';

/** A program of the library and where on the drum it lies. */
export interface Stored {
  readonly program: Program;
  readonly slots: readonly number[];
}

/** What remains of a process. */
export type Finished = Pick<
  Process,
  | 'id'
  | 'user'
  | 'program'
  | 'argument'
  | 'arrivedAt'
  | 'endedAt'
  | 'total'
  | 'dispatches'
  | 'preemptions'
  | 'faults'
  | 'pagesIn'
  | 'pagesOut'
  | 'output'
  | 'exitCode'
  | 'failure'
> & { readonly pageCount: number };

export class Processes {
  private readonly supervisor: Supervisor;
  private readonly library: ReadonlyMap<string, Stored>;

  constructor(supervisor: Supervisor, library: readonly Stored[]) {
    this.supervisor = supervisor;
    this.library = new Map(library.map((stored) => [stored.program.name, stored]));
  }

  /** Names of the programs that can be started. */
  get programs(): readonly string[] {
    return [...this.library.keys()];
  }

  /** Makes a process of a program of the library; −1 where there is no such program or no room. */
  spawn(user: number, name: string, argument: number, parent: Process | null = null): number {
    const stored = this.library.get(name);
    const tables = this.freeTables();
    if (!stored || tables < 0 || !this.fits(stored.program)) return -1;
    this.supervisor.charge('spawn');
    const process: Process = {
      id: this.supervisor.state.nextId++,
      user,
      program: name,
      argument,
      parent: parent?.id ?? -1,
      priority: stored.program.priority,
      state: 'blocked',
      waiting: null,
      gr: new Int32Array(16),
      fpr: new Uint32Array(8),
      psw: makePsw(),
      fresh: true,
      pages: [],
      base: -1,
      key: 0,
      tables,
      open: parent
        ? parent.open.map((open) => open && this.opened({ ...open }))
        : [{ kind: 'terminal' }, { kind: 'terminal' }],
      output: '',
      exitCode: 0,
      failure: '',
      arrivedAt: this.supervisor.system.clock,
      total: 0,
      burst: 0,
      stay: 0,
      rank: 0,
      queuedAt: 0,
      turn: 0,
      left: 0,
      patienceEnds: Infinity,
      endedAt: 0,
      dispatches: 0,
      preemptions: 0,
      faults: 0,
      pagesIn: 0,
      pagesOut: 0,
    };
    this.supervisor.state.processes.push(process);
    this.load(process, stored);
    this.supervisor.note('command', process, { program: name, argument });
    this.supervisor.charge('place');
    this.supervisor.queue.join(process, 'started', this.supervisor.system.clock);
    return process.id;
  }
  private fits(program: Program): boolean {
    return (
      pagesOf(program) <=
      Math.min(
        MOST_PAGES,
        isPaging(this.supervisor.settings.memory) ? MOST_PAGES : this.supervisor.settings.frames,
      )
    );
  }
  private freeTables(): number {
    const taken = new Set(this.supervisor.state.processes.map(({ tables }) => tables));
    for (let at = TABLES; at < TABLES + MOST_PROCESSES * TABLE_BYTES; at += TABLE_BYTES)
      if (!taken.has(at)) return at;
    return -1;
  }
  /** Gives the process the pages of a program, none of them in core, and its registers. */
  private load(process: Process, { program, slots }: Stored): void {
    process.pages = Array.from({ length: pagesOf(program) }, (_, i) => ({
      frame: -1,
      slot: -1,
      source: slots[i] ?? -1,
      changed: false,
      moving: false,
    }));
    process.base = this.supervisor.settings.protection === 'dat' ? 0 : -1;
    process.fresh = true;
    process.gr.fill(0);
    process.fpr.fill(0);
    process.psw = makePsw({ extendedControl: true, problemState: true, instructionAddress: program.entry });
    this.supervisor.core.clearTables(process);
  }
  /** Where a program lies is known when it first is in core: its registers are set then. */
  settle(process: Process): void {
    if (!process.fresh) return;
    process.fresh = false;
    const { base, psw } = process;
    process.gr[0] = process.id;
    process.gr[1] = process.argument;
    process.gr[15] = (base + psw.instructionAddress) | 0;
    process.psw = { ...psw, instructionAddress: base + psw.instructionAddress };
  }

  exec(process: Process, name: string, argument: number): boolean {
    const stored = this.library.get(name);
    if (!stored || !this.fits(stored.program)) return false;
    this.supervisor.charge('spawn');
    this.supervisor.memory.left(process);
    process.program = name;
    process.argument = argument;
    this.load(process, stored);
    // Its pages are to come first.
    this.supervisor.queue.join(process, 'preempted', this.supervisor.system.clock);
    return true;
  }

  /** A copy of the process, which shares what it has open; −1 where address spaces or room are lacking. */
  fork(process: Process): number {
    const { protection, memory } = this.supervisor.settings;
    const free = this.supervisor.core.frames.filter(({ owner }) => owner < 0).length;
    if (protection !== 'dat' || memory !== 'resident' || free < process.pages.length) return -1;
    const id = this.spawn(process.user, process.program, process.argument, process);
    const child = this.supervisor.process(id);
    if (!child || !this.supervisor.core.copy(process, child)) return -1;
    child.gr.set(process.gr);
    child.fpr.set(process.fpr);
    child.psw = process.psw;
    child.fresh = false;
    child.gr[1] = 0;
    return id;
  }

  /** Counts one more who has it open. */
  opened(open: Open): Open {
    if (open.kind === 'pipe')
      this.supervisor.files.state.pipes[open.pipe]![open.end === 'read' ? 'readers' : 'writers']++;
    return open;
  }
  close(process: Process, number: number): void {
    const open = process.open[number];
    if (!open) return;
    process.open[number] = null;
    if (open.kind !== 'pipe') return;
    this.supervisor.files.state.pipes[open.pipe]![open.end === 'read' ? 'readers' : 'writers']--;
    this.supervisor.wakeWaiting((w) => w.kind === 'pipe' && w.pipe === open.pipe);
  }

  end(process: Process, exitCode: number, failure: string): void {
    const now = this.supervisor.system.clock;
    process.open.forEach((_, number) => {
      this.close(process, number);
    });
    Object.assign(process, { state: 'ended', waiting: null, exitCode, failure, endedAt: now });
    this.supervisor.memory.left(process);
    if (failure !== '' && process.user === OPERATOR)
      this.supervisor.terminal.write(`${process.program}: ${failure}\n`);
    const { id, user, program, argument, arrivedAt, total, dispatches, preemptions } = process;
    const { faults, pagesIn, pagesOut, output } = process;
    this.supervisor.state.finished.push({
      ...{ id, user, program, argument, arrivedAt, endedAt: now, total, dispatches, preemptions },
      ...{ faults, pagesIn, pagesOut, output, exitCode, failure, pageCount: process.pages.length },
    });
    this.supervisor.users.ended(id, now, { cycles: total, output, failure });
    for (const child of this.supervisor.state.processes)
      if (child.parent === id && child.state === 'ended') this.forget(child);
    if (!this.supervisor.live.some((p) => p.id === process.parent)) this.forget(process);
    this.supervisor.wakeWaiting((w) => w.kind === 'child' && w.id === id);
  }
  /** Nobody will ask any more how it ended. */
  forget(process: Process): void {
    this.supervisor.state.processes = this.supervisor.state.processes.filter((p) => p !== process);
  }
}
