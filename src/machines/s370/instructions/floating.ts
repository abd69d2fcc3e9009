/**
 * Hexadecimal floating-point instructions: the rows of the chapter, and loading, testing, adding, comparing, halving
 * and storing of short and long numbers. GA22-7000, "Floating-Point Instructions".
 */
import {
  addNormalizedExtended,
  divideLong,
  divideShort,
  loadRoundedToLong,
  multiplyExtended,
  multiplyLong,
  multiplyLongToExtendedRegisters,
  multiplyLongToExtendedStorage,
  multiplyShort,
  subtractNormalizedExtended,
} from './floating-extended.ts';
import {
  checkRegister,
  deliver,
  deliverSum,
  deliverZeroSum,
  LONG,
  longRegisters,
  longStorage,
  r1,
  SHORT,
  shortRegisters,
  shortStorage,
  type Operation,
} from './floating-registers.ts';
import { halfOf, isZeroFraction, normalize, roundToShort, sumOf, takeCarry, truncate } from './hexfloat.ts';
import { row, type Execute, type Row } from './row.ts';

const SIGN = 0x8000_0000;
const FRACTION = 0xff_ffff;

// ---------------------------------------------------------------- load and store

/** LER, LE [short] Load. CC unchanged. Program interruptions: access (RX); specification. */
const loadShort: Operation = (cpu, r, high) => {
  cpu.fpr[r] = high;
};
/** LDR, LD [long] Load. As LER. */
const loadLong: Operation = (cpu, r, high, low) => {
  cpu.fpr[r] = high;
  cpu.fpr[r + 1] = low;
};

/** Loads a number whose first word `sign` rewrites, and tests it: CC 0 fraction zero · 1 negative · 2 positive. */
const loadSigned =
  (load: Operation, sign: (high: number) => number): Operation =>
  (cpu, r, high, low) => {
    const signed = sign(high) >>> 0;
    load(cpu, r, signed, low);
    cpu.cc = ((high & FRACTION) | low) === 0 ? 0 : signed >= SIGN ? 1 : 2;
  };
const same = (high: number): number => high;
const complemented = (high: number): number => high ^ SIGN;
const positive = (high: number): number => high & ~SIGN;
const negative = (high: number): number => high | SIGN;

/** LTER R1,R2 [short] Load and Test. CC: 0 fraction zero · 1 negative · 2 positive. Specification. */
const loadAndTestShort = shortRegisters(loadSigned(loadShort, same));
/** LTDR R1,R2 [long] Load and Test. As LTER. */
const loadAndTestLong = longRegisters(loadSigned(loadLong, same));
/** LCER R1,R2 [short] Load Complement: the sign is reversed, even of a zero. CC as for LTER. */
const loadComplementShort = shortRegisters(loadSigned(loadShort, complemented));
/** LCDR R1,R2 [long] Load Complement. As LCER. */
const loadComplementLong = longRegisters(loadSigned(loadLong, complemented));
/** LPER R1,R2 [short] Load Positive. CC: 0 fraction zero · 2 positive. */
const loadPositiveShort = shortRegisters(loadSigned(loadShort, positive));
/** LPDR R1,R2 [long] Load Positive. As LPER. */
const loadPositiveLong = longRegisters(loadSigned(loadLong, positive));
/** LNER R1,R2 [short] Load Negative: minus, even of a zero. CC: 0 fraction zero · 1 negative. */
const loadNegativeShort = shortRegisters(loadSigned(loadShort, negative));
/** LNDR R1,R2 [long] Load Negative. As LNER. */
const loadNegativeLong = longRegisters(loadSigned(loadLong, negative));

/** LRER R1,R2 [long to short] Load Rounded. CC unchanged. Specification; exponent overflow. */
const loadRoundedToShort: Operation = (cpu, r, high, low) => {
  deliver(cpu, r, SHORT, roundToShort(high, low));
};

/** STE R1,D2(X2,B2) [short] Store. CC unchanged. Program interruptions: access; specification. */
const storeShort: Execute = (cpu, w) => {
  checkRegister(cpu, r1(w));
  cpu.store4(cpu.indexed(w), cpu.fpr[r1(w)]!);
};
/** STD R1,D2(X2,B2) [long] Store. As STE; all eight bytes are checked before the first is stored. */
const storeLong: Execute = (cpu, w) => {
  checkRegister(cpu, r1(w));
  const at = cpu.indexed(w);
  cpu.checkStore(at, 8);
  cpu.store4(at, cpu.fpr[r1(w)]!);
  cpu.store4((at + 4) & 0xffffff, cpu.fpr[r1(w) + 1]!);
};

// ---------------------------------------------------------------- add, subtract, compare

/**
 * Add Normalized. CC: 0 zero · 1 negative · 2 positive. Program interruptions: access (RX); specification; exponent
 * overflow; exponent underflow (mask); significance (mask), where all digits of the sum and the guard digit are zero.
 */
const addNormalizedShort: Operation = (cpu, r, high) => {
  const sum = sumOf(cpu.fpr[r]!, 0, high, 0, false);
  if (isZeroFraction(sum)) {
    deliverZeroSum(cpu, r, SHORT, sum);
    return;
  }
  normalize(sum);
  deliverSum(cpu, r, SHORT, truncate(sum));
};
const addNormalizedLong: Operation = (cpu, r, high, low) => {
  const sum = sumOf(cpu.fpr[r]!, cpu.fpr[r + 1]!, high, low, true);
  if (isZeroFraction(sum)) {
    deliverZeroSum(cpu, r, LONG, sum);
    return;
  }
  normalize(sum);
  deliverSum(cpu, r, LONG, truncate(sum));
};

/**
 * Add Unnormalized. CC and interruptions as for Add Normalized, but a sum is not shifted left (no exponent underflow),
 * and its guard digit neither enters the result nor keeps it from being zero.
 */
const addUnnormalizedShort: Operation = (cpu, r, high) => {
  const sum = sumOf(cpu.fpr[r]!, 0, high, 0, false);
  takeCarry(sum);
  const result = { ...truncate(sum), low: 0 };
  if (isZeroFraction(result)) deliverZeroSum(cpu, r, SHORT, { ...result, negative: false });
  else deliverSum(cpu, r, SHORT, result);
};
const addUnnormalizedLong: Operation = (cpu, r, high, low) => {
  const sum = sumOf(cpu.fpr[r]!, cpu.fpr[r + 1]!, high, low, true);
  takeCarry(sum);
  const result = truncate(sum);
  if (isZeroFraction(result)) deliverZeroSum(cpu, r, LONG, { ...result, negative: false });
  else deliverSum(cpu, r, LONG, result);
};

/** The same operation with the second operand's sign reversed: Subtract Normalized, Subtract Unnormalized. */
const subtracting =
  (add: Operation): Operation =>
  (cpu, r, high, low) => {
    add(cpu, r, (high ^ SIGN) >>> 0, low);
  };
const subtractNormalizedShort = subtracting(addNormalizedShort);
const subtractNormalizedLong = subtracting(addNormalizedLong);
const subtractUnnormalizedShort = subtracting(addUnnormalizedShort);
const subtractUnnormalizedLong = subtracting(addUnnormalizedLong);

/**
 * CER, CE, CDR, CD Compare, as a normalized subtraction whose result is discarded. CC: 0 equal · 1 first low · 2 first
 * high. Program interruptions: access (RX); specification.
 */
const compareShort: Operation = (cpu, r, high) => {
  const difference = sumOf(cpu.fpr[r]!, 0, (high ^ SIGN) >>> 0, 0, false);
  cpu.cc = isZeroFraction(difference) ? 0 : difference.negative ? 1 : 2;
};
const compareLong: Operation = (cpu, r, high, low) => {
  const difference = sumOf(cpu.fpr[r]!, cpu.fpr[r + 1]!, (high ^ SIGN) >>> 0, low, true);
  cpu.cc = isZeroFraction(difference) ? 0 : difference.negative ? 1 : 2;
};

/**
 * HER R1,R2, HDR R1,R2 Halve. CC unchanged; normalized; a zero fraction makes a true zero.
 * Program interruptions: specification; exponent underflow (mask).
 */
const halveShort: Operation = (cpu, r, high) => {
  deliver(cpu, r, SHORT, halfOf(high, 0, false));
};
const halveLong: Operation = (cpu, r, high, low) => {
  deliver(cpu, r, LONG, halfOf(high, low, true));
};

const SUM = { cc: ['zero', 'negative', 'positive', '--'] } as const;
const COMPARE = { cc: ['equal', 'first low', 'first high', '--'] } as const;
const RX = 'R1,D2(X2,B2)';

const LOADING: readonly Row[] = [
  row(0x38, 'LER', 'Load', 'R1,R2', 'register', shortRegisters(loadShort)),
  row(0x78, 'LE', 'Load', RX, 'load', shortStorage(loadShort)),
  row(0x28, 'LDR', 'Load', 'R1,R2', 'register', longRegisters(loadLong)),
  row(0x68, 'LD', 'Load', RX, 'load', longStorage(loadLong)),
  row(0x32, 'LTER', 'Load and Test', 'R1,R2', 'register', loadAndTestShort, SUM),
  row(0x22, 'LTDR', 'Load and Test', 'R1,R2', 'register', loadAndTestLong, SUM),
  row(0x33, 'LCER', 'Load Complement', 'R1,R2', 'register', loadComplementShort, SUM),
  row(0x23, 'LCDR', 'Load Complement', 'R1,R2', 'register', loadComplementLong, SUM),
  row(0x31, 'LNER', 'Load Negative', 'R1,R2', 'register', loadNegativeShort, {
    cc: ['zero', 'negative', '--', '--'],
  }),
  row(0x21, 'LNDR', 'Load Negative', 'R1,R2', 'register', loadNegativeLong, {
    cc: ['zero', 'negative', '--', '--'],
  }),
  row(0x30, 'LPER', 'Load Positive', 'R1,R2', 'register', loadPositiveShort, {
    cc: ['zero', '--', 'positive', '--'],
  }),
  row(0x20, 'LPDR', 'Load Positive', 'R1,R2', 'register', loadPositiveLong, {
    cc: ['zero', '--', 'positive', '--'],
  }),
  row(0x35, 'LRER', 'Load Rounded', 'R1,R2', 'float-short', longRegisters(loadRoundedToShort)),
  row(0x25, 'LRDR', 'Load Rounded', 'R1,R2', 'float-long', loadRoundedToLong),
  row(0x70, 'STE', 'Store', RX, 'store', storeShort),
  row(0x60, 'STD', 'Store', RX, 'store', storeLong),
];

const ADDING: readonly Row[] = [
  row(0x3a, 'AER', 'Add Normalized', 'R1,R2', 'float-short', shortRegisters(addNormalizedShort), SUM),
  row(0x7a, 'AE', 'Add Normalized', RX, 'float-short', shortStorage(addNormalizedShort), SUM),
  row(0x2a, 'ADR', 'Add Normalized', 'R1,R2', 'float-long', longRegisters(addNormalizedLong), SUM),
  row(0x6a, 'AD', 'Add Normalized', RX, 'float-long', longStorage(addNormalizedLong), SUM),
  row(0x36, 'AXR', 'Add Normalized', 'R1,R2', 'float-extended', addNormalizedExtended, SUM),
  row(0x3e, 'AUR', 'Add Unnormalized', 'R1,R2', 'float-short', shortRegisters(addUnnormalizedShort), SUM),
  row(0x7e, 'AU', 'Add Unnormalized', RX, 'float-short', shortStorage(addUnnormalizedShort), SUM),
  row(0x2e, 'AWR', 'Add Unnormalized', 'R1,R2', 'float-long', longRegisters(addUnnormalizedLong), SUM),
  row(0x6e, 'AW', 'Add Unnormalized', RX, 'float-long', longStorage(addUnnormalizedLong), SUM),
  row(0x39, 'CER', 'Compare', 'R1,R2', 'float-short', shortRegisters(compareShort), COMPARE),
  row(0x79, 'CE', 'Compare', RX, 'float-short', shortStorage(compareShort), COMPARE),
  row(0x29, 'CDR', 'Compare', 'R1,R2', 'float-long', longRegisters(compareLong), COMPARE),
  row(0x69, 'CD', 'Compare', RX, 'float-long', longStorage(compareLong), COMPARE),
  row(
    0x3b,
    'SER',
    'Subtract Normalized',
    'R1,R2',
    'float-short',
    shortRegisters(subtractNormalizedShort),
    SUM,
  ),
  row(0x7b, 'SE', 'Subtract Normalized', RX, 'float-short', shortStorage(subtractNormalizedShort), SUM),
  row(0x2b, 'SDR', 'Subtract Normalized', 'R1,R2', 'float-long', longRegisters(subtractNormalizedLong), SUM),
  row(0x6b, 'SD', 'Subtract Normalized', RX, 'float-long', longStorage(subtractNormalizedLong), SUM),
  row(0x37, 'SXR', 'Subtract Normalized', 'R1,R2', 'float-extended', subtractNormalizedExtended, SUM),
  row(
    0x3f,
    'SUR',
    'Subtract Unnormalized',
    'R1,R2',
    'float-short',
    shortRegisters(subtractUnnormalizedShort),
    SUM,
  ),
  row(0x7f, 'SU', 'Subtract Unnormalized', RX, 'float-short', shortStorage(subtractUnnormalizedShort), SUM),
  row(
    0x2f,
    'SWR',
    'Subtract Unnormalized',
    'R1,R2',
    'float-long',
    longRegisters(subtractUnnormalizedLong),
    SUM,
  ),
  row(0x6f, 'SW', 'Subtract Unnormalized', RX, 'float-long', longStorage(subtractUnnormalizedLong), SUM),
];

const MULTIPLYING: readonly Row[] = [
  row(0x3d, 'DER', 'Divide', 'R1,R2', 'float-divide', shortRegisters(divideShort)),
  row(0x7d, 'DE', 'Divide', RX, 'float-divide', shortStorage(divideShort)),
  row(0x2d, 'DDR', 'Divide', 'R1,R2', 'float-divide', longRegisters(divideLong)),
  row(0x6d, 'DD', 'Divide', RX, 'float-divide', longStorage(divideLong)),
  row(0x34, 'HER', 'Halve', 'R1,R2', 'float-short', shortRegisters(halveShort)),
  row(0x24, 'HDR', 'Halve', 'R1,R2', 'float-long', longRegisters(halveLong)),
  row(0x3c, 'MER', 'Multiply', 'R1,R2', 'float-multiply', shortRegisters(multiplyShort)),
  row(0x7c, 'ME', 'Multiply', RX, 'float-multiply', shortStorage(multiplyShort)),
  row(0x2c, 'MDR', 'Multiply', 'R1,R2', 'float-multiply', longRegisters(multiplyLong)),
  row(0x6c, 'MD', 'Multiply', RX, 'float-multiply', longStorage(multiplyLong)),
  row(0x27, 'MXDR', 'Multiply', 'R1,R2', 'float-extended', multiplyLongToExtendedRegisters),
  row(0x67, 'MXD', 'Multiply', RX, 'float-extended', multiplyLongToExtendedStorage),
  row(0x26, 'MXR', 'Multiply', 'R1,R2', 'float-extended', multiplyExtended),
];

/** DXR came with a later facility and is not part of the machine. */
export const FLOATING: readonly Row[] = [...LOADING, ...ADDING, ...MULTIPLYING];
