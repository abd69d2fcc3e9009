/** What panels can look at: a machine, real or virtual, by its registers and its real storage. */
import type { S370 } from '../../machines/s370/machine.ts';
import type { Psw } from '../../machines/s370/psw.ts';
import { walkTables, type Walk } from '../../machines/s370/translation.ts';

export interface Subject {
  /** '' for the machine itself, else the name of the virtual machine. */
  readonly name: string;
  readonly psw: Psw;
  readonly gr: ArrayLike<number>;
  /** Registers 0, 2, 4, 6 as pairs of words. */
  readonly fpr: ArrayLike<number>;
  readonly cr: ArrayLike<number>;
  /** Bytes of what it takes for real storage. */
  readonly size: number;
  /** A byte of its real storage, −1 where there is none at hand. Looking changes nothing. */
  peek(real: number): number;
}

/** The real machine as a subject. */
export function machineSubject(machine: S370): Subject {
  const { cpu } = machine;
  return {
    name: '',
    get psw() {
      return cpu.psw;
    },
    gr: cpu.gr,
    fpr: cpu.fpr,
    cr: cpu.cr,
    size: cpu.storage.size,
    peek: (real) => {
      const at = cpu.absolute(real & 0xffffff);
      return at < cpu.storage.size ? cpu.bytes[at]! : -1;
    },
  };
}

/** 2 or 4 bytes of real storage, unsigned, or −1. */
export function peekReal(subject: Subject, real: number, size: 2 | 4): number {
  let value = 0;
  for (let i = 0; i < size; i++) {
    const byte = subject.peek((real + i) & 0xffffff);
    if (byte < 0) return -1;
    value = value * 256 + byte;
  }
  return value;
}

const PSW_DAT = 0x04;

export const isTranslating = ({ psw }: Subject): boolean =>
  psw.extendedControl && (psw.systemMask & PSW_DAT) !== 0;

export const walk = (subject: Subject, virtual: number): Walk =>
  walkTables(virtual, subject.cr[0] ?? 0, subject.cr[1] ?? 0, (at, size) => peekReal(subject, at, size));

/** A byte at a logical address, −1 where translation or storage ends. */
export function peekLogical(subject: Subject, logical: number): number {
  if (!isTranslating(subject)) return subject.peek(logical & 0xffffff);
  const found = walk(subject, logical & 0xffffff);
  return 'real' in found ? subject.peek(found.real) : -1;
}

/** Up to `length` bytes at a logical address; ends early where there is nothing. */
export function peekLogicalBytes(subject: Subject, logical: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const byte = peekLogical(subject, logical + i);
    if (byte < 0) return bytes.subarray(0, i);
    bytes[i] = byte;
  }
  return bytes;
}
