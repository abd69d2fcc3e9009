/**
 * Where things lie in the IA-32 experiment: the program's four pages, and the system's tables, which stand at one place
 * on a machine of one's own and at another where a monitor has put its own. SDM vol. 3A, chapters 3 and 6.
 */

/** Linear addresses of the program, the same in all situations. */
export const CODE = 0x10000;
export const DATA = 0x11000;
export const STACK = 0x12000;
export const PROGRAM_PAGES = 4;
export const PAGE = 0x1000;
/** Bytes that the program may call its own. */
export const PROGRAM_BYTES = PROGRAM_PAGES * PAGE;
/** Frames in which a monitor keeps the program. */
export const MOVED_FRAMES = 0x40000;
export const PAGE_DIRECTORY = 0x20000;

export interface Place {
  readonly gdt: number;
  readonly idt: number;
  readonly ldt: number;
  readonly tss: number;
  /** Selectors in the task and local-table registers. */
  readonly taskSelector: number;
  readonly ldtSelector: number;
}

export const OWN: Place = {
  gdt: 0x1000,
  idt: 0x2000,
  ldt: 0x3000,
  tss: 0x4000,
  taskSelector: 0x28,
  ldtSelector: 0x30,
};
export const MONITORS: Place = {
  gdt: 0x8000,
  idt: 0x9000,
  ldt: 0xa000,
  tss: 0xb000,
  taskSelector: 0x60,
  ldtSelector: 0x68,
};
/** Where handlers and gates lead, and the stack of level 0. */
export const HANDLER = 0x5000;
export const KERNEL_STACK = 0x7000;

export const CODE_0 = 0x08;
export const DATA_0 = 0x10;
export const CODE_3 = 0x1b;
export const DATA_3 = 0x23;
export const CONFORMING = 0x38;
export const CALL_GATE_3 = 0x43;
export const CALL_GATE_0 = 0x48;
export const ABSENT = 0x50;
export const FREE_TSS = 0x70;

/** Selectors that instructions are given; the task register takes only one of them, which comes up more often. */
export const SELECTORS = [
  ...[CODE_0, DATA_0, CODE_3, DATA_3, CONFORMING, CALL_GATE_3, CALL_GATE_0, ABSENT, 0, OWN.ldtSelector],
  ...[FREE_TSS, FREE_TSS, FREE_TSS],
];

export const GDT_ENTRIES = 16;
export const GDT_LIMIT = 8 * GDT_ENTRIES - 1;
export const IDT_LIMIT = 8 * 256 - 1;

/** Low and high word of a segment descriptor. */
const descriptor = (base: number, limit: number, access: number, granularity: number): [number, number] => [
  ((base & 0xffff) << 16) | (limit & 0xffff),
  (base & 0xff000000) | (granularity << 20) | (limit & 0xf0000) | (access << 8) | ((base >>> 16) & 0xff),
];
const gate = (selector: number, offset: number, access: number): [number, number] => [
  (selector << 16) | (offset & 0xffff),
  (offset & 0xffff0000) | (access << 8),
];

/** The global table at `place`: both tables hold the same selectors with the same rights. */
export function globalTable(place: Place): Int32Array {
  const flat = (access: number): [number, number] => descriptor(0, 0xfffff, access, 0xc);
  const busyTss = descriptor(place.tss, 0x67, 0x8b, 0);
  const local = descriptor(place.ldt, 0x3f, 0x82, 0);
  const entries: Readonly<Record<number, [number, number]>> = {
    [CODE_0]: flat(0x9b),
    [DATA_0]: flat(0x93),
    [CODE_3 & ~3]: flat(0xfb),
    [DATA_3 & ~3]: flat(0xf3),
    0x28: busyTss,
    0x30: local,
    [CONFORMING]: flat(0x9f),
    [CALL_GATE_3 & ~3]: gate(CODE_0, HANDLER, 0xec),
    [CALL_GATE_0]: gate(CODE_0, HANDLER, 0x8c),
    [ABSENT]: flat(0x73),
    0x60: busyTss,
    0x68: local,
    [FREE_TSS]: descriptor(place.tss, 0x67, 0x89, 0),
  };
  const table = new Int32Array(2 * GDT_ENTRIES);
  for (const [selector, words] of Object.entries(entries)) table.set(words, Number(selector) >> 2);
  return table;
}

/** Interrupt gates for all vectors, open to level 3 or not. */
export function interruptTable(open: boolean): Int32Array {
  const table = new Int32Array(512);
  for (let vector = 0; vector < 256; vector++)
    table.set(gate(CODE_0, HANDLER, open ? 0xee : 0x8e), 2 * vector);
  return table;
}
