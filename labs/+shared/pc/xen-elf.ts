/**
 * A paravirtual kernel's file from an assembled source: 32-bit ELF with the notes that a Xen domain builder reads
 * (elfnote.h), so that it starts under any Xen 3 of the interface xen-3.0-x86_32.
 */
import type { Assembly } from '../../../src/assembler/core/assembly.ts';

/** First address of the kernel's memory; its first page is the one that Xen fills with hypercalls. */
export const XEN_GUEST_BASE = 0xd000_0000;
/** Where the assembled source begins. */
export const XEN_GUEST_ORIGIN = XEN_GUEST_BASE + 0x1000;

const FILE_HEADER = 52;
const PROGRAM_HEADER = 32;
const LOAD = 1;
const NOTE = 4;
const READ_WRITE_EXECUTE = 7;
const PAGE = 4096;

const up = (value: number, to: number): number => Math.ceil(value / to) * to;
const words = (...values: number[]): Uint8Array => new Uint8Array(Uint32Array.from(values).buffer);
const text = (value: string): Uint8Array => new TextEncoder().encode(`${value}\0`);

/** One note of the name "Xen". */
function note(type: number, value: Uint8Array): readonly number[] {
  const padded = new Uint8Array(up(value.length, 4));
  padded.set(value);
  return [...words(4, value.length, type), ...text('Xen'), ...padded];
}

const notes = (entry: number): Uint8Array =>
  Uint8Array.from([
    ...note(1, words(entry)), // ENTRY
    ...note(2, words(XEN_GUEST_BASE)), // HYPERCALL_PAGE
    ...note(3, words(XEN_GUEST_BASE)), // VIRT_BASE
    ...note(4, words(XEN_GUEST_BASE)), // PADDR_OFFSET: physical addresses of the file are linear ones
    ...note(5, text('xen-3.0')), // XEN_VERSION
    ...note(8, text('generic')), // LOADER
    ...note(9, text('no')), // PAE_MODE
  ]);

interface Part {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly bytes: Uint8Array;
}

function header(entry: number, parts: number): Uint8Array {
  const bytes = new Uint8Array(FILE_HEADER);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  const view = new DataView(bytes.buffer);
  const halves: readonly (readonly [number, number])[] = [
    ...([[16, 2], [18, 3], [40, FILE_HEADER], [42, PROGRAM_HEADER], [44, parts]] as const), // prettier-ignore
  ];
  for (const [at, value] of halves) view.setUint16(at, value, true);
  view.setUint32(20, 1, true);
  view.setUint32(24, entry, true);
  view.setUint32(28, FILE_HEADER, true);
  return bytes;
}

/** The file of an assembly that has no errors, assembled at `XEN_GUEST_ORIGIN`. */
export function xenElf({ segments, entry }: Assembly): Uint8Array {
  const told = notes(entry);
  const parts: Part[] = [];
  let end = FILE_HEADER + PROGRAM_HEADER * (segments.length + 1);
  const add = (type: number, address: number, bytes: Uint8Array, alignment: number): void => {
    const offset = up(end, alignment);
    parts.push({ type, offset, address, bytes });
    end = offset + bytes.length;
  };
  add(NOTE, 0, told, 4);
  for (const { address, bytes } of segments) add(LOAD, address, Uint8Array.from(bytes), PAGE);
  const file = new Uint8Array(end);
  file.set(header(entry, parts.length));
  parts.forEach(({ type, offset, address, bytes }, k) => {
    const sizes = [bytes.length, bytes.length, READ_WRITE_EXECUTE, PAGE];
    file.set(words(type, offset, address, address, ...sizes), FILE_HEADER + PROGRAM_HEADER * k);
    file.set(bytes, offset);
  });
  return file;
}
