/**
 * The kernel: hears every interrupt of the machine, serves system calls and page faults, and gives the processor to
 * one thread after another. It is host software on a PC and acts through the PC's privileged operations.
 */
import type { PcEvent, PcHost, SystemPc } from '../../machines/pc/system.ts';
import { fail } from './abi/errno.ts';
import { KernelClock } from './clock.ts';
import { dispatch } from './calls/dispatch.ts';
import type { Terminal } from './files/tty.ts';
import type { MemorySystem } from './memory/address-space.ts';
import { Frames } from './memory/frames.ts';
import { PageCache } from './memory/page-cache.ts';
import { ACCOUNTS, ENTRY, FAULT, PAGING, SCHEDULING, SERVICE, SWITCH, TICK } from './paths.ts';
import { ControlGroup } from './process/cgroup.ts';
import { UserNamespace } from './process/credentials.ts';
import { Futexes } from './process/futex.ts';
import { exceptionSignal } from './process/exceptions.ts';
import { terminate } from './process/exit.ts';
import { deliverSignals, force, post } from './process/delivery.ts';
import type { Process, Thread } from './process/process.ts';
import { PidNamespace } from './process/namespaces.ts';
import { Scheduler } from './process/scheduler.ts';
import { CLASSES } from './state/classes.ts';
import { Graph, type GraphState } from './state/graph.ts';
import { SIGNALS } from './process/signals.ts';
import { EPOCH } from './files/inode.ts';
import { FIRST_FRAME, Processor } from './processor.ts';
import { Chance } from './chance.ts';

const SYSTEM_CALL = 0x80;
const PAGE_FAULT = 14;
/** Milliseconds that a thread keeps the processor while others wait. kernel/sched/fair.c, sched_min_granularity. */
const SLICE = 0.75;

export interface KernelOptions {
  /** Cycles of the machine's clock a second. */
  readonly frequency: number;
  /** The date at the start, in seconds since 1970. */
  readonly start?: number;
  readonly seed?: number;
}

/** Hears of system calls, while somebody looks. */
export interface KernelObserver {
  called(thread: Thread, name: string, args: Int32Array, result: number): void;
  /** A line of the kernel's own. */
  said(line: string): void;
}

export class Kernel implements PcHost, MemorySystem {
  readonly system: SystemPc;
  readonly clock: KernelClock;
  frames: Frames;
  cache: PageCache;
  processor: Processor;
  futexes = new Futexes();
  random: Chance;
  rootGroup: ControlGroup;
  rootPids: PidNamespace;
  rootUsers: UserNamespace;
  scheduler: Scheduler;
  threads = new Set<Thread>();
  /** Terminals by name. */
  terminals = new Map<string, Terminal>();
  current: Thread | null = null;
  /** Calls by name, and numbers that no row of the table has. */
  calls = new Map<string, number>();
  unknown = new Map<number, number>();
  counts = { faults: 0, switches: 0, signals: 0, ticks: 0, killedForMemory: 0 };
  observer: KernelObserver | null = null;
  /** Hears of processes that end without a parent here: containers' first ones. */
  onOrphanEnd: ((process: Process, status: number) => void) | null = null;
  /** Hears when nothing that is due will make anybody run any more: only what is typed can. */
  onHang: (() => void) | null = null;
  /** Lines of the kernel's own, as dmesg shows them. */
  log: string[] = [];
  private nextNumber = 0xf0000001;
  private readonly slice: number;
  private sliceEnd = 0;
  /** Clock up to which processor time has been booked. */
  private booked = 0;

  constructor(system: SystemPc, { frequency, start, seed = 1 }: KernelOptions) {
    this.system = system;
    this.clock = new KernelClock(system, frequency, start);
    this.slice = (SLICE * frequency) / 1000;
    this.random = new Chance(seed);
    this.processor = new Processor(system);
    this.frames = new Frames(system, FIRST_FRAME);
    this.cache = new PageCache(system, this.frames);
    this.rootUsers = new UserNamespace(null, 0, this.number());
    this.rootPids = new PidNamespace(this.number(), null, this.rootUsers);
    this.rootGroup = new ControlGroup('', null, this);
    this.scheduler = new Scheduler(this.rootGroup);
  }

  get kernelTable(): number {
    return this.processor.kernelTable;
  }

  /** A number for a namespace, pipe or socket: as inode numbers of nsfs are. */
  number(): number {
    return this.nextNumber++;
  }

  /** Takes the machine over. Processes may have been made already. */
  start(): void {
    this.system.attach(this, ACCOUNTS);
    this.processor.start();
    this.booked = this.system.clock;
    this.proceed();
  }

  say(line: string): void {
    this.log.push(line);
    this.observer?.said(line);
    if (this.log.length > 1000) this.log.shift();
  }

  // ---------------------------------------------------------------- state

  /** What the state names but does not hold. */
  private get graph(): Graph {
    return new Graph(CLASSES, { kernel: this, system: this.system, clock: this.clock, epoch: EPOCH });
  }

  /** Everything but the machine's own state, which is saved beside it. Throws where the host's streams are connected. */
  save(): GraphState {
    return this.graph.save(this.remembered());
  }

  restore(state: GraphState): void {
    Object.assign(this, this.graph.restore(state));
  }

  private remembered(): object {
    const { frames, cache, processor, futexes, random, rootGroup, rootPids, rootUsers, scheduler } = this;
    const { threads, terminals, current, calls, unknown, counts, log } = this;
    const { nextNumber, sliceEnd, booked } = this;
    return {
      ...{ frames, cache, processor, futexes, random, rootGroup, rootPids, rootUsers, scheduler },
      ...{ threads, terminals, current, calls, unknown, counts, log, nextNumber, sliceEnd, booked },
    };
  }

  // ---------------------------------------------------------------- interrupts

  interrupt(event: PcEvent): void {
    const thread = this.current;
    this.book(true);
    this.system.work(SERVICE, ENTRY);
    if (thread) this.processor.save(thread.registers);
    if (event.kind === 'external') this.tick();
    else if (thread) this.serve(thread, event);
    this.book(false);
    this.proceed();
  }

  /** Books the cycles since the last time to whoever ran. */
  private book(asUser: boolean): void {
    const now = this.system.clock;
    if (this.current) this.scheduler.spent(this.current, now - this.booked, asUser, now);
    this.booked = now;
  }

  private tick(): void {
    this.counts.ticks++;
    this.system.work(SCHEDULING, TICK);
    this.processor.endOfInterrupt();
    for (const { process } of this.threads) if (process.alarm.at <= this.system.clock) this.ring(process);
  }

  private ring(process: Process): void {
    const { alarm } = process;
    alarm.at = alarm.every > 0 ? alarm.at + alarm.every : Infinity;
    post(this, process, { signal: SIGNALS.ALRM, code: 128, fields: [0, 0, 0] });
  }

  private serve(thread: Thread, event: PcEvent): void {
    if (event.kind === 'software' && event.vector === SYSTEM_CALL) {
      thread.call = thread.registers.general[0]!;
      dispatch(this, thread);
    } else if (event.kind === 'exception' && event.vector === PAGE_FAULT) this.pageFault(thread, event.error);
    else force(this, thread, exceptionSignal(event, thread.registers));
  }

  private pageFault(thread: Thread, error: number): void {
    const linear = this.system.cr2 >>> 0;
    this.counts.faults++;
    thread.process.faults++;
    this.system.work(PAGING, FAULT);
    const refusal = thread.process.space.touch(linear, (error & 2) !== 0);
    if (refusal === null) return;
    if (refusal === 'no memory') {
      // The killer may have chosen this very process, or memory has been freed and the access is tried again.
      if (!thread.process.pending.some(({ signal }) => signal === SIGNALS.KILL))
        this.killForMemory(this.rootGroup);
      return;
    }
    const bus = refusal === 'beyond file';
    const code = bus ? 2 : refusal === 'no region' ? 1 : 2;
    force(this, thread, { signal: bus ? SIGNALS.BUS : SIGNALS.SEGV, code, fields: [linear] });
  }

  // ---------------------------------------------------------------- who goes on

  /** Chooses who goes on, finishes calls that waited, delivers signals; comes back when somebody can run. */
  private proceed(): void {
    for (;;) {
      const thread = this.chosen();
      if (!thread) {
        this.current = null;
        this.processor.idle();
        if (this.hangs) this.onHang?.();
        return;
      }
      if (thread !== this.current) {
        this.counts.switches++;
        this.system.work(SCHEDULING, SWITCH);
        this.current = thread;
        this.sliceEnd = this.system.clock + this.slice;
      }
      if (thread.waiting) {
        thread.waiting = null;
        dispatch(this, thread);
      }
      if (thread.waiting === null && !thread.ended) deliverSignals(this, thread);
      if (thread.ended || thread.waiting || thread.vforkChild || thread.process.stopped !== 0) {
        this.book(false);
        continue;
      }
      this.processor.restore(thread);
      this.book(false);
      return;
    }
  }

  /** The present thread goes on until its turn is over or it cannot. */
  private chosen(): Thread | null {
    const { current } = this;
    const now = this.system.clock;
    const stays =
      current !== null &&
      !current.ended &&
      !current.waiting &&
      !current.vforkChild &&
      current.process.stopped === 0 &&
      now < this.sliceEnd &&
      !current.process.cgroup.isFrozen &&
      ![...current.process.cgroup.lineage()].some((group) => group.throttled);
    return stays ? current : this.scheduler.choose(this.threads, now);
  }

  /** Ends the present turn: sched_yield. */
  yield(): void {
    this.sliceEnd = 0;
  }

  /** Whether nothing that is due will ever make anybody run. */
  get hangs(): boolean {
    if (this.current) return false;
    for (const { waiting, process, ended } of this.threads)
      if (
        !ended &&
        (process.alarm.at !== Infinity ||
          (process.stopped === 0 &&
            !process.cgroup.isFrozen &&
            (!waiting || waiting.deadline !== Infinity || waiting.on.ready())))
      )
        return false;
    return true;
  }

  // ---------------------------------------------------------------- memory

  reclaim(): boolean {
    return this.cache.shrink() > 0;
  }

  /** Puts a process into another group; EAGAIN if that one may hold no more. Its pages stay where they were booked. */
  moveTo(group: ControlGroup, process: Process): void {
    const { cgroup, threads } = process;
    if (cgroup === group) return;
    cgroup.countPids(-threads.length);
    if (!group.takePids(threads.length)) {
      cgroup.countPids(threads.length);
      fail('EAGAIN');
    }
    cgroup.processes.delete(process);
    group.processes.add(process);
    process.cgroup = group;
    process.space.payer = group;
  }

  /**
   * Memory of a group is used up: gives up pages of files first, then kills its largest process. Whether memory may be
   * asked for again; not if the victim is who asks.
   */
  killForMemory(group: ControlGroup): boolean {
    if (this.reclaim()) return true;
    group.events.oom++;
    let victim: Process | null = null;
    let largest = -Infinity;
    for (const process of group.members()) {
      if (process.status !== null || process.oomScoreAdjustment <= -1000) continue;
      const score = process.space.resident + (process.oomScoreAdjustment / 1000) * this.frames.total;
      if (score > largest) [victim, largest] = [process, score];
    }
    if (!victim) return false;
    const self = this.current?.process;
    const victims = group.groupKill ? [...group.members()] : [victim];
    for (const process of victims) {
      this.counts.killedForMemory++;
      process.cgroup.events.oom_kill++;
      if (process.cgroup !== group) group.events.oom_kill++;
      this.say(
        `Memory cgroup out of memory: Killed process ${process.pidIn(this.rootPids)} (${process.name})`,
      );
      if (process === self) post(this, process, { signal: SIGNALS.KILL, code: 128, fields: [] });
      else terminate(this, process, SIGNALS.KILL);
    }
    return self === undefined || !victims.includes(self);
  }
}
