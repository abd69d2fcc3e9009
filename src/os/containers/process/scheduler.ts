/**
 * Who runs next: processor time is shared out by weight at each level of the tree of control groups, as the completely
 * fair scheduler does it. Whoever has had least, by its weight, is next.
 */
import type { ControlGroup, Entity } from './cgroup.ts';
import type { Thread } from './process.ts';

/** Weights of the nice values −20 to 19; each step is about a quarter. kernel/sched/core.c, sched_prio_to_weight. */
// prettier-ignore
const NICE_WEIGHTS = [
  88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916, 9548, 7620, 6100, 4904, 3906, 3121, 2501,
  1991, 1586, 1277, 1024, 820, 655, 526, 423, 335, 272, 215, 172, 137, 110, 87, 70, 56, 45, 36, 29, 23, 18, 15,
];

export class Scheduler {
  private readonly root: ControlGroup;
  private stamp = 0;

  constructor(root: ControlGroup) {
    this.root = root;
  }

  /** Books processor time that a thread has had. */
  spent(thread: Thread, cycles: number, asUser: boolean, now: number): void {
    thread.used[asUser ? 'user' : 'system'] += cycles;
    thread.virtual += (cycles * 1024) / NICE_WEIGHTS[thread.nice + 20]!;
    for (const group of thread.process.cgroup.lineage()) group.spend(cycles, asUser, now);
  }

  /** The thread that is next; null if none can run. */
  choose(threads: Iterable<Thread>, now: number): Thread | null {
    const last = this.stamp++;
    for (const group of this.root.subtree()) group.refill(now);
    const runnable: Thread[] = [];
    for (const thread of threads) if (this.mayRun(thread, now)) runnable.push(thread);
    if (runnable.length === 0) return null;
    for (const thread of runnable) {
      const { cgroup } = thread.process;
      this.mark(thread, cgroup.floor, last);
      for (const group of cgroup.lineage()) {
        if (group.stamp === this.stamp) break;
        this.mark(group, group.parent?.floor ?? 0, last);
      }
    }
    return this.descend(this.root, runnable);
  }

  private mayRun(thread: Thread, now: number): boolean {
    if (thread.ended || thread.vforkChild || thread.process.stopped !== 0) return false;
    const { waiting } = thread;
    if (waiting && now < waiting.deadline && !waiting.on.ready()) return false;
    const { cgroup } = thread.process;
    if (cgroup.isFrozen) return false;
    for (const group of cgroup.lineage()) if (group.throttled) return false;
    return true;
  }

  /** Notes that an entity can run. One that could not before begins at the present level: it saves nothing up. */
  private mark(entity: Entity, floor: number, last: number): void {
    if (entity.stamp !== last) entity.virtual = Math.max(entity.virtual, floor);
    entity.stamp = this.stamp;
  }

  private descend(group: ControlGroup, runnable: readonly Thread[]): Thread | null {
    let best: Thread | ControlGroup | null = null;
    for (const child of group.children.values())
      if (child.stamp === this.stamp && (!best || child.virtual < best.virtual)) best = child;
    for (const thread of runnable)
      if (thread.process.cgroup === group && (!best || thread.virtual < best.virtual)) best = thread;
    if (!best) return null;
    group.floor = Math.max(group.floor, best.virtual);
    return 'children' in best ? this.descend(best, runnable) : best;
  }
}
