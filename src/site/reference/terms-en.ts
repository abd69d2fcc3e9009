// English explanations of what the tables name: interruption codes, classes of cost, paths of CP, accounts, certainty.

const groups = {
  general: 'General: fixed-point arithmetic, loads and stores',
  logical: 'General: logical operations',
  branching: 'General: branching and status switching',
  'storage-to-storage': 'General: storage to storage',
  decimal: 'Decimal and editing',
  floating: 'Floating point',
  control: 'Control',
  'input-output': 'Input/output',
};

const programInterruptions: Readonly<Record<number, string>> = {
  0x01: 'The operation code is not assigned, or its feature is not installed.',
  0x02: 'A privileged instruction in the problem state. Under CP each one of a guest arrives here, unless VM assist takes it.',
  0x03: 'The subject instruction of EXECUTE is another EXECUTE.',
  0x04: 'The access key does not match the storage key of the block.',
  0x05: 'The address lies outside the storage installed.',
  0x06: 'An operand is not on the boundary it needs, a register number is odd where it must be even, or a PSW is invalid.',
  0x07: 'A digit or sign of a decimal operand is invalid, or decimal fields overlap in a wrong way.',
  0x08: 'The sum does not fit into 32 bits, or a shift loses significant bits. Maskable in the PSW.',
  0x09: 'The quotient does not fit into 32 bits, the divisor is zero, or CONVERT TO BINARY meets too large a number.',
  0x0a: 'Significant digits do not fit into the decimal result field. Maskable in the PSW.',
  0x0b: 'The decimal quotient does not fit, or the divisor is zero.',
  0x0c: 'The characteristic of a floating-point result (its exponent plus 64) is above 127.',
  0x0d: 'The characteristic of a floating-point result (its exponent plus 64) is below zero. Maskable in the PSW.',
  0x0e: 'A floating-point sum or difference has a fraction of zero. Maskable in the PSW.',
  0x0f: 'The divisor of a floating-point division has a fraction of zero.',
  0x10: 'The segment-table entry is invalid or beyond the table’s end. The instruction is nullified and can be repeated.',
  0x11: 'The page-table entry is invalid or beyond the table’s end. The instruction is nullified and can be repeated.',
  0x12: 'An entry of a translation table, or control register 0, has a format that does not exist.',
  0x13: 'SET SYSTEM MASK while control register 0 suppresses it.',
  0x40: 'MONITOR CALL of a class that control register 8 lets through.',
  0x80: 'Program-event recording saw an event that control register 9 asks for. May come together with another code.',
};

const externalInterruptions: Readonly<Record<number, string>> = {
  0x0040: 'The operator pressed the interrupt key.',
  0x0080: 'The word at location X’50’ was counted below zero.',
  0x1004: 'The time-of-day clock has passed the value set by SET CLOCK COMPARATOR.',
  0x1005: 'The CPU timer is negative.',
};

const costClasses: Readonly<Record<string, string>> = {
  register: 'Register to register: AR, LR, NR',
  load: 'One operand fetched from storage: L, A, N, C',
  store: 'One operand stored: ST, STH, STC',
  address: 'LOAD ADDRESS',
  shift: 'Any shift, whatever its distance',
  branch: 'A branch, taken or not',
  taken: 'Added when a branch is taken',
  execute: 'EXECUTE, beside its subject instruction',
  immediate: 'Storage and an immediate byte: CLI, MVI, TM',
  multiple: 'Several registers from or to storage: start, with the first word',
  word: 'Added for each further word',
  multiply: 'Fixed-point multiplication',
  divide: 'Fixed-point division',
  convert: 'To and from decimal: CVB, CVD',
  move: 'Storage to storage: start',
  byte: 'Added for each byte that is moved, compared, edited or computed',
  'decimal-add': 'Decimal addition and its kin: start',
  'decimal-multiply': 'Decimal multiplication: start',
  'decimal-divide': 'Decimal division: start',
  'float-short': 'Floating point, 32 bits',
  'float-long': 'Floating point, 64 bits',
  'float-multiply': 'Floating-point multiplication',
  'float-divide': 'Floating-point division',
  'float-extended': 'Floating point, 128 bits',
  status: 'Changes of the PSW: LPSW, SSM, SPM',
  control: 'Control registers, keys, clocks, translation buffer',
  'input-output': 'The processor’s part of an I/O instruction',
  interruption: 'Storing the old PSW and fetching the new one',
  assist: 'VM assist does one operation of a guest in microcode',
  'table-walk': 'Fetching segment- and page-table entries after a miss of the translation buffer',
};

const cpPaths: Readonly<Record<string, string>> = {
  entry: 'First-level interruption handler: saves registers and PSW of the guest',
  dispatch: 'Dispatcher: chooses a machine, loads its registers, timer and PSW',
  schedule: 'Scheduler: end of a time slice, change of queue',
  decode: 'Fetches and decodes the instruction that trapped, checks the virtual state',
  loadPsw: 'Puts a virtual PSW in force',
  systemMask: 'Changes the virtual system mask or key',
  control: 'Loads or stores virtual control registers',
  storageKey: 'Reads or sets a virtual storage key',
  realAddress: 'Walks the guest’s translation tables',
  timing: 'Virtual clock comparator and CPU timer',
  identity: 'Tells who the machine is',
  diagnose: 'Serves a DIAGNOSE: finds the service and its operands',
  reflect: 'Swaps virtual PSWs for an interruption of the guest',
  shadowPurge: 'Invalidates the shadow tables',
  shadowEntry: 'Added for each shadow entry that was valid',
  shadowFault: 'Makes one shadow entry valid after a fault',
  pageFault: 'Page fault of CP’s own virtual storage: selects a frame, queues the transfer',
  pageTransfer: 'Starts and ends the transfer of a page',
  startIo: 'Virtual START I/O, without its CCWs',
  translateCcw: 'Translates one CCW and locks its pages',
  testIo: 'Virtual TEST I/O and its kin',
  ioInterruption: 'Real I/O interruption: finds whose it is, translates the CSW back, unlocks pages',
  simulateCcw: 'Carries out one CCW of a virtual console or spooled device',
  command: 'A command of the terminal user',
};

const reasons: Readonly<Record<string, string>> = {
  direct: 'Instructions of this layer that the processor executes itself',
  trap: 'Delivering an interruption to the layer below',
  emulation: 'Doing for a guest what its trapped instruction asked',
  reflection: 'Delivering a virtual interruption to a guest',
  shadow: 'Upkeep of shadow translation tables',
  'address-translation': 'Table walks after a miss of the translation buffer',
  paging: 'Bringing pages in and out',
  'input-output': 'Translating and starting channel programs, driving devices',
  scheduling: 'Choosing who runs next, and switching to it',
  command: 'Work at a terminal user’s or operator’s command',
  assist: 'Microcode that does the monitor’s work',
  idle: 'Wait state: nobody could use the processor',
};

const certainties = {
  published: { name: 'published', means: 'Read in the source named.' },
  derived: { name: 'derived', means: 'Arithmetic on published figures.' },
  recalled: { name: 'recalled', means: 'Known from the source named, but not checked against it.' },
  estimate: {
    name: 'estimate',
    means: 'Set here so that published totals come out; never used to validate those totals.',
  },
};

export const terms = {
  groups: groups as Readonly<Record<string, string>>,
  programInterruptions,
  externalInterruptions,
  costClasses,
  cpPaths,
  reasons,
  certainties: certainties as Readonly<Record<string, { readonly name: string; readonly means: string }>>,
};
export type Terms = typeof terms;
