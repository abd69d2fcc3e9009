/** The i486: the first IA-32 with its floating-point unit on the chip, and without CPUID. */
import type { Model } from './classes.ts';
import { costs, set, type Figure } from './figures.ts';

const manual = (cycles: number): Figure => [
  cycles,
  "i486 Processor Programmer's Reference Manual, instruction timings",
  'recalled',
];

export const I486: Model = {
  id: 'i486',
  name: 'i486 DX2, 66 MHz',
  frequency: 66_000_000,
  signature: 0x435,
  features: ['fpu'],
  identity: {
    brandIndex: 0,
    brand: null,
    descriptors: null,
    caches: [],
    physicalBits: 32,
    source: 'the processor has no CPUID instruction',
  },
  instructionTlb: { small: 32, smallWays: 4, large: 1, largeWays: 1 },
  dataTlb: { small: 32, smallWays: 4, large: 1, largeWays: 1 },
  tlbSource:
    "i486 Processor Programmer's Reference Manual: 32 entries for code and data together, here each its own; no 4 M pages",
  costs: costs({
    plain: manual(1),
    memory: manual(1),
    multiply: manual(26),
    divide: manual(40),
    shift: manual(3),
    decimal: manual(14),
    branch: manual(1),
    taken: manual(2),
    call: manual(3),
    stack: manual(11),
    string: manual(5),
    element: manual(3),
    locked: manual(1),
    flags: manual(6),
    'segment-load': manual(9),
    'far-transfer': manual(19),
    gate: manual(27),
    interruption: manual(44),
    'interrupt-return': manual(36),
    'task-switch': manual(180),
    'system-read': manual(10),
    'system-write': manual(11),
    'address-space': set(4),
    'page-invalidate': set(12),
    'table-walk': set(20),
    serialize: set(15),
    'time-stamp': set(11),
    'fast-call': set(40),
    float: manual(10),
    'float-divide': manual(73),
    'float-function': manual(240),
    'float-state': manual(150),
    port: manual(28),
  }),
};
