/** Writes IA-32 bytes of one translation, and notes for every place which guest instruction stands behind it. */
import { linear, SAVED_EAX, SAVED_ECX, SAVED_FLAGS } from './layout.ts';
import { EAX, ECX } from '../../machines/pc/registers.ts';

/** Registers whose guest value is not in them but in the state: bits of `Point.saved`. */
export const IN_EAX = 1;
export const IN_ECX = 2;
export const IN_FLAGS = 4;

/** From this offset on, up to the next point. */
export interface Point {
  readonly at: number;
  /** Address of the guest's instruction. */
  readonly eip: number;
  readonly saved: number;
  /** The state at this very place is the guest's before that instruction. */
  readonly starts: boolean;
}

/** A way out of a unit to a known address: a call-out of two bytes until it is chained, then a jump of five. */
export interface Exit {
  readonly at: number;
  readonly target: number;
  /** Offset of the distance of a conditional jump that leads here, or −1. */
  readonly branch: number;
  /** Unit that it is chained to, or −1. */
  to: number;
}

/** Why a call-out is made. */
export type SiteKind = 'exit' | 'emulate' | 'interrupts' | 'miss';
export interface Site {
  readonly at: number;
  readonly kind: SiteKind;
  /** Guest address of the instruction concerned, of an exit its target. */
  readonly eip: number;
}

/** INT with this vector calls out: gates for level 1 are the monitor's. */
export const CALL_OUT = 0xf0;
export const CALL_OUT_BYTES: readonly number[] = [0xcd, CALL_OUT];
const GS = 0x65;

export const doubleword = (value: number): number[] => [
  value & 0xff,
  (value >>> 8) & 0xff,
  (value >>> 16) & 0xff,
  value >>> 24,
];

export class Emitter {
  readonly bytes: number[] = [];
  readonly points: Point[] = [];
  readonly sites: Site[] = [];
  readonly exits: Exit[] = [];
  private eip = 0;

  put(...bytes: number[]): void {
    this.bytes.push(...bytes);
  }
  get at(): number {
    return this.bytes.length;
  }

  /** What follows stands for the guest's instruction at `eip`; `starts`: interrupts may come before it. */
  begin(eip: number, starts = true): void {
    this.eip = eip;
    this.points.push({ at: this.at, eip, saved: 0, starts });
  }
  /** From here on these registers are in the state. */
  saved(bits: number): void {
    this.points.push({ at: this.at, eip: this.eip, saved: bits, starts: false });
  }

  /** MOV of a register from or to a doubleword of the monitor's memory. No flags. */
  load(register: number, offset: number): void {
    this.put(GS, 0x8b, 0x05 | (register << 3), ...doubleword(linear(offset)));
  }
  store(offset: number, register: number): void {
    this.put(GS, 0x89, 0x05 | (register << 3), ...doubleword(linear(offset)));
  }
  storeImmediate(offset: number, value: number): void {
    this.put(GS, 0xc7, 0x05, ...doubleword(linear(offset)), ...doubleword(value));
  }

  saveScratch(): void {
    this.store(SAVED_EAX, EAX);
    this.store(SAVED_ECX, ECX);
    this.saved(IN_EAX | IN_ECX);
  }
  restoreScratch(): void {
    this.load(ECX, SAVED_ECX);
    this.load(EAX, SAVED_EAX);
  }
  /** LAHF and SETO AL, into the state; EAX is saved already. */
  saveFlags(): void {
    this.put(0x9f, 0x0f, 0x90, 0xc0);
    this.store(SAVED_FLAGS, EAX);
    this.saved(IN_EAX | IN_ECX | IN_FLAGS);
  }
  /** OF comes back by an addition that overflows, the rest by SAHF. */
  restoreFlags(): void {
    this.load(EAX, SAVED_FLAGS);
    this.put(0x04, 0x7f, 0x9e);
  }

  callOut(kind: SiteKind, eip = this.eip): void {
    this.sites.push({ at: this.at, kind, eip });
    this.put(...CALL_OUT_BYTES);
  }

  /** A way out; five bytes, so that a jump has room. */
  exit(target: number, branch = -1): void {
    this.exits.push({ at: this.at, target, branch, to: -1 });
    this.callOut('exit', target);
    this.put(0x90, 0x90, 0x90);
  }
}
