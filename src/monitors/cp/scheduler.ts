/**
 * Scheduler: which virtual machines compete for the processor, and in what order. Interactive ones (queue 1) get short
 * stays and go first; others (queue 2) long ones; those for whose pages there is no room wait on the eligible list.
 * After VM/370's scheme of two queues; the lengths of stay are estimates.
 */
import type { VirtualMachine } from './virtual-machine.ts';

/** Milliseconds of virtual processor time of one stay. */
const STAY_MS = { 1: 60, 2: 500 } as const;

export class Scheduler {
  /** Indices of the virtual machines in dispatching order; part of CP's saved state. */
  order: number[] = [];

  add(vm: VirtualMachine): void {
    this.order.push(vm.index);
  }
  remove(vm: VirtualMachine): void {
    this.order = this.order.filter((index) => index !== vm.index);
  }

  /** The user has typed: the machine counts as interactive again. */
  interacted(vm: VirtualMachine, cyclesPerMillisecond: number): void {
    vm.state.queue = 1;
    vm.state.sliceLeft = STAY_MS[1] * cyclesPerMillisecond;
    this.toFront(vm);
  }

  /** Lets machines from the eligible list into a queue while their working sets fit into `frames`. */
  admit(machines: readonly VirtualMachine[], frames: number, cyclesPerMillisecond: number): void {
    let used = 0;
    let waiting = false;
    for (const { state } of machines) {
      // Who is stopped or waits for the world leaves its frames to the others.
      if (state.queue === 0) waiting ||= !state.stopped;
      else if (!state.stopped && !state.psw.wait) used += state.workingSet;
    }
    if (!waiting) return;
    for (const index of this.order) {
      const { state } = machines[index]!;
      if (state.queue !== 0 || state.stopped) continue;
      if (used > 0 && used + state.workingSet > frames) continue;
      state.queue = 2;
      state.sliceLeft = STAY_MS[2] * cyclesPerMillisecond;
      used += state.workingSet;
    }
  }

  /** The stay is used up: out of the queue, behind the others, remembering how many pages it had. */
  stayEnded(vm: VirtualMachine): void {
    vm.state.queue = 0;
    vm.state.workingSet = Math.max(1, vm.state.pages.filter((p) => p.frame >= 0).length);
    this.order = [...this.order.filter((index) => index !== vm.index), vm.index];
  }

  /** The first machine in dispatching order, queue 1 before queue 2, that `ready` says can use the processor. */
  first(machines: readonly VirtualMachine[], ready: (vm: VirtualMachine) => boolean): VirtualMachine | null {
    for (const queue of [1, 2])
      for (const index of this.order) {
        const vm = machines[index]!;
        if (vm.state.queue === queue && ready(vm)) return vm;
      }
    return null;
  }
  private toFront(vm: VirtualMachine): void {
    this.order = [vm.index, ...this.order.filter((index) => index !== vm.index)];
  }
}
