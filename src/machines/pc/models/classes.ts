/**
 * What a model of the IA-32 line is: how long what takes, in processor cycles, how far the translation lookaside
 * buffers reach, which features the processor has and how it tells. An instruction has one price by its class:
 * SIMPLIFIED, for these processors execute several at a time and out of order; the prices of plain instructions are
 * averages, those of the operations this lab is about are their own.
 */
import type { Cost } from '../../../accounting/cost.ts';

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
  'float', // x87 loads, stores, adds, multiplications, comparisons
  'float-divide', // x87 divisions and square roots
  'float-function', // x87 transcendental functions, FPREM
  'float-state', // FSAVE, FRSTOR, FXSAVE, environments
  'port', // IN, OUT: a cycle on the bus of the chipset
  'device-memory', // added for an operand that is a device's: interrupt controllers
] as const;
export type CostClass = (typeof COST_CLASSES)[number];

/** Shape of one translation lookaside buffer: entries for 4 K pages and for 4 M pages, in ways of a set. */
export interface TlbShape {
  readonly small: number;
  readonly smallWays: number;
  readonly large: number;
  readonly largeWays: number;
}

/** Features by their names in CPUID leaf 1, EDX; `cpuid` is the instruction itself. SDM vol. 2A, table 3-11. */
export const FEATURE_BITS = {
  fpu: 0,
  de: 2, // I/O breakpoints, DR4 and DR5 reserved on demand
  pse: 3, // 4 M pages
  tsc: 4,
  msr: 5,
  pae: 6, // page tables of 64-bit entries
  cx8: 8, // CMPXCHG8B
  apic: 9,
  sep: 11, // SYSENTER, SYSEXIT
  mtrr: 12,
  pge: 13, // global pages
  cmov: 15, // CMOVcc, FCMOVcc, FCOMI
  pat: 16,
  mmx: 23,
  fxsr: 24, // FXSAVE, FXRSTOR
} as const;
/** What of VT-x a processor has, in the order in which it appeared. SDM vol. 3C, appendix A. */
export const VMX_FEATURES = [
  'vmx', // the instructions, I/O bitmaps, TSC offset: CPUID leaf 1, ECX bit 5
  'vmx-msr-bitmap',
  'vmx-true-controls', // CR3 need not exit
  'vmx-timer', // preemption timer
  'vmx-ept',
  'vmx-vpid',
  'vmx-unrestricted', // real-address mode as a guest
  'vmx-ept-dirty', // accessed and dirty flags in the tables of the host
] as const;
export type Feature = keyof typeof FEATURE_BITS | 'cpuid' | 'pmc' | (typeof VMX_FEATURES)[number];

/** What VT-x costs on a model: cycles beyond those of the instruction's class. */
export interface VmxCosts {
  readonly entry: Cost;
  readonly exit: Cost;
  /** VMREAD, VMWRITE. */
  readonly access: Cost;
  /** Each reference to a table of the host's in a nested walk; those of the guest's are part of its own walk. */
  readonly reference: Cost;
}

/** One cache of CPUID leaf 4. */
export interface CacheShape {
  readonly level: number;
  readonly kind: 'data' | 'instruction' | 'unified';
  readonly kilobytes: number;
  readonly ways: number;
  readonly line: number;
}

/** What CPUID tells beyond signature and features. */
export interface Identity {
  /** Leaf 1, EBX: brand index, and CLFLUSH line size where the processor tells it. */
  readonly brandIndex: number;
  /** Leaves 0x80000002 to 4; null: there are no extended leaves. */
  readonly brand: string | null;
  /** Leaf 2, EAX to EDX: descriptors of caches and buffers; null: there is no leaf 2. */
  readonly descriptors: readonly [number, number, number, number] | null;
  /** Leaf 4; empty: there is no leaf 4. */
  readonly caches: readonly CacheShape[];
  /** Bits of physical addresses. */
  readonly physicalBits: number;
  readonly source: string;
}

export interface Model {
  readonly id: string;
  readonly name: string;
  /** Processor cycles per second. */
  readonly frequency: number;
  /** EDX after reset and CPUID leaf 1, EAX: type, family, model, stepping. */
  readonly signature: number;
  readonly features: readonly Feature[];
  readonly identity: Identity;
  readonly instructionTlb: TlbShape;
  readonly dataTlb: TlbShape;
  readonly tlbSource: string;
  readonly costs: Readonly<Record<CostClass, Cost>>;
  /** Null: there is no VT-x. */
  readonly vmx: VmxCosts | null;
}

/** Bare numbers of a model, for the processor's hot paths. */
export type CostTable = Readonly<Record<CostClass, number>>;
export const costTable = (model: Model): CostTable =>
  Object.fromEntries(COST_CLASSES.map((name) => [name, model.costs[name].cycles])) as Record<
    CostClass,
    number
  >;
