/**
 * Models of the System/370 line: how long what takes, in processor cycles.
 *
 * IBM published instruction times per model in its Functional Characteristics manuals; they were not at hand, so the
 * times below are estimates in the ratio of the work each instruction does, scaled until a mix of load, store, add,
 * compare, move and branch comes out at the rate quoted for the model (370/145: about 0.3 million instructions a
 * second; cycle 202.5 to 315 ns). They are marked so and never used to validate that rate.
 */
import type { Cost } from '../../accounting/cost.ts';

export const COST_CLASSES = [
  'register', // AR, LR, NR …
  'load', // L, LH, A, N, C …: one storage operand
  'store', // ST, STH, STC
  'address', // LA
  'shift',
  'branch',
  'taken', // added when a branch is taken
  'execute', // EX, beside the subject instruction
  'immediate', // SI
  'multiple', // LM, STM, LCTL …: start
  'word', // … and each further word
  'multiply',
  'divide',
  'convert', // CVB, CVD
  'move', // storage to storage: start
  'byte', // … and each byte
  'decimal-add',
  'decimal-multiply',
  'decimal-divide',
  'float-short',
  'float-long',
  'float-multiply',
  'float-divide',
  'float-extended',
  'status', // LPSW, SSM, SPM …
  'control', // LCTL, PTLB, keys, clocks
  'input-output', // SIO and its kin, processor part
  'interruption', // storing the old PSW and fetching the new one
  'assist', // VM assist: a privileged operation of a virtual machine, in microcode
  'table-walk', // segment- and page-table fetch after a translation-buffer miss
] as const;
export type CostClass = (typeof COST_CLASSES)[number];

export interface Model {
  readonly id: string;
  readonly name: string;
  /** Length of a processor cycle in picoseconds. */
  readonly cyclePicoseconds: number;
  /** Entries of the translation buffer. */
  readonly translationBufferEntries: number;
  /** Cycles of an average instruction of system code: cycle time into the quoted rate of the model. */
  readonly averageInstruction: Cost;
  /** CPU identification that STIDP stores: version, serial, model number, maximum machine-check logout length. */
  readonly modelNumber: number;
  readonly costs: Readonly<Record<CostClass, Cost>>;
}

const estimate = (cycles: number): Cost => ({
  cycles,
  source: 'scaled to the quoted rate of the model',
  certainty: 'estimate',
});

/**
 * 370/145: about ten vertical microinstructions per System/370 instruction. `assist` is a tenth of what CP's own path
 * for such an operation takes (see monitors/cp/paths.ts), after the 10 : 1 that L. Wheeler reports for paths of CP
 * moved into microcode (IBM-MAIN, 2007).
 */
const MODEL_145_COSTS: Record<CostClass, number> = {
  register: 8,
  load: 12,
  store: 12,
  address: 9,
  shift: 12,
  branch: 8,
  taken: 4,
  execute: 14,
  immediate: 12,
  multiple: 14,
  word: 5,
  multiply: 90,
  divide: 120,
  convert: 100,
  move: 24,
  byte: 2,
  'decimal-add': 70,
  'decimal-multiply': 260,
  'decimal-divide': 420,
  'float-short': 40,
  'float-long': 60,
  'float-multiply': 140,
  'float-divide': 220,
  'float-extended': 320,
  status: 22,
  control: 26,
  'input-output': 120,
  interruption: 40,
  assist: 330,
  'table-walk': 14,
};

const scaled = (costs: Record<CostClass, number>, factor: number): Record<CostClass, Cost> =>
  Object.fromEntries(
    COST_CLASSES.map((name) => [name, estimate(Math.max(1, Math.round(costs[name] * factor)))]),
  ) as Record<CostClass, Cost>;

export const MODEL_145: Model = {
  id: '145',
  name: 'System/370 Model 145',
  cyclePicoseconds: 202_500,
  translationBufferEntries: 8,
  averageInstruction: {
    cycles: 16,
    source: '0.3 million instructions a second at 202.5 ns',
    certainty: 'derived',
  },
  modelNumber: 0x0145,
  costs: scaled(MODEL_145_COSTS, 1),
};

/** About 1 million instructions a second at 115 ns: nine cycles an instruction. */
export const MODEL_158: Model = {
  id: '158',
  name: 'System/370 Model 158',
  cyclePicoseconds: 115_000,
  translationBufferEntries: 128,
  averageInstruction: {
    cycles: 9,
    source: '1 million instructions a second at 115 ns',
    certainty: 'derived',
  },
  modelNumber: 0x0158,
  costs: scaled(MODEL_145_COSTS, 0.55),
};

/** 2.3 to 2.7 million instructions a second at 80 ns: five cycles an instruction. */
export const MODEL_168: Model = {
  id: '168',
  name: 'System/370 Model 168',
  cyclePicoseconds: 80_000,
  translationBufferEntries: 128,
  averageInstruction: {
    cycles: 5,
    source: '2.5 million instructions a second at 80 ns',
    certainty: 'derived',
  },
  modelNumber: 0x0168,
  costs: scaled(MODEL_145_COSTS, 0.31),
};

export const MODELS: readonly Model[] = [MODEL_145, MODEL_158, MODEL_168];

/** Bare numbers of a model, for the processor's hot paths. */
export type CostTable = Readonly<Record<CostClass, number>>;
export const costTable = (model: Model): CostTable =>
  Object.fromEntries(COST_CLASSES.map((name) => [name, model.costs[name].cycles])) as Record<
    CostClass,
    number
  >;
