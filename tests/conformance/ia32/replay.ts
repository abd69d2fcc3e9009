/** Replays recorded cases on the PC's processor and tells where it differs. */
import type { Cpu } from '../../../src/machines/pc/cpu.ts';
import { decode, type Variant } from '../../../src/machines/pc/instructions/decode.ts';
import type { Row } from '../../../src/machines/pc/instructions/row.ts';
import { setCr0 } from '../../../src/machines/pc/control-registers.ts';
import { FLAG_IF } from '../../../src/machines/pc/eflags.ts';
import { getFlags, setFlags } from '../../../src/machines/pc/flags.ts';
import { Pc } from '../../../src/machines/pc/machine.ts';
import { CR0_NE, CR0_PE, FAULT } from '../../../src/machines/pc/registers.ts';
import { setSegment } from '../../../src/machines/pc/segments.ts';
import { parseHexBytes } from '../../../src/base/bits.ts';
import { CS, DS, EBX } from '../../../src/machines/pc/registers.ts';
import { putUnit, settleX87, unitOf } from './x87-replay.ts';
import { before, CODE, DATA, PAGE, STACK } from './state.ts';

export interface Vector {
  readonly seed: number;
  readonly code: Uint8Array;
  /** Of the x87 unit: the operand at [EBX]; else null. */
  readonly operand: Uint8Array | null;
  /** Of sequences about segments: what they test; else null. */
  readonly about: string | null;
  /** The rest of the line: what the recorded processor did. */
  readonly outcome: string;
}

export function parseVectors(text: string): Vector[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [seed = '', text = '', ...outcome] = line.split(' ');
      const [instructions = '', about = null] = text.split('@');
      const [code = '', operand] = instructions.split(':');
      return {
        seed: Number(seed),
        code: parseHexBytes(code)!,
        operand: operand === undefined ? null : parseHexBytes(operand)!,
        about,
        outcome: outcome.join(' '),
      };
    });
}

const KEPT_FLAGS = 0xcd5;
export interface Replayed {
  readonly outcome: string;
  readonly expected: string;
}

/** Time enough for any repetition. */
const TIME = 1e6;

/** Executes one instruction; the vector of its exception, or −1. */
function execute(cpu: Cpu): number {
  cpu.horizon = cpu.clock + TIME;
  cpu.left = TIME;
  try {
    cpu.executeOne();
    return -1;
  } catch (fault) {
    if (fault !== FAULT) throw fault;
    cpu.unwind();
    return cpu.faultVector;
  }
}

/** The row of the table that a case tests. */
export const rowOf = ({ code }: Vector, variant: Variant): Row =>
  decode((k) => code[k] ?? -1, true, variant)!.row;

/** Linear address of the descriptor tables, and the flat segments of the system that recorded. */
const TABLES = 0x430000;
const FLAT = [0n, 0n, 0n, 0n, 0x00cffb000000ffffn, 0x00cff3000000ffffn] as const;
const USER_CODE = [0x23, 0, 0xffffffff, 0xc0fb] as const;
const USER_DATA = [0x2b, 0, 0xffffffff, 0xc0f3] as const;
const NO_DATA = [0, 0, 0, 0] as const;
const userSegment = (segment: number): readonly [number, number, number, number] => {
  if (segment === CS) return USER_CODE;
  return segment > DS ? NO_DATA : USER_DATA;
};
const LONGEST_SEQUENCE = 8;

/** One processor serves all cases: flat segments, no paging. */
export class Replayer {
  readonly pc = new Pc({ memory: 8 << 20 });

  constructor() {
    const { cpu } = this.pc;
    setCr0(cpu, CR0_PE | CR0_NE);
    for (let segment = 0; segment < 6; segment++)
      setSegment(cpu, segment, 8, 0, 0xffffffff, segment === 1 ? 0xc09b : 0xc093);
  }

  /** Puts the descriptors of the vectors into a local table, and goes to level 3 as the recorder was. */
  enterSegments(descriptors: readonly bigint[]): void {
    const { cpu } = this.pc;
    [...FLAT, ...descriptors].forEach((descriptor, k) => {
      this.pc.loadWord(TABLES + 8 * k, Number(BigInt.asIntN(32, descriptor)));
      this.pc.loadWord(TABLES + 8 * k + 4, Number(BigInt.asIntN(32, descriptor >> 32n)));
    });
    [cpu.gdtBase, cpu.gdtLimit] = [TABLES, 8 * FLAT.length - 1];
    const base = TABLES + 8 * FLAT.length;
    cpu.ldt = { selector: 0x60, base, limit: 8 * descriptors.length - 1, access: 0x82 };
    cpu.idtLimit = 0;
    setFlags(cpu, FLAG_IF, FLAG_IF);
  }

  /** A sequence at level 3, from its first instruction to the place behind its last. */
  replaySequence(vector: Vector): Replayed {
    const { cpu } = this.pc;
    cpu.setCpl(3);
    for (let segment = 0; segment < 6; segment++) setSegment(cpu, segment, ...userSegment(segment));
    const end = CODE + vector.code.length;
    return this.replay(vector, () => {
      let exception = -1;
      for (let n = 0; n < LONGEST_SEQUENCE && exception < 0 && cpu.eip !== end; n++) exception = execute(cpu);
      return exception;
    });
  }

  /** The outcome here and the recorded one. */
  replay(vector: Vector, run = (): number => execute(this.pc.cpu)): Replayed {
    const { pc } = this;
    const { cpu } = pc;
    const start = before(vector.seed);
    const data = new Uint8Array(PAGE);
    data.set(start.data);
    cpu.x87.initialize();
    if (vector.operand) {
      data.set(vector.operand, start.registers[EBX]! - DATA);
      putUnit(cpu.x87, vector.seed);
    }
    pc.load(DATA, data);
    pc.load(STACK, start.stack);
    pc.load(CODE, vector.code);
    cpu.words.set(start.registers.map((value) => value | 0));
    setFlags(cpu, KEPT_FLAGS, start.flags);
    cpu.eip = CODE;
    const exception = run();
    const parts = [exception >= 0 ? `!${exception}` : `f${(getFlags(cpu) & KEPT_FLAGS).toString(16)}`];
    cpu.words.slice(0, 8).forEach((value, r) => {
      if (value >>> 0 !== start.registers[r]) parts.push(`r${r}=${(value >>> 0).toString(16)}`);
    });
    if (vector.operand && exception < 0) parts.push(...unitOf(cpu.x87, vector.seed));
    parts.push(...changes('d', data, cpu.bytes.subarray(DATA, DATA + PAGE)));
    parts.push(...changes('s', start.stack, cpu.bytes.subarray(STACK, STACK + PAGE)));
    const replayed = { outcome: parts.join(' '), expected: vector.outcome };
    return vector.operand ? settleX87(rowOf(vector, cpu), vector, replayed) : replayed;
  }
}

function changes(name: string, old: Uint8Array, now: Uint8Array): string[] {
  const found: string[] = [];
  for (let k = 0; k < PAGE; k++) {
    if (old[k] === now[k]) continue;
    let text = `${name}${k.toString(16)}=`;
    for (; k < PAGE && old[k] !== now[k]; k++) text += now[k]!.toString(16).padStart(2, '0');
    found.push(text);
  }
  return found;
}
