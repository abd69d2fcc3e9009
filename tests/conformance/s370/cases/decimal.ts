/** Decimal arithmetic: fields of 1 to 16 bytes, every sign code, and digits or signs that are none. */
import { A, B } from '../layout.ts';
import { family, ss, type Case, type Draft, type Family } from './draft.ts';

const PLUS = ['c', 'c', 'c', 'a', 'e', 'f'];
const MINUS = ['d', 'd', 'b'];

/** A packed field of `length` bytes with at most `digits` significant digits. */
function packed(d: Draft, length: number, digits = 2 * length - 1): string {
  const room = 2 * length - 1;
  const wanted = Math.max(0, Math.min(room, d.chance.oneIn(3) ? digits : d.chance.below(digits + 1)));
  const all = d.chance.pick(['9', '0', '', '', '', '']);
  let text = '';
  for (let i = 0; i < wanted; i++) text += all === '' ? String(d.chance.below(10)) : all;
  return text.padStart(room, '0') + d.chance.pick(d.chance.oneIn(2) ? PLUS : MINUS);
}

/** Now and then a wrong digit or a wrong sign. */
function spoiled(d: Draft, text: string): string {
  if (!d.chance.oneIn(16)) return text;
  if (d.chance.oneIn(2)) return text.slice(0, -1) + String(d.chance.below(10));
  const i = d.chance.below(text.length - 1);
  return text.slice(0, i) + d.chance.pick(['a', 'c', 'f']) + text.slice(i + 1);
}

function finish(d: Draft, op: number, first: number, l1: number, second: number, l2: number): Case {
  if (op !== COMPARE) d.results.storage.push([first, l1]);
  return d.finish(ss(op, ((l1 - 1) << 4) | (l2 - 1), d.base(first), d.base(second)));
}

const ZERO_AND_ADD = 0xf8;
const COMPARE = 0xf9;

const lengths = (d: Draft): [number, number] =>
  d.chance.oneIn(3)
    ? [d.chance.between(1, 16), d.chance.between(1, 16)]
    : [d.chance.between(1, 5), d.chance.between(1, 5)];

const addition =
  (op: number) =>
  (d: Draft): Case => {
    const [l1, l2] = lengths(d);
    const first = d.spot(l1, 1, A);
    const text = packed(d, l1);
    // A field may be added to itself, or to its own end.
    if (d.chance.oneIn(10)) {
      const short = Math.min(l1, l2);
      d.put(first, text);
      return finish(d, op, first, l1, first + l1 - short, short);
    }
    const second = d.spot(l2, 1, B);
    d.put(first, spoiled(d, text));
    // Now and then equal or opposite values.
    const same = l1 === l2 && d.chance.oneIn(3);
    d.put(second, same ? text.slice(0, -1) + d.chance.pick([...PLUS, ...MINUS]) : spoiled(d, packed(d, l2)));
    return finish(d, op, first, l1, second, l2);
  };

/** The first operand's old contents do not matter; the fields may overlap with the first's end at or behind. */
const zeroAndAdd = (d: Draft): Case => {
  const [l1, l2] = lengths(d);
  const first = d.spot(l1, 1, A);
  const text = spoiled(d, packed(d, l2));
  if (d.chance.oneIn(8) && l2 <= l1) {
    const second = first + l1 - l2 - d.chance.below(Math.max(1, l1 - l2 + 1));
    d.put(second, text);
    return finish(d, ZERO_AND_ADD, first, l1, second, l2);
  }
  const second = d.spot(l2, 1, B);
  d.put(second, text);
  return finish(d, ZERO_AND_ADD, first, l1, second, l2);
};

const multiply = (d: Draft): Case => {
  const l2 = d.chance.oneIn(12) ? d.chance.between(1, 16) : d.chance.between(1, 8);
  const l1 = d.chance.oneIn(12) ? d.chance.between(1, 16) : d.chance.between(Math.min(16, l2 + 1), 16);
  const [first, second] = [d.spot(l1, 1, A), d.spot(l2, 1, B)];
  // The multiplicand needs as many leading zero bytes as the multiplier is long; rarely it has fewer.
  const digits = 2 * (l1 - l2) - 1 + (d.chance.oneIn(8) ? 1 : 0);
  d.put(first, spoiled(d, packed(d, l1, Math.max(0, digits))));
  d.put(second, spoiled(d, packed(d, l2)));
  return finish(d, 0xfc, first, l1, second, l2);
};

const divide = (d: Draft): Case => {
  const l2 = d.chance.oneIn(12) ? d.chance.between(1, 16) : d.chance.between(1, 8);
  const l1 = d.chance.oneIn(12) ? d.chance.between(1, 16) : d.chance.between(Math.min(16, l2 + 1), 16);
  const [first, second] = [d.spot(l1, 1, A), d.spot(l2, 1, B)];
  const digits = d.chance.oneIn(3) ? 2 * l1 - 1 : 2 * l1 - 3;
  d.put(first, spoiled(d, packed(d, l1, digits)));
  d.put(second, spoiled(d, packed(d, l2)));
  return finish(d, 0xfd, first, l1, second, l2);
};

const shiftAndRound = (d: Draft): Case => {
  const l1 = d.chance.oneIn(3) ? d.chance.between(1, 16) : d.chance.between(1, 5);
  const first = d.spot(l1);
  d.put(first, spoiled(d, packed(d, l1)));
  d.results.storage.push([first, l1]);
  const digits = 2 * l1 - 1;
  const shift =
    d.chance.pick([0, 1, -1, digits, -digits, -digits - 1, 31, -32, d.chance.between(-6, 6)]) & 63;
  const rounding = d.chance.oneIn(12) ? d.chance.below(16) : d.chance.pick([0, 5, 5, d.chance.below(10)]);
  // Only the low six bits of the second-operand address count.
  const second = d.chance.oneIn(2) ? { b: 0, d: shift } : d.base((d.chance.bits() & 0xffffc0) | shift);
  return d.finish(ss(0xf0, ((l1 - 1) << 4) | rounding, d.base(first), second));
};

export const DECIMAL: readonly Family[] = [
  family('SRP', 120, shiftAndRound),
  family('ZAP', 90, zeroAndAdd),
  family('CP', 90, addition(COMPARE)),
  family('AP', 130, addition(0xfa)),
  family('SP', 110, addition(0xfb)),
  family('MP', 110, multiply),
  family('DP', 120, divide),
];
