/**
 * Decoded basic blocks by physical address. A block ends with a control transfer, with whatever reads the clock or
 * changes how code is to be read, and at the end of its page. Invariant: a page that holds decoded code stands in no
 * write map, so every store into it passes `stored`, which drops its blocks.
 */
import type { Cpu } from './cpu.ts';
import { CS, EIP } from './registers.ts';
import { GP } from './exceptions.ts';
import { decode, type Fetch } from './instructions/decode.ts';
import type { Decoded } from './instructions/row.ts';
import { PAGE, PAGE_SHIFT } from './memory.ts';
import { translate } from './paging.ts';
import { FETCH, loadPhysical } from './physical.ts';

export interface Block {
  readonly instructions: Decoded[];
  /** Sums over the instructions. */
  readonly cycles: number;
  readonly bytes: number;
}

/** Instructions of the longest block, so that taking back stays cheap. */
const LONGEST = 64;
const LONGEST_INSTRUCTION = 15;
const CHUNK_SHIFT = 6;

interface CodePage {
  /** By offset within the page, for 16-bit and 32-bit code. */
  readonly blocks: readonly [(Block | undefined)[], (Block | undefined)[]];
  /** Stretches of 64 bytes that hold decoded code: 1, else 0. */
  readonly chunks: Uint8Array;
}

export class BlockCache {
  /** A block of one instruction, for executing one at a time. */
  readonly alone: { instructions: Decoded[]; cycles: number; bytes: number } = {
    instructions: [],
    cycles: 0,
    bytes: 0,
  };
  /** Hears of every store before it is made, while somebody must know of them all; no page then stands in a write map. */
  onStore: ((at: number, size: number) => void) | null = null;
  /** Hears that a device has stored into the page at a physical address. */
  onReplaced: ((at: number) => void) | null = null;
  private readonly cpu: Cpu;
  private readonly pages: (CodePage | undefined)[];
  /** Indices of the pages that hold code. */
  private readonly held = new Set<number>();

  constructor(cpu: Cpu) {
    this.cpu = cpu;
    this.pages = new Array<CodePage | undefined>(cpu.memory.size >>> PAGE_SHIFT).fill(undefined);
  }

  /** The block at CS:EIP, or a fault. */
  next(): Block {
    const { cpu } = this;
    const eip = cpu.words[EIP]!;
    const a = (eip + cpu.bases[CS]!) | 0;
    const frame = ~cpu.fetch[a >>> PAGE_SHIFT]!;
    if (frame >= 0) {
      const block = this.pages[frame >>> PAGE_SHIFT]?.blocks[cpu.code32 ? 1 : 0][a & (PAGE - 1)];
      if (block && (eip >>> 0) + block.bytes - 1 <= cpu.limits[CS]!) return block;
    }
    return this.decodeAt(eip, a);
  }

  private decodeAt(eip: number, a: number): Block {
    const { cpu } = this;
    if (eip >>> 0 > cpu.limits[CS]!) cpu.protection();
    const at = translate(cpu, a, FETCH, cpu.cpl === 3);
    if (at >>> 0 >= cpu.memory.size) return this.uncached(eip, a);
    const block = this.collect(at, cpu.limits[CS]! - (eip >>> 0) + 1);
    // Nothing complete in the rest of the page or of the segment: one instruction, read byte by byte.
    if (!block) return this.uncached(eip, a);
    const page = this.pageOf(at);
    page.blocks[cpu.code32 ? 1 : 0][at & (PAGE - 1)] = block;
    const offset = at & (PAGE - 1);
    page.chunks.fill(1, offset >>> CHUNK_SHIFT, ((offset + block.bytes - 1) >>> CHUNK_SHIFT) + 1);
    return block;
  }

  /** Decodes from physical address `at` to the end of the block; null if not even one instruction fits. */
  private collect(at: number, limit: number): Block | null {
    const { cpu } = this;
    const end = Math.min((at | (PAGE - 1)) + 1, at + limit);
    const instructions: Decoded[] = [];
    let [cycles, next] = [0, at];
    const byte = (index: number): number => (next + index < end ? cpu.bytes[next + index]! : -1);
    while (instructions.length < LONGEST) {
      const instruction = this.decode(byte);
      if (!instruction) break;
      instructions.push(instruction);
      cycles += instruction.cycles;
      next += instruction.length;
      if (instruction.ends) break;
    }
    return instructions.length === 0 ? null : { instructions, cycles, bytes: next - at };
  }

  /** Decodes; an instruction that somebody watches tells of itself before it executes. */
  private decode(byte: Fetch): Decoded | null {
    const { cpu } = this;
    const instruction = decode(byte, cpu.code32, cpu);
    if (!instruction || !cpu.watched?.rows.has(instruction.row)) return instruction;
    const { hear } = cpu.watched;
    return {
      ...instruction,
      execute: (processor, i) => {
        hear(instruction);
        instruction.execute(processor, i);
      },
    };
  }

  /** One instruction that crosses a page or ends beyond memory or segment: fetched byte by byte, kept nowhere. */
  private uncached(eip: number, a: number): Block {
    const { cpu } = this;
    const byte = (index: number): number => {
      // SDM vol. 3A, section 6.15, #GP: an instruction longer than 15 bytes.
      if (index >= LONGEST_INSTRUCTION) return cpu.fault(GP, 0);
      if ((eip >>> 0) + index > cpu.limits[CS]!) return cpu.fault(GP, 0);
      return loadPhysical(cpu, translate(cpu, (a + index) | 0, FETCH, cpu.cpl === 3), 1);
    };
    const instruction = this.decode(byte)!;
    return { instructions: [instruction], cycles: instruction.cycles, bytes: instruction.length };
  }

  private pageOf(at: number): CodePage {
    const index = at >>> PAGE_SHIFT;
    const known = this.pages[index];
    if (known) return known;
    const { cpu } = this;
    const blocks = (): (Block | undefined)[] => new Array<Block | undefined>(PAGE).fill(undefined);
    const page: CodePage = { blocks: [blocks(), blocks()], chunks: new Uint8Array(PAGE >>> CHUNK_SHIFT) };
    this.pages[index] = page;
    this.held.add(index);
    cpu.dataTlb.forgetFrame(at & ~(PAGE - 1), [cpu.writeSupervisor, cpu.writeUser]);
    return page;
  }

  /** Whether stores into the page at a physical address must pass `stored`: it holds decoded code, as a rule. */
  holdsCode(at: number): boolean {
    return this.onStore !== null || this.pages[at >>> PAGE_SHIFT] !== undefined;
  }

  /** Hears of a store of `size` bytes within the page at a physical address that holds code. */
  stored(at: number, size: number): void {
    this.onStore?.(at, size);
    const page = this.pages[at >>> PAGE_SHIFT];
    if (!page) return;
    const first = (at & (PAGE - 1)) >>> CHUNK_SHIFT;
    const last = ((at + size - 1) & (PAGE - 1)) >>> CHUNK_SHIFT;
    if (page.chunks[first] === 0 && page.chunks[last] === 0) return;
    this.forget(at >>> PAGE_SHIFT);
    this.cpu.leaveBlock();
  }

  /** Hears that a device has stored into the page at a physical address. */
  replaced(at: number): void {
    this.onReplaced?.(at);
    if (!this.pages[at >>> PAGE_SHIFT]) return;
    this.forget(at >>> PAGE_SHIFT);
    this.cpu.leaveBlock();
  }

  private forget(index: number): void {
    this.pages[index] = undefined;
    this.held.delete(index);
  }

  /** Forgets all decoded code: memory was replaced. */
  clear(): void {
    for (const index of this.held) this.forget(index);
    this.cpu.leaveBlock();
  }
}
