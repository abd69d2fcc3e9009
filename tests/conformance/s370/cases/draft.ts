/** A case in the making: registers are claimed one by one, so that addresses and operands do not meet by accident. */
import { A, B, backgroundGeneral, INSTRUCTION_AT, LANDING } from '../layout.ts';
import type { Reason } from '../reasons.ts';
import { hex, type Before } from '../vector.ts';
import type { Chance } from './random.ts';

/** What the instruction replaces: unpredictable when it is terminated. */
export interface Results {
  gr: number[];
  fpr: number[];
  storage: [number, number][];
}

/** What any model may answer as it likes, and why. */
export interface Open {
  readonly why: Reason;
  readonly storage?: readonly [number, number][];
}

export interface Case {
  readonly before: Before;
  readonly results: Results;
  readonly unpredictable?: Open;
  readonly page?: number;
}

export interface Place {
  readonly b: number;
  readonly d: number;
}

export class Draft {
  readonly chance: Chance;
  readonly mnemonic: string;
  readonly gr = new Map<number, number>();
  readonly fpr = new Map<number, string>();
  readonly cr = new Map<number, number>();
  readonly storage = new Map<number, string>();
  readonly results: Results = { gr: [], fpr: [], storage: [] };
  keys: string | undefined;
  /** Bytes 0 and 1 of the PSW: no interruptions, key 0, problem state. */
  psw = 0x0001;
  extendedControl = false;
  cc: number;
  mask: number;
  ia = INSTRUCTION_AT;
  unpredictable: Open | undefined;
  /** Bytes of a page, when translation is on. */
  page: number | undefined;

  constructor(mnemonic: string, chance: Chance) {
    this.mnemonic = mnemonic;
    this.chance = chance;
    this.cc = chance.below(4);
    this.mask = chance.oneIn(3) ? 15 : chance.below(16);
  }

  /** A register nobody has claimed; never 0, so that it serves as base. */
  free(): number {
    for (;;) {
      const r = this.chance.between(1, 15);
      if (!this.gr.has(r)) return r;
    }
  }

  set(r: number, value: number): number {
    this.gr.set(r, value | 0);
    return r;
  }

  value(r: number): number {
    return this.gr.get(r) ?? backgroundGeneral(r);
  }

  /** A base register not yet in use, and a displacement, for `address`; sometimes with garbage in the high byte. */
  base(address: number): Place {
    if (address < 4096 && this.chance.oneIn(2)) return { b: 0, d: address };
    const d = this.chance.oneIn(4) ? 0 : this.chance.oneIn(4) ? 0xfff : this.chance.below(4096);
    const b = this.free();
    this.set(b, ((address - d) & 0xffffff) | (this.chance.oneIn(3) ? this.chance.bits() & 0xff000000 : 0));
    return { b, d };
  }

  /** Somewhere in area A or B with `length` bytes from there, often across its inner boundary. */
  spot(length: number, alignment = 1, area = this.chance.pick([A, B])): number {
    const room = area.length - length;
    const boundary = 256;
    const offset =
      this.chance.oneIn(3) && length > 1
        ? boundary - this.chance.between(1, Math.min(length - 1, boundary))
        : this.chance.between(16, Math.max(16, room - 16));
    return area.at + (Math.min(offset, room) & -alignment);
  }

  put(at: number, text: string): void {
    this.storage.set(at, text);
  }

  putWord(at: number, value: number): void {
    this.put(at, hex(value, 8));
  }

  landing(): number {
    return LANDING.at + (this.chance.below(LANDING.length) & -2);
  }

  finish(instruction: string): Case {
    const high = this.extendedControl
      ? hex((this.psw << 16) | (this.cc << 12) | (this.mask << 8), 8)
      : hex(this.psw << 16, 8);
    const low = this.extendedControl
      ? hex(this.ia, 8)
      : hex((this.cc << 28) | (this.mask << 24) | this.ia, 8);
    const patches = <T>(map: ReadonlyMap<number, T>, key: (k: number) => string, text: (v: T) => string) =>
      Object.fromEntries([...map].map(([k, v]) => [key(k), text(v)]));
    const word = (v: number): string => hex(v, 8);
    const before: Before = {
      mnemonic: this.mnemonic,
      instruction,
      psw: high + low,
      ...(this.gr.size > 0 ? { gr: patches(this.gr, String, word) } : {}),
      ...(this.fpr.size > 0 ? { fpr: patches(this.fpr, String, (v) => v) } : {}),
      ...(this.cr.size > 0 ? { cr: patches(this.cr, String, word) } : {}),
      ...(this.storage.size > 0
        ? {
            storage: patches(
              this.storage,
              (a) => hex(a, 6),
              (v) => v,
            ),
          }
        : {}),
      ...(this.keys !== undefined ? { keys: this.keys } : {}),
    };
    return {
      before,
      results: this.results,
      ...(this.page !== undefined ? { page: this.page } : {}),
      ...(this.unpredictable ? { unpredictable: this.unpredictable } : {}),
    };
  }
}

// Encoders, by instruction format.

export const rr = (op: number, r1: number, r2: number): string => hex(op, 2) + hex(r1, 1) + hex(r2, 1);

const place = ({ b, d }: Place): string => hex(b, 1) + hex(d, 3);

export const rx = (op: number, r1: number, x2: number, second: Place): string =>
  hex(op, 2) + hex(r1, 1) + hex(x2, 1) + place(second);

export const rs = (op: number, r1: number, r3: number, second: Place): string => rx(op, r1, r3, second);

export const si = (op: number, immediate: number, first: Place): string =>
  hex(op, 2) + hex(immediate, 2) + place(first);

export const s = (op: number, second: Place): string => hex(op, 4) + place(second);

/** `lengths`: the second byte, length codes or registers. */
export const ss = (op: number, lengths: number, first: Place, second: Place): string =>
  hex(op, 2) + hex(lengths, 2) + place(first) + place(second);

/** `count` cases of one instruction. */
export type Generator = (draft: Draft) => Case;
export interface Family {
  readonly mnemonic: string;
  readonly count: number;
  readonly make: Generator;
}
export const family = (mnemonic: string, count: number, make: Generator): Family => ({
  mnemonic,
  count,
  make,
});
