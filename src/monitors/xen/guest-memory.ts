/** The guest's memory as hypercalls reach it: by linear address, never Xen's part, and faults are answers. */
import type { SystemPc } from '../../machines/pc/system.ts';
import { HYPERVISOR_START } from './interface.ts';

const within = (at: number, length: number): boolean => (at >>> 0) + length <= HYPERVISOR_START;

/** `count` words from `at` on, unsigned; null: not all of them can be read. */
export function readWords(system: SystemPc, at: number, count: number): number[] | null {
  if (!within(at, 4 * count)) return null;
  const words: number[] = [];
  const fault = system.attempt(() => {
    for (let k = 0; k < count; k++) words.push(system.load((at + 4 * k) | 0, 4) >>> 0);
  });
  return fault ? null : words;
}

export function readBytes(system: SystemPc, at: number, count: number): Uint8Array | null {
  if (!within(at, count)) return null;
  const bytes = new Uint8Array(count);
  const fault = system.attempt(() => {
    for (let k = 0; k < count; k++) bytes[k] = system.load((at + k) | 0, 1);
  });
  return fault ? null : bytes;
}

/** Whether all of it could be written. */
export function writeWords(system: SystemPc, at: number, words: readonly number[]): boolean {
  if (!within(at, 4 * words.length)) return false;
  return (
    system.attempt(() => {
      words.forEach((word, k) => {
        system.store((at + 4 * k) | 0, 4, word);
      });
    }) === null
  );
}

export function writeBytes(system: SystemPc, at: number, bytes: ArrayLike<number>): boolean {
  if (!within(at, bytes.length)) return false;
  return (
    system.attempt(() => {
      for (let k = 0; k < bytes.length; k++) system.store((at + k) | 0, 1, bytes[k]!);
    }) === null
  );
}

/** A word and a half: fields of 16 bits lie in the lower or upper half of their word. */
export const half = (word: number, upper = false): number => (upper ? word >>> 16 : word & 0xffff);
