/** Futexes: threads that wait for a word of memory to be woken. futex(2). */
import type { Thread } from './process.ts';

export interface Waiter {
  readonly thread: Thread;
  key: string;
  readonly mask: number;
  woken: boolean;
}

export class Futexes {
  private waiters: Waiter[] = [];

  /** The thread's place in a queue, if it has one. */
  of(thread: Thread): Waiter | undefined {
    return this.waiters.find((waiter) => waiter.thread === thread);
  }
  wait(thread: Thread, key: string, mask: number): Waiter {
    const waiter = { thread, key, mask, woken: false };
    this.waiters.push(waiter);
    return waiter;
  }
  leave(thread: Thread): void {
    this.waiters = this.waiters.filter((waiter) => waiter.thread !== thread);
  }

  /** Wakes at most `most` that wait for `key` with a bit of `mask`, first come first; how many. */
  wake(key: string, most: number, mask = -1): number {
    let woken = 0;
    for (const waiter of this.waiters) {
      if (woken >= most) break;
      if (waiter.key !== key || waiter.woken || (waiter.mask & mask) === 0) continue;
      waiter.woken = true;
      woken++;
    }
    return woken;
  }

  /** Lets at most `most` wait for another word instead; how many. */
  requeue(from: string, to: string, most: number): number {
    let moved = 0;
    for (const waiter of this.waiters) {
      if (moved >= most) break;
      if (waiter.key !== from || waiter.woken) continue;
      waiter.key = to;
      moved++;
    }
    return moved;
  }
}
