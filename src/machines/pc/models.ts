/**
 * Models of the IA-32 line: how long what takes, in processor cycles, and how far the translation lookaside buffers
 * reach. An instruction has one price by its class: SIMPLIFIED, for these processors execute several at a time and out
 * of order; the prices of plain instructions are averages, those of the operations this lab is about are their own.
 */
import type { Certainty, Cost } from '../../accounting/cost.ts';

export const COST_CLASSES = [
  'plain', // MOV, ADD, LEA …: one operation between registers
  'memory', // added for an operand in memory
  'multiply',
  'divide',
  'shift', // rotates through carry, double shifts, bit scans
  'decimal', // DAA, AAM … in microcode
  'branch',
  'taken', // added when a conditional branch is taken
  'call', // near CALL and RET
  'stack', // PUSHA, ENTER …: several stack operations
  'string', // start of a string instruction
  'element', // … and each element
  'locked', // added by LOCK and by XCHG with memory
  'flags', // PUSHF, POPF, CLI, STI
  'segment-load', // a segment register in protected mode
  'far-transfer', // far CALL, JMP, RET to the same privilege level
  'gate', // change of stack and level, added
  'interruption', // INT n, exceptions, interrupts: through a gate of the same level
  'interrupt-return', // IRET
  'task-switch',
  'system-read', // SGDT, MOV from CR0, SMSW, STR …
  'system-write', // LGDT, LTR, MOV to CR0 …
  'address-space', // MOV to CR3
  'page-invalidate', // INVLPG
  'table-walk', // page tables after a TLB miss
  'serialize', // CPUID, RDMSR, WRMSR
  'time-stamp', // RDTSC
  'fast-call', // SYSENTER, SYSEXIT
  'port', // IN, OUT: a cycle on the bus of the chipset
] as const;
export type CostClass = (typeof COST_CLASSES)[number];

/** Shape of one translation lookaside buffer: entries for 4 K pages and for 4 M pages, in ways of a set. */
export interface TlbShape {
  readonly small: number;
  readonly smallWays: number;
  readonly large: number;
  readonly largeWays: number;
}

export interface Model {
  readonly id: string;
  readonly name: string;
  /** Processor cycles per second. */
  readonly frequency: number;
  /** CPUID leaf 1, EAX: type, family, model, stepping. */
  readonly signature: number;
  readonly brand: string;
  readonly instructionTlb: TlbShape;
  readonly dataTlb: TlbShape;
  readonly tlbSource: string;
  readonly costs: Readonly<Record<CostClass, Cost>>;
}

const FOG = 'A. Fog, Instruction tables';
const ASPLOS = 'K. Adams, O. Agesen, ASPLOS 2006, section 6.3';
const SCALE = 'between the published neighbours';

type Figure = readonly [cycles: number, source: string, certainty: Certainty];
const fog = (cycles: number): Figure => [cycles, FOG, 'recalled'];
const set = (cycles: number): Figure => [cycles, SCALE, 'estimate'];

const costs = (figures: Record<CostClass, Figure>): Record<CostClass, Cost> =>
  Object.fromEntries(
    COST_CLASSES.map((name) => {
      const [cycles, source, certainty] = figures[name];
      return [name, { cycles, source, certainty }];
    }),
  ) as Record<CostClass, Cost>;

export const PENTIUM_3: Model = {
  id: 'pentium3',
  name: 'Pentium III (Coppermine), 733 MHz',
  frequency: 733_000_000,
  signature: 0x683,
  brand: 'Intel(R) Pentium(R) III processor',
  instructionTlb: { small: 32, smallWays: 4, large: 2, largeWays: 2 },
  dataTlb: { small: 64, smallWays: 4, large: 8, largeWays: 4 },
  tlbSource: 'CPUID leaf 2 descriptors 01, 02, 03, 04 (SDM vol. 2A, CPUID)',
  costs: costs({
    plain: [1, FOG, 'estimate'],
    memory: [1, FOG, 'estimate'],
    multiply: fog(4),
    divide: fog(39),
    shift: fog(2),
    decimal: fog(15),
    branch: fog(1),
    taken: fog(1),
    call: fog(2),
    stack: fog(10),
    string: fog(10),
    element: fog(1),
    locked: fog(18),
    flags: fog(16),
    'segment-load': fog(18),
    'far-transfer': fog(40),
    gate: set(60),
    interruption: set(110),
    'interrupt-return': set(70),
    'task-switch': set(350),
    'system-read': set(12),
    'system-write': set(40),
    'address-space': set(60),
    'page-invalidate': set(50),
    'table-walk': set(12),
    serialize: set(60),
    'time-stamp': fog(32),
    'fast-call': set(40),
    port: set(650),
  }),
};

export const PENTIUM_4: Model = {
  id: 'pentium4',
  name: 'Pentium 4 672 (Prescott 2M), 3.8 GHz',
  frequency: 3_800_000_000,
  signature: 0xf4a,
  brand: 'Intel(R) Pentium(R) 4 CPU 3.80GHz',
  instructionTlb: { small: 64, smallWays: 64, large: 8, largeWays: 8 },
  dataTlb: { small: 64, smallWays: 64, large: 8, largeWays: 8 },
  tlbSource: 'CPUID leaf 2 descriptors 50, 5B (SDM vol. 2A, CPUID); separate 4 M entries are an estimate',
  costs: costs({
    plain: [1, FOG, 'estimate'],
    memory: [1, FOG, 'estimate'],
    multiply: fog(10),
    divide: fog(63),
    shift: fog(6),
    decimal: fog(60),
    branch: fog(2),
    taken: fog(1),
    call: [5, `${ASPLOS}: call and return together 11`, 'derived'],
    stack: fog(20),
    string: fog(20),
    element: fog(2),
    locked: fog(80),
    flags: fog(50),
    'segment-load': fog(40),
    'far-transfer': fog(150),
    gate: set(170),
    interruption: [400, `${ASPLOS}: divide error and return 889`, 'derived'],
    'interrupt-return': [330, `${ASPLOS}: divide error and return 889`, 'derived'],
    'task-switch': set(1500),
    'system-read': set(35),
    'system-write': set(140),
    'address-space': set(170),
    'page-invalidate': set(120),
    'table-walk': set(30),
    serialize: set(200),
    'time-stamp': fog(100),
    'fast-call': [120, `${ASPLOS}: system call and return 242`, 'derived'],
    port: [3209, ASPLOS, 'published'],
  }),
};

export const CORE_2: Model = {
  id: 'core2',
  name: 'Core 2 Duo E6700 (Conroe), 2.66 GHz',
  frequency: 2_660_000_000,
  signature: 0x6f6,
  brand: 'Intel(R) Core(TM)2 CPU 6700 @ 2.66GHz',
  instructionTlb: { small: 128, smallWays: 4, large: 8, largeWays: 4 },
  dataTlb: { small: 256, smallWays: 4, large: 32, largeWays: 4 },
  tlbSource: 'CPUID leaf 2 descriptors B0, B1, B4, 56 (SDM vol. 2A, CPUID)',
  costs: costs({
    plain: [1, FOG, 'estimate'],
    memory: [1, FOG, 'estimate'],
    multiply: fog(3),
    divide: fog(22),
    shift: fog(2),
    decimal: fog(20),
    branch: fog(1),
    taken: fog(1),
    call: fog(2),
    stack: fog(10),
    string: fog(8),
    element: fog(1),
    locked: fog(20),
    flags: fog(14),
    'segment-load': fog(16),
    'far-transfer': fog(60),
    gate: set(70),
    interruption: set(170),
    'interrupt-return': set(100),
    'task-switch': set(500),
    'system-read': set(15),
    'system-write': set(60),
    'address-space': set(80),
    'page-invalidate': set(80),
    'table-walk': set(15),
    serialize: set(100),
    'time-stamp': fog(65),
    'fast-call': set(60),
    port: set(2200),
  }),
};

export const SKYLAKE: Model = {
  id: 'skylake',
  name: 'Skylake-class server, 2.1 GHz',
  frequency: 2_100_000_000,
  signature: 0x50654,
  brand: 'Intel(R) Xeon(R) Platinum 8170 CPU @ 2.10GHz',
  instructionTlb: { small: 128, smallWays: 8, large: 8, largeWays: 8 },
  dataTlb: { small: 1536, smallWays: 12, large: 32, largeWays: 4 },
  tlbSource:
    'Intel Optimization Reference Manual, Skylake: second-level TLB for data; first level not modelled',
  costs: costs({
    plain: [1, FOG, 'estimate'],
    memory: [1, FOG, 'estimate'],
    multiply: fog(3),
    divide: fog(26),
    shift: fog(2),
    decimal: fog(21),
    branch: fog(1),
    taken: fog(1),
    call: fog(2),
    stack: fog(11),
    string: fog(10),
    element: fog(1),
    locked: fog(18),
    flags: fog(20),
    'segment-load': fog(14),
    'far-transfer': fog(90),
    gate: set(60),
    interruption: set(180),
    'interrupt-return': set(110),
    'task-switch': set(600),
    'system-read': set(20),
    'system-write': set(70),
    'address-space': set(90),
    'page-invalidate': set(110),
    'table-walk': set(20),
    serialize: set(110),
    'time-stamp': fog(25),
    'fast-call': set(70),
    port: set(2000),
  }),
};

export const MODELS: readonly Model[] = [PENTIUM_3, PENTIUM_4, CORE_2, SKYLAKE];

/** Bare numbers of a model, for the processor's hot paths. */
export type CostTable = Readonly<Record<CostClass, number>>;
export const costTable = (model: Model): CostTable =>
  Object.fromEntries(COST_CLASSES.map((name) => [name, model.costs[name].cycles])) as Record<
    CostClass,
    number
  >;
