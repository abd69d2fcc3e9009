/**
 * Page frames of the machine with counts of their users, and who pays for them.
 * Invariant: a frame with no users is on the free list, holds nobody's charge, and is zeroed before it is handed out.
 */
import type { SystemPc } from '../../../machines/pc/system.ts';

export const PAGE = 4096;
const EMPTY = new Uint8Array(PAGE);

/** Who pays for memory: a control group. */
export interface Payer {
  /** Takes a page on its account and its ancestors'; false if a limit forbids it. */
  charge(): boolean;
  uncharge(): void;
}

export class Frames {
  private readonly system: SystemPc;
  private readonly free: number[] = [];
  private readonly users: Uint32Array;
  private readonly payers: (Payer | null)[];
  readonly total: number;

  /** Frames from physical address `first` to the end of memory. */
  constructor(system: SystemPc, first: number) {
    this.system = system;
    const count = system.memorySize / PAGE;
    this.users = new Uint32Array(count);
    this.payers = new Array<Payer | null>(count).fill(null);
    for (let frame = count - 1; frame >= first / PAGE; frame--) this.free.push(frame * PAGE);
    this.total = this.free.length;
  }

  get available(): number {
    return this.free.length;
  }

  /** A zeroed frame, whose page `payer` has charged already; 0 if memory is used up. */
  allocate(payer: Payer | null): number {
    const frame = this.free.pop() ?? 0;
    if (frame === 0) return 0;
    this.users[frame / PAGE] = 1;
    this.payers[frame / PAGE] = payer;
    this.system.writePhysical(frame, EMPTY);
    return frame;
  }

  usersOf(frame: number): number {
    return this.users[frame / PAGE]!;
  }

  share(frame: number): void {
    this.users[frame / PAGE]!++;
  }

  release(frame: number): void {
    const index = frame / PAGE;
    if (this.users[index] === 0) throw new Error(`frame ${frame.toString(16)} is released twice`);
    if (--this.users[index]! > 0) return;
    this.payers[index]?.uncharge();
    this.payers[index] = null;
    this.free.push(frame);
  }
}
