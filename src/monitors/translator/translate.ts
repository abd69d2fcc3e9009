/**
 * Makes a unit: up to twelve instructions of the guest from one address on, ending with a transfer of control, as IA-32
 * code for the translation cache. Adams and Agesen, ASPLOS 2006, section 3.1.
 */
import type { Cpu } from '../../machines/pc/cpu.ts';
import { decode } from '../../machines/pc/instructions/decode.ts';
import type { Decoded } from '../../machines/pc/instructions/row.ts';
import { translate as physicalAddress } from '../../machines/pc/paging.ts';
import { FETCH, loadPhysical } from '../../machines/pc/physical.ts';
import { CS, DS, EAX, EFLAGS, FAULT, NONE } from '../../machines/pc/registers.ts';
import { Emitter } from './emitter.ts';
import { PAGE } from './layout.ts';
import { ruleFor, type Source, type Treatment } from './rules.ts';
import type { Adapted } from './adaptation.ts';
import { prologue, storePriority, type Stored } from './sequences.ts';

export const MOST_INSTRUCTIONS = 12;
const LONGEST = 15;
const PREFIXES: ReadonlySet<number> = new Set([
  0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3,
]);

/** One guest instruction and where its translation begins. */
export interface Translated {
  readonly eip: number;
  readonly length: number;
  readonly mnemonic: string;
  readonly treatment: Treatment;
  readonly at: number;
}

export interface Translation {
  readonly eip: number;
  /** Linear address, and the physical ones of the bytes translated: from the first, this many, perhaps into a second page. */
  readonly linear: number;
  readonly physical: number;
  readonly length: number;
  /** Frame of the page into which the last instruction reaches, or the first one. */
  readonly lastFrame: number;
  readonly code: Emitter;
  /** Offset behind the prologue: where direct jumps enter. */
  readonly entry: number;
  readonly instructions: readonly Translated[];
}

/** Reads bytes at linear addresses as instruction fetch sees them; a fault on the way is the guest's. */
type Fetches = (a: number) => number;
function fetching(cpu: Cpu): Fetches {
  let [page, frame] = [-1, 0];
  return (a) => {
    if (a >>> 12 !== page) {
      frame = physicalAddress(cpu, a, FETCH, false) & -PAGE;
      page = a >>> 12;
    }
    return loadPhysical(cpu, frame | (a & (PAGE - 1)), 1);
  };
}

interface Read {
  readonly decoded: Decoded;
  readonly bytes: readonly number[];
}

/** Reads one instruction; null beyond the segment's limit, where `eip` is the first so that the fault is found. */
function read(cpu: Cpu, fetch: Fetches, eip: number): Read | null {
  const base = cpu.bases[CS]!;
  const limit = cpu.limits[CS]!;
  const bytes: number[] = [];
  const decoded = decode(
    (index) => {
      if (index >= LONGEST || (eip >>> 0) + index > limit) return -1;
      return (bytes[index] ??= fetch((base + eip + index) | 0));
    },
    true,
    cpu,
  );
  return decoded && { decoded, bytes: bytes.slice(0, decoded.length) };
}

/**
 * Translates from the virtual processor's EIP on; null if its first instruction cannot be read as a whole. Faults of
 * reading it leave as the guest's.
 * @param adapted what the instruction at an address has become because it kept faulting
 * @param priority linear address of the task priority, −1 where none is known
 */
export function translateUnit(
  cpu: Cpu,
  eip: number,
  adapted: (eip: number) => Adapted | null,
  priority: number,
): Translation | null {
  const code = new Emitter();
  prologue(code, eip);
  const entry = code.at;
  const linear = (cpu.bases[CS]! + eip) | 0;
  const physical = physicalAddress(cpu, linear, FETCH, false);
  const fetch = fetching(cpu);
  const instructions: Translated[] = [];
  let next = eip;
  let open = true;
  let shadowed = false;
  while (open) {
    const found = readNext(cpu, fetch, next, eip);
    if (!found) break;
    const source = sourceOf(cpu, found, next);
    const { at } = code;
    code.begin(next, !shadowed);
    const treatment = emitOne(code, source, adapted(next), priority);
    const { length, row } = found.decoded;
    instructions.push({ eip: next, length, mnemonic: row.mnemonic, treatment, at });
    next = source.next;
    shadowed = found.decoded.row.mnemonic === 'STI';
    open = treatment !== 'control' && treatment !== 'call-out';
    if (instructions.length >= MOST_INSTRUCTIONS && !shadowed) break;
  }
  if (instructions.length === 0) return null;
  if (open) {
    code.begin(next, !shadowed);
    code.exit(next);
  }
  const length = next - eip;
  const last = physicalAddress(cpu, (linear + length - 1) | 0, FETCH, false) & -PAGE;
  return { eip, linear, physical, length, lastFrame: last, code, entry, instructions };
}

/** The instruction at `eip`, unless it lies in another page than the first or does not end in it. */
function readNext(cpu: Cpu, fetch: Fetches, eip: number, first: number): Read | null {
  if (eip === first) return read(cpu, fetch, eip);
  const page = (a: number): number => ((cpu.bases[CS]! + a) >>> 0) >>> 12;
  if (page(eip) !== page(first)) return null;
  try {
    const found = read(cpu, fetch, eip);
    return found && page(eip + found.decoded.length - 1) === page(first) ? found : null;
  } catch (fault) {
    if (fault !== FAULT) throw fault;
    return null;
  }
}

export function sourceOf(cpu: Cpu, { decoded, bytes }: Read, eip: number): Source {
  return {
    decoded,
    bytes,
    opcodeAt: bytes.findIndex((byte) => !PREFIXES.has(byte)),
    eip,
    next: (eip + decoded.length) | 0,
    iopl: (cpu.words[EFLAGS]! >>> 12) & 3,
    codeSelector: cpu.selectors[CS]!,
    codeLimit: cpu.limits[CS]!,
    gdtBase: cpu.gdtBase,
  };
}

/** What a MOV stores into the doubleword at a constant address in DS; null: it is no such instruction. */
export function storedAt({ decoded, opcodeAt }: Source, address: number): Stored | null {
  const { row, register, wide, base, index, reg, immediate, displacement, segment } = decoded;
  if (!wide || segment !== DS || opcodeAt !== 0) return null;
  if (row.opcode === 'A3') return (immediate | 0) === address ? { register: EAX } : null;
  if (register || base !== NONE || index !== NONE || (displacement | 0) !== address) return null;
  if (row.opcode === '89') return { register: reg };
  return row.opcode === 'C7 /0' ? { immediate } : null;
}

function emitOne(code: Emitter, source: Source, adapted: Adapted | null, priority: number): Treatment {
  const stored = adapted === 'priority' ? storedAt(source, priority) : null;
  if (stored !== null) {
    storePriority(code, stored);
    return 'inline';
  }
  const rule = ruleFor(source);
  if (adapted !== null || rule?.treatment === 'call-out') {
    code.callOut('emulate');
    return 'call-out';
  }
  if (rule?.emit) {
    rule.emit(code, source);
    return rule.treatment;
  }
  code.put(...source.bytes);
  return 'identical';
}
