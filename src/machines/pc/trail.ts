/**
 * What led to where the processor is: the blocks it executed last, and the exceptions it delivered last. Kept at all
 * times, because nobody knows beforehand when a guest goes down; a note costs three stores a block.
 */
import type { Block } from './blocks.ts';
import type { Decoded } from './instructions/row.ts';
import type { InterruptKind } from './wiring.ts';

const BLOCKS = 64;
const EXCEPTIONS = 16;
const CODE_32 = 0x10000;

/** One executed instruction. */
export interface Step {
  readonly selector: number;
  /** Offset within the code segment. */
  readonly eip: number;
  /** The code segment's default size is 32 bits. */
  readonly code32: boolean;
  readonly instruction: Decoded;
}

/** One attempt at delivering an exception or interrupt. */
export interface Delivery {
  readonly vector: number;
  readonly kind: InterruptKind;
  /** Error code, or −1. */
  readonly error: number;
  readonly selector: number;
  readonly eip: number;
  /** Page faults: the address. */
  readonly cr2: number;
  /** Instructions executed before it. */
  readonly instructions: number;
}

export class Trail {
  private readonly blocks = new Array<Block | Decoded | null>(BLOCKS).fill(null);
  private readonly offsets = new Int32Array(BLOCKS);
  /** Selector of the code segment, and CODE_32. */
  private readonly segments = new Int32Array(BLOCKS);
  /** Instructions of the block that were begun, 0: all. */
  private readonly begun = new Uint8Array(BLOCKS);
  private next = 0;
  private readonly deliveries: Delivery[] = [];

  /** Notes that a block, or one instruction, begins at `eip`. */
  enter(what: Block | Decoded, selector: number, code32: boolean, eip: number): void {
    const at = this.next++ & (BLOCKS - 1);
    this.blocks[at] = what;
    this.offsets[at] = eip;
    this.segments[at] = code32 ? selector | CODE_32 : selector;
    this.begun[at] = 0;
  }

  /** The block entered last ended early: only its first `begun` instructions were begun. */
  cutShort(begun: number): void {
    this.begun[(this.next - 1) & (BLOCKS - 1)] = begun;
  }

  deliver(delivery: Delivery): void {
    this.deliveries.push(delivery);
    if (this.deliveries.length > EXCEPTIONS) this.deliveries.shift();
  }

  clear(): void {
    this.blocks.fill(null);
    this.deliveries.length = 0;
  }

  /** The last deliveries, oldest first. */
  get exceptions(): readonly Delivery[] {
    return this.deliveries;
  }

  /** The last `count` instructions, oldest first. */
  steps(count: number): Step[] {
    const steps: Step[] = [];
    for (let back = 1; back <= BLOCKS && steps.length < count; back++) {
      const at = (this.next - back) & (BLOCKS - 1);
      const what = this.blocks[at];
      if (!what) break;
      const all = 'instructions' in what ? what.instructions : [what];
      const done = this.begun[at] === 0 ? all : all.slice(0, this.begun[at]);
      let eip = this.offsets[at]!;
      const inOrder = done.map((instruction) => {
        const segment = this.segments[at]!;
        const code32 = (segment & CODE_32) !== 0;
        const step = { selector: segment & 0xffff, eip: eip >>> 0, code32, instruction };
        eip += instruction.length;
        return step;
      });
      steps.unshift(...inOrder);
    }
    return steps.slice(-count);
  }
}
