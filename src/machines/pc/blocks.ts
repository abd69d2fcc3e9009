/**
 * Decoded basic blocks by physical address. A block ends with a control transfer, with whatever reads the clock or
 * changes how code is to be read, and at the end of its page. Invariant: a page that holds decoded code stands in no
 * write map, so every store into it passes `stored`, which drops the blocks of the 64 bytes around.
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

/** Blocks by offset within their page. */
type Table = (Block | undefined)[];
const table = (): Table => new Array<Block | undefined>(PAGE).fill(undefined);
/** Stands for the tables of a page that hold nothing. */
const NOTHING: readonly (Block | undefined)[] = table();

/** Which table of a page: blocks of 16-bit and of 32-bit code, and, of either, single instructions. */
type Kind = 0 | 1 | 2 | 3;
const SINGLE = 2;

interface Place {
  readonly kind: Kind;
  readonly offset: number;
}

interface CodePage {
  /** By kind. */
  readonly tables: (readonly (Block | undefined)[])[];
  /** Of each stretch of 64 bytes, the blocks that reach into it. */
  readonly chunks: (Place[] | undefined)[];
  /** Stores into the page since code of it was decoded last. */
  stores: number;
}
/** After so many it is data rather, and all its code is forgotten, so that stores need not pass here any more. */
const RATHER_DATA = 256;

export class BlockCache {
  /** A block of one instruction, for executing one at a time. */
  readonly alone: { instructions: Decoded[]; cycles: number; bytes: number } = {
    instructions: [],
    cycles: 0,
    bytes: 0,
  };
  private readonly onStore: ((at: number, size: number) => void) | null;
  /** Hears that a device has stored into the page at a physical address. */
  onReplaced: ((at: number) => void) | null = null;
  private readonly cpu: Cpu;
  private readonly pages: (CodePage | undefined)[];
  /** Indices of the pages that hold code. */
  private readonly held = new Set<number>();

  constructor(cpu: Cpu, onStore: ((at: number, size: number) => void) | null) {
    this.cpu = cpu;
    this.onStore = onStore;
    this.pages = new Array<CodePage | undefined>(cpu.memory.size >>> PAGE_SHIFT).fill(undefined);
  }

  /** The block at CS:EIP, or a fault. */
  next(): Block {
    const { cpu } = this;
    const eip = cpu.words[EIP]!;
    const a = (eip + cpu.bases[CS]!) | 0;
    const frame = ~cpu.fetch[a >>> PAGE_SHIFT]!;
    if (frame >= 0) {
      const block = this.pages[frame >>> PAGE_SHIFT]?.tables[cpu.code32 ? 1 : 0]![a & (PAGE - 1)];
      if (block && (eip >>> 0) + block.bytes - 1 <= cpu.limits[CS]!) return block;
    }
    return this.decodeAt(eip, a, LONGEST);
  }

  /** The instruction at CS:EIP alone, or a fault: what stands behind it is not decoded for its sake. */
  single(): Decoded {
    const { cpu } = this;
    const eip = cpu.words[EIP]!;
    const a = (eip + cpu.bases[CS]!) | 0;
    const frame = ~cpu.fetch[a >>> PAGE_SHIFT]!;
    if (frame >= 0) {
      const tables = this.pages[frame >>> PAGE_SHIFT]?.tables;
      const mode = cpu.code32 ? 1 : 0;
      const offset = a & (PAGE - 1);
      const instruction = (tables?.[mode]![offset] ?? tables?.[mode + SINGLE]![offset])?.instructions[0];
      if (instruction && (eip >>> 0) + instruction.length - 1 <= cpu.limits[CS]!) return instruction;
    }
    return this.decodeAt(eip, a, 1).instructions[0]!;
  }

  /** Decodes a block of `most` instructions at most, and keeps it if it lies within one page. */
  private decodeAt(eip: number, a: number, most: number): Block {
    const { cpu } = this;
    if (eip >>> 0 > cpu.limits[CS]!) cpu.protection();
    const at = translate(cpu, a, FETCH, cpu.cpl === 3);
    if (at >>> 0 >= cpu.memory.size) return this.uncached(eip, a);
    const block = this.collect(at, cpu.limits[CS]! - (eip >>> 0) + 1, most);
    // Nothing complete in the rest of the page or of the segment: one instruction, read byte by byte.
    if (!block) return this.uncached(eip, a);
    this.keep(at, ((cpu.code32 ? 1 : 0) + (most === 1 ? SINGLE : 0)) as Kind, block);
    return block;
  }

  private keep(at: number, kind: Kind, block: Block): void {
    const page = this.pageOf(at);
    const { tables, chunks } = page;
    page.stores = 0;
    const offset = at & (PAGE - 1);
    if (tables[kind] === NOTHING) tables[kind] = table();
    (tables[kind] as Table)[offset] = block;
    const last = (offset + block.bytes - 1) >>> CHUNK_SHIFT;
    for (let chunk = offset >>> CHUNK_SHIFT; chunk <= last; chunk++)
      (chunks[chunk] ??= []).push({ kind, offset });
  }

  /** Decodes from physical address `at` to the end of the block; null if not even one instruction fits. */
  private collect(at: number, limit: number, most: number): Block | null {
    const { cpu } = this;
    const end = Math.min((at | (PAGE - 1)) + 1, at + limit);
    const instructions: Decoded[] = [];
    let [cycles, next] = [0, at];
    const byte = (index: number): number => (next + index < end ? cpu.bytes[next + index]! : -1);
    while (instructions.length < most) {
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
    const page: CodePage = {
      tables: [NOTHING, NOTHING, NOTHING, NOTHING],
      chunks: new Array<Place[] | undefined>(PAGE >>> CHUNK_SHIFT).fill(undefined),
      stores: 0,
    };
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
    if (++page.stores > RATHER_DATA) {
      this.forget(at >>> PAGE_SHIFT);
      this.cpu.leaveBlock();
      return;
    }
    if (!page.chunks[first] && !page.chunks[last]) return;
    for (const chunk of first === last ? [first] : [first, last]) {
      for (const { kind, offset } of page.chunks[chunk] ?? [])
        (page.tables[kind] as Table)[offset] = undefined;
      page.chunks[chunk] = undefined;
    }
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
