/**
 * Control groups, version 2: a tree whose nodes share out processor time, memory and numbers of processes, and keep
 * account of them. Linux, Documentation/admin-guide/cgroup-v2.rst.
 */
import { PAGE, type Payer } from '../memory/frames.ts';
import type { Process } from './process.ts';

export const CONTROLLERS = ['cpuset', 'cpu', 'io', 'memory', 'pids'] as const;
export type Controller = (typeof CONTROLLERS)[number];

/** What kills when a group's memory is used up: true if a page may be asked for again. */
export type OutOfMemory = (group: ControlGroup) => boolean;

/** Shares out by weight: the least `virtual` time is next. */
export interface Entity {
  virtual: number;
  /** Number of the choice in which it last could run. */
  stamp: number;
}

/** Stalls of some kind, in cycles. */
export class Pressure {
  some = 0;
  full = 0;
}

export class ControlGroup implements Payer, Entity {
  readonly name: string;
  readonly parent: ControlGroup | null;
  readonly children = new Map<string, ControlGroup>();
  readonly processes = new Set<Process>();
  /** Controllers that it passes to its children. */
  readonly passes = new Set<Controller>();
  virtual = 0;
  stamp = 0;
  /** The least virtual time within it that has been chosen. */
  floor = 0;

  weight = 100;
  /** cpu.max in cycles; a quota of Infinity is no limit. */
  quota = Infinity;
  period = Infinity;
  private quotaLeft = Infinity;
  private refillAt = 0;
  used = { user: 0, system: 0, periods: 0, throttled: 0, throttledTime: 0 };
  private throttledSince = -1;

  memoryMax = Infinity;
  memoryHigh = Infinity;
  memoryLow = 0;
  memoryMin = 0;
  memoryPeak = 0;
  swapMax = Infinity;
  pages = 0;
  groupKill = false;
  readonly events = { low: 0, high: 0, max: 0, oom: 0, oom_kill: 0, oom_group_kill: 0 };

  pidsMax = Infinity;
  pids = 0;
  pidsEvents = 0;
  pidsPeak = 0;

  frozen = false;
  cpus = '';
  /** Bytes a second by device; Infinity is no limit. */
  readonly io = { readBytes: 0, writtenBytes: 0, reads: 0, writes: 0, max: new Map<string, string>() };
  readonly pressure = { cpu: new Pressure(), memory: new Pressure(), io: new Pressure() };
  private readonly outOfMemory: OutOfMemory;

  constructor(name: string, parent: ControlGroup | null, outOfMemory: OutOfMemory) {
    [this.name, this.parent, this.outOfMemory] = [name, parent, outOfMemory];
  }

  get path(): string {
    return this.parent ? `${this.parent.path === '/' ? '' : this.parent.path}/${this.name}` : '/';
  }
  get removable(): boolean {
    return this.parent !== null && this.processes.size === 0 && this.children.size === 0;
  }
  get populated(): boolean {
    return this.processes.size > 0 || [...this.children.values()].some((child) => child.populated);
  }
  get isFrozen(): boolean {
    return this.frozen || (this.parent?.isFrozen ?? false);
  }
  /** This group and those above it, the root last. */
  *lineage(): Generator<ControlGroup> {
    yield this;
    if (this.parent) yield* this.parent.lineage();
  }
  /** This group and those below it. */
  *subtree(): Generator<ControlGroup> {
    yield this;
    for (const child of this.children.values()) yield* child.subtree();
  }
  *members(): Generator<Process> {
    for (const group of this.subtree()) yield* group.processes;
  }

  child(name: string): ControlGroup {
    const child = new ControlGroup(name, this, this.outOfMemory);
    child.virtual = this.floor;
    this.children.set(name, child);
    return child;
  }

  // ---------------------------------------------------------------- memory

  charge(): boolean {
    for (;;) {
      const full = [...this.lineage()].find(({ pages, memoryMax }) => (pages + 1) * PAGE > memoryMax);
      if (!full) break;
      full.events.max++;
      if (!this.outOfMemory(full)) return false;
    }
    for (const group of this.lineage()) {
      group.pages++;
      group.memoryPeak = Math.max(group.memoryPeak, group.pages);
      if (group.pages * PAGE > group.memoryHigh) group.events.high++;
    }
    return true;
  }

  uncharge(): void {
    for (const group of this.lineage()) group.pages--;
  }

  // ---------------------------------------------------------------- numbers of processes

  /** Takes a process or thread into the count; false if a limit forbids it. */
  takePid(): boolean {
    const full = [...this.lineage()].find(({ pids, pidsMax }) => pids + 1 > pidsMax);
    if (full) {
      full.pidsEvents++;
      return false;
    }
    this.countPids(1);
    return true;
  }
  countPids(change: number): void {
    for (const group of this.lineage()) {
      group.pids += change;
      group.pidsPeak = Math.max(group.pidsPeak, group.pids);
    }
  }

  // ---------------------------------------------------------------- processor time

  setBandwidth(quota: number, period: number, now: number): void {
    [this.quota, this.period, this.quotaLeft] = [quota, period, quota];
    this.refillAt = quota === Infinity ? 0 : now + period;
    this.throttledSince = -1;
  }

  /** Begins the periods that are due. What was used beyond the quota is taken from the next. */
  refill(now: number): void {
    if (this.quota === Infinity) return;
    while (this.refillAt <= now) {
      this.refillAt += this.period;
      this.used.periods++;
      this.quotaLeft = Math.min(this.quota, this.quotaLeft + this.quota);
    }
    if (this.quotaLeft > 0 && this.throttledSince >= 0) {
      this.used.throttledTime += now - this.throttledSince;
      this.throttledSince = -1;
    }
  }
  get throttled(): boolean {
    return this.quotaLeft <= 0;
  }

  /** Cycles that may still pass before it is throttled. */
  get allowance(): number {
    return Math.max(0, this.quotaLeft);
  }

  spend(cycles: number, asUser: boolean, now: number): void {
    this.virtual += (cycles * 100) / this.weight;
    this.used[asUser ? 'user' : 'system'] += cycles;
    if (this.quota === Infinity) return;
    this.quotaLeft -= cycles;
    if (this.quotaLeft > 0 || this.throttledSince >= 0) return;
    this.used.throttled++;
    this.throttledSince = now;
  }
}
