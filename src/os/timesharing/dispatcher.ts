/** The dispatcher: who has the processor next, until when, and what the clocks are set to meanwhile. */
import { account } from '../../accounting/vocabulary.ts';
import { psw as makePsw, type Psw } from '../../machines/s370/psw.ts';
import type { Process } from './process.ts';
import type { Supervisor } from './supervisor.ts';

/** Control register 0: 4 K pages in segments of 64 K; which clocks may interrupt. */
const PAGES_4K = 0x0080_0000;
const COMPARATOR_MASK = 0x800;
const CPU_TIMER_MASK = 0x400;
const TRANSLATING = 0x04;
const IO_AND_EXTERNAL = 0x03;
const UNITS_PER_MICROSECOND = 4096n;
const NEVER = (1n << 62n) - 1n;
const NEVER_ON_CLOCK = BigInt.asUintN(64, -1n);

export class Dispatcher {
  private readonly supervisor: Supervisor;

  constructor(supervisor: Supervisor) {
    this.supervisor = supervisor;
  }

  /** Gives the processor to the first in the queue that can execute; `current` has had it until now. */
  dispatch(current: Process | null = null): void {
    const now = this.supervisor.system.clock;
    this.supervisor.users.due(now, (user, program, argument) =>
      this.supervisor.processes.spawn(user, program, argument),
    );
    this.supervisor.queue.age(now);
    if (current) this.stayOrGo(current, now);
    const next =
      current?.state === 'running'
        ? current
        : this.supervisor.queue.order().find((p) => this.supervisor.memory.ready(p));
    if (next) this.launch(next);
    else this.wait();
  }
  private stayOrGo(current: Process, now: number): void {
    if (current.state === 'running') {
      const ahead =
        this.supervisor.queue.discipline.preempts &&
        this.supervisor.live.some((p) => p.state === 'ready' && p.rank < current.rank);
      const expired = current.left !== null && current.left <= 0;
      if (!expired && !ahead) return;
      this.supervisor.charge('place');
      if (!expired) current.preemptions++;
      this.supervisor.queue.join(current, expired ? 'expired' : 'preempted', now);
    }
    if (current.state !== 'ended') this.supervisor.memory.stayed(current);
  }

  private launch(process: Process): void {
    const { system, state } = this.supervisor;
    this.supervisor.charge('dispatch');
    if (process.state !== 'running') {
      process.dispatches++;
      state.switches++;
      this.supervisor.note('dispatch', process, { level: process.rank });
    }
    process.state = 'running';
    this.supervisor.processes.settle(process);
    system.gr.set(process.gr);
    system.fpr.set(process.fpr);
    const translating = this.supervisor.settings.protection === 'dat';
    if (translating && state.tables !== process.tables) {
      state.tables = process.tables;
      system.loadControl(1, [process.tables]);
      system.purgeTlb();
    }
    this.setMasks(process.left === null ? COMPARATOR_MASK : COMPARATOR_MASK | CPU_TIMER_MASK);
    this.setComparator();
    system.enter(account('guest-user', 'direct', system.level));
    const left =
      process.left === null ? NEVER : this.units(Math.max(0, process.left) + state.lpswCycles) + 1n;
    state.running = process.id;
    system.setCpuTimer(left);
    system.loadPsw({
      ...process.psw,
      extendedControl: true,
      systemMask: IO_AND_EXTERNAL | (translating ? TRANSLATING : 0),
      key: process.key,
      problemState: true,
      machineCheckMask: true,
    } satisfies Psw);
    state.launchedAt = system.clock;
  }

  private wait(): void {
    // A clock that is never to interrupt must not be waited for either.
    this.setMasks(this.setComparator() === Infinity ? 0 : COMPARATOR_MASK);
    this.supervisor.system.loadPsw(
      makePsw({ extendedControl: true, wait: true, systemMask: IO_AND_EXTERNAL, machineCheckMask: true }),
    );
  }
  setMasks(masks: number): void {
    const control = PAGES_4K | masks;
    if (this.supervisor.state.control === control) return;
    this.supervisor.state.control = control;
    this.supervisor.system.loadControl(0, [control]);
  }
  private units(cycles: number): bigint {
    return (
      (BigInt(Math.floor(cycles)) * BigInt(this.supervisor.system.cyclePicoseconds) * UNITS_PER_MICROSECOND) /
      1_000_000n
    );
  }
  /** The next command of a user, or the end of somebody's patience; gives its cycle. */
  private setComparator(): number {
    const patience = this.supervisor.live.map((p) => (p.state === 'ready' ? p.patienceEnds : Infinity));
    const next = Math.min(this.supervisor.users.next, ...patience);
    const { system } = this.supervisor;
    const now = system.storeClock();
    system.setClockComparator(
      next === Infinity ? NEVER_ON_CLOCK : now + this.units(Math.max(0, next - system.clock)),
    );
    return next;
  }
}
