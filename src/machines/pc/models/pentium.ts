/** The Pentium: CPUID, the time-stamp counter, 4 M pages. */
import type { Model } from './classes.ts';
import { costs, set, type Figure } from './figures.ts';

const manual = (cycles: number): Figure => [
  cycles,
  "Pentium Processor Family Developer's Manual, vol. 3, instruction timings",
  'recalled',
];

export const PENTIUM: Model = {
  id: 'pentium',
  name: 'Pentium (P54C), 133 MHz',
  frequency: 133_000_000,
  signature: 0x52c,
  features: ['cpuid', 'fpu', 'de', 'pse', 'tsc', 'msr', 'cx8'],
  identity: {
    brandIndex: 0,
    brand: null,
    descriptors: null,
    caches: [],
    physicalBits: 32,
    source: 'Intel AP-485, Processor Identification',
  },
  instructionTlb: { small: 32, smallWays: 4, large: 1, largeWays: 1 },
  dataTlb: { small: 64, smallWays: 4, large: 8, largeWays: 4 },
  tlbSource:
    "Pentium Processor Family Developer's Manual, vol. 1; the code buffer keeps 4 M pages in 4 K pieces, here in one entry",
  costs: costs({
    plain: manual(1),
    memory: manual(1),
    multiply: manual(10),
    divide: manual(41),
    shift: manual(4),
    decimal: manual(10),
    branch: manual(1),
    taken: manual(0),
    call: manual(1),
    stack: manual(7),
    string: manual(9),
    element: manual(1),
    locked: manual(3),
    flags: manual(5),
    'segment-load': manual(3),
    'far-transfer': manual(14),
    gate: manual(25),
    interruption: manual(31),
    'interrupt-return': manual(17),
    'task-switch': manual(120),
    'system-read': manual(4),
    'system-write': manual(6),
    'address-space': set(22),
    'page-invalidate': set(25),
    'table-walk': set(12),
    serialize: manual(14),
    'time-stamp': manual(13),
    'fast-call': set(40),
    float: manual(3),
    'float-divide': manual(39),
    'float-function': manual(90),
    'float-state': manual(130),
    port: manual(24),
  }),
};
