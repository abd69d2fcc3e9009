/**
 * Control groups, version 2: a tree whose nodes share out processor time, memory and numbers of processes, and keep
 * account of them. Linux, Documentation/admin-guide/cgroup-v2.rst.
 */
import { PAGE, type Payer } from '../memory/frames.ts';
import type { Process } from './process.ts';

/** Who kills when a group's memory is used up: true if a page may be asked for again. */
export interface Killer {
  killForMemory(group: ControlGroup): boolean;
}

/** Shares out by weight: the least `virtual` time is next. */
export interface Entity {
  virtual: number;
  /** Number of the choice in which it last could run. */
  stamp: number;
}

export class ControlGroup implements Payer, Entity {
  readonly name: string;
  readonly parent: ControlGroup | null;
  readonly children = new Map<string, ControlGroup>();
  readonly processes = new Set<Process>();
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
  memoryPeak = 0;
  pages = 0;
  groupKill = false;
  readonly events = { max: 0, oom: 0, oom_kill: 0 };

  pidsMax = Infinity;
  pids = 0;
  pidsEvents = 0;
  pidsPeak = 0;

  frozen = false;
  private readonly killer: Killer;

  constructor(name: string, parent: ControlGroup | null, killer: Killer) {
    [this.name, this.parent, this.killer] = [name, parent, killer];
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
    const child = new ControlGroup(name, this, this.killer);
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
      if (!this.killer.killForMemory(full)) return false;
    }
    for (const group of this.lineage()) {
      group.pages++;
      group.memoryPeak = Math.max(group.memoryPeak, group.pages);
    }
    return true;
  }

  uncharge(): void {
    for (const group of this.lineage()) group.pages--;
  }

  // ---------------------------------------------------------------- numbers of processes

  /** Takes processes or threads into the count; false if a limit forbids it. */
  takePids(count: number): boolean {
    const full = [...this.lineage()].find(({ pids, pidsMax }) => pids + count > pidsMax);
    if (full) {
      full.pidsEvents++;
      return false;
    }
    this.countPids(count);
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

/** A group's path as seen from `root`; one that lies outside begins with /.. as cgroup_namespaces(7) has it. */
export function pathFrom(root: ControlGroup, group: ControlGroup): string {
  const [from, to] = [root, group].map((each) => each.path.split('/').filter((part) => part !== ''));
  const common = from!.findIndex((part, k) => to![k] !== part);
  const shared = common < 0 ? from!.length : common;
  return `/${[...from!.slice(shared).map(() => '..'), ...to!.slice(shared)].join('/')}`;
}
