/**
 * Numbers of the x87 unit in double extended-precision format, and how exact results are rounded to it. Significands
 * are whole numbers of any length, so sums, products, quotients and roots are those of the manual to the last bit.
 * SDM vol. 1, sections 4.2.2, 4.8 and 8.1.
 */

/** Sign, biased exponent of 15 bits, and all 64 bits of the significand, the integer bit among them. */
export interface Extended {
  readonly negative: boolean;
  readonly exponent: number;
  readonly significand: bigint;
}

/** Exception flags as they stand in the status word. SDM vol. 1, section 8.1.3.3. */
export const IE = 0x01; // invalid operation
export const DE = 0x02; // denormal operand
export const ZE = 0x04; // zero divide
export const OE = 0x08; // overflow
export const UE = 0x10; // underflow
export const PE = 0x20; // precision
/** Found before anything is computed: unmasked, they leave the operands as they are. */
export const BEFORE = IE | DE | ZE;

export const NEAREST = 0;
export const DOWN = 1;
export const UP = 2;
export const TO_ZERO = 3;

/** What of the control word decides results. */
export interface Mode {
  /** Bits of the significand that results keep: 24, 53 or 64. */
  readonly precision: number;
  readonly rounding: number;
  /** Masks as in the control word: bit set, exception masked. */
  readonly masks: number;
}

/** What an operation gives: the value, the exceptions it found, and whether rounding went away from zero (C1). */
export interface Outcome {
  readonly value: Extended;
  readonly flags: number;
  readonly up: boolean;
}

export interface Format {
  readonly precision: number;
  readonly minimum: number;
  readonly maximum: number;
}
export const EXTENDED: Format = { precision: 64, minimum: -16382, maximum: 16383 };
export const DOUBLE: Format = { precision: 53, minimum: -1022, maximum: 1023 };
export const SINGLE: Format = { precision: 24, minimum: -126, maximum: 127 };

export const BIAS = 16383;
export const MAXIMUM = 0x7fff;
export const INTEGER_BIT = 1n << 63n;
const QUIET_BIT = 1n << 62n;
/** Added to or taken from the exponent of a result whose underflow or overflow is not masked. Section 8.5.4. */
const WRAP = 24576;

export const zero = (negative: boolean): Extended => ({ negative, exponent: 0, significand: 0n });
export const infinity = (negative: boolean): Extended => ({
  negative,
  exponent: MAXIMUM,
  significand: INTEGER_BIT,
});
/** The QNaN floating-point indefinite: the answer to invalid operations. */
export const INDEFINITE: Extended = {
  negative: true,
  exponent: MAXIMUM,
  significand: INTEGER_BIT | QUIET_BIT,
};
export const ONE: Extended = { negative: false, exponent: BIAS, significand: INTEGER_BIT };

export const exactly = (value: Extended, flags = 0): Outcome => ({ value, flags, up: false });
export const invalid = (): Outcome => exactly(INDEFINITE, IE);

// ---------------------------------------------------------------- classes of numbers

export const isZero = (x: Extended): boolean => x.exponent === 0 && x.significand === 0n;
export const isInfinite = (x: Extended): boolean => x.exponent === MAXIMUM && x.significand === INTEGER_BIT;
export const isNan = (x: Extended): boolean => x.exponent === MAXIMUM && x.significand > INTEGER_BIT;
export const isSignalling = (x: Extended): boolean => isNan(x) && (x.significand & QUIET_BIT) === 0n;
/** Denormals, and pseudo-denormals of the 8087. */
export const isDenormal = (x: Extended): boolean => x.exponent === 0 && x.significand !== 0n;
/** Encodings that no processor since the 387 makes: unnormals, pseudo-infinities, pseudo-NaNs. Section 8.2.2. */
export const isUnsupported = (x: Extended): boolean => x.exponent !== 0 && x.significand < INTEGER_BIT;
export const negated = (x: Extended): Extended => ({ ...x, negative: !x.negative });
export const quieted = (x: Extended): Extended => ({ ...x, significand: x.significand | QUIET_BIT });

/** A finite number as significand × 2^power. */
export const powerOf = (x: Extended): number => Math.max(x.exponent, 1) - BIAS - 63;

const LOW_32 = 0xffffffffn;
export function bitLength(m: bigint): number {
  let [rest, length] = [m, 0];
  while (rest > 0xffffffffffffffffn) {
    rest >>= 64n;
    length += 64;
  }
  const high = Number(rest >> 32n);
  return length + (high !== 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(Number(rest & LOW_32)));
}

/** A number that is exactly m × 2^power and fits the format. */
export function exact(negative: boolean, m: bigint, power: number): Extended {
  if (m === 0n) return zero(negative);
  const length = bitLength(m);
  const exponent = power + length - 1 + BIAS;
  if (exponent >= 1) {
    const by = 64 - length;
    return { negative, exponent, significand: by >= 0 ? m << BigInt(by) : m >> BigInt(-by) };
  }
  const by = power - EXTENDED.minimum + 63;
  return { negative, exponent: 0, significand: by >= 0 ? m << BigInt(by) : m >> BigInt(-by) };
}

// ---------------------------------------------------------------- rounding

/** No significand is longer: dropping more bits than that is dropping that many. */
const LONGEST = 512;

interface Cut {
  readonly m: bigint;
  readonly inexact: boolean;
  readonly up: boolean;
}

/** Drops the low `places` bits of `m`, below which `sticky` says that there is more. */
export function cut(m: bigint, places: number, sticky: boolean, negative: boolean, rounding: number): Cut {
  if (places <= 0) {
    // Nothing to drop: more below can still round up.
    const up = sticky && ((rounding === UP && !negative) || (rounding === DOWN && negative));
    const whole = m << BigInt(-places);
    return { m: up ? whole + 1n : whole, inexact: sticky, up };
  }
  const by = BigInt(Math.min(places, LONGEST));
  const kept = m >> by;
  const rest = m - (kept << by);
  const inexact = rest !== 0n || sticky;
  if (!inexact) return { m: kept, inexact, up: false };
  const half = 1n << (by - 1n);
  const up =
    rounding === NEAREST
      ? rest > half || (rest === half && (sticky || (kept & 1n) === 1n))
      : (rounding === UP && !negative) || (rounding === DOWN && negative);
  return { m: up ? kept + 1n : kept, inexact, up };
}

/** The largest finite number, or infinity: what overflow gives, by rounding mode. Table 4-10. */
function overflowed(negative: boolean, format: Format, precision: number, rounding: number): Outcome {
  const away = rounding === NEAREST || (rounding === UP && !negative) || (rounding === DOWN && negative);
  const greatest = {
    negative,
    exponent: format.maximum + BIAS,
    significand: ((1n << BigInt(precision)) - 1n) << BigInt(64 - precision),
  };
  return { value: away ? infinity(negative) : greatest, flags: OE | PE, up: away };
}

/**
 * m × 2^power, of which `sticky` says that it is a little more, rounded to `precision` bits in the range of `format`.
 * Whether a number is tiny is decided after rounding. Section 4.9.1.5.
 */
export function round(
  negative: boolean,
  m: bigint,
  power: number,
  sticky: boolean,
  mode: Mode,
  format: Format = EXTENDED,
): Outcome {
  if (m === 0n && !sticky) return exactly(zero(negative));
  const precision = Math.min(mode.precision, format.precision);
  const length = bitLength(m);
  const first = cut(m, length - precision, sticky, negative, mode.rounding);
  const carried = bitLength(first.m) > precision;
  const exponent = power + length - 1 + (carried ? 1 : 0);
  const inexact = first.inexact ? PE : 0;
  const unbounded = (by: number): Extended => ({
    negative,
    exponent: exponent + BIAS + by,
    significand: (carried ? first.m >> 1n : first.m) << BigInt(64 - precision),
  });
  if (exponent > format.maximum) {
    if ((mode.masks & OE) !== 0) return overflowed(negative, format, precision, mode.rounding);
    return { value: unbounded(-WRAP), flags: OE | inexact, up: first.up };
  }
  if (exponent >= format.minimum) return { value: unbounded(0), flags: inexact, up: first.up };
  if ((mode.masks & UE) === 0) return { value: unbounded(WRAP), flags: UE | inexact, up: first.up };
  const places = format.minimum - precision + 1 - power;
  const tiny = cut(m, places, sticky, negative, mode.rounding);
  const value = exact(negative, tiny.m, format.minimum - precision + 1);
  return { value, flags: tiny.inexact ? UE | PE : 0, up: tiny.up };
}
