/** Storage-to-storage instructions that are not decimal arithmetic, and those that lock, move long or tell the time. */
import { A, B } from '../layout.ts';
import { family, rr, rs, s, ss, type Case, type Draft, type Family } from './draft.ts';
import { hex } from '../vector.ts';

const length256 = (d: Draft): number =>
  d.chance.oneIn(2) ? d.chance.between(1, 20) : d.chance.pick([1, 2, 255, 256, d.chance.between(1, 256)]);

/** Two fields: apart, overlapping by a few bytes, or the same. */
function fields(d: Draft, length1: number, length2: number): [number, number] {
  const first = d.spot(length1);
  const room = (at: number): number => Math.max(A.at, at);
  if (d.chance.oneIn(3)) {
    const second = first + d.chance.pick([-2, -1, 0, 1, 2, length1 - length2]);
    const area = first < B.at ? A : B;
    return [first, Math.min(Math.max(area.at, room(second)), area.at + area.length - length2)];
  }
  return [first, d.spot(length2, 1, first < B.at ? B : A)];
}

const oneLength =
  (op: number, stores: boolean) =>
  (d: Draft): Case => {
    const length = length256(d);
    const [first, second] = fields(d, length, length);
    if (length <= 32) {
      const text = d.chance.bytes(length);
      d.put(first, text);
      if (Math.abs(first - second) >= 32)
        d.put(second, d.chance.oneIn(2) ? text.slice(0, -2) + d.chance.bytes(1) : d.chance.bytes(length));
    }
    if (stores) d.results.storage.push([first, length]);
    return d.finish(ss(op, length - 1, d.base(first), d.base(second)));
  };

/** Compare fields that agree up to some byte. */
const compare = (d: Draft): Case => {
  const length = d.chance.oneIn(4) ? d.chance.pick([255, 256]) : d.chance.between(1, 20);
  const [first, second] = [d.spot(length, 1, A), d.spot(length, 1, B)];
  const text = (length > 20 ? d.chance.bytes(4).repeat(64) : d.chance.bytes(length)).slice(0, 2 * length);
  const at = 2 * d.chance.below(length);
  d.put(first, text);
  d.put(second, d.chance.oneIn(3) ? text : text.slice(0, at) + d.chance.bytes(1) + text.slice(at + 2));
  return d.finish(ss(0xd5, length - 1, d.base(first), d.base(second)));
};

const twoLengths =
  (op: number) =>
  (d: Draft): Case => {
    const l1 = d.chance.between(1, 16);
    const l2 = d.chance.between(1, 16);
    const [first, second] = fields(d, l1, l2);
    d.put(first, d.chance.bytes(l1));
    if (second + l2 <= first || first + l1 <= second) d.put(second, d.chance.bytes(l2));
    d.results.storage.push([first, l1]);
    return d.finish(ss(op, ((l1 - 1) << 4) | (l2 - 1), d.base(first), d.base(second)));
  };

/** The table is background, or zeros with a few function bytes. */
const translateAndTest = (d: Draft): Case => {
  const length = length256(d);
  const table = A.at + d.chance.below(256);
  const first = d.spot(length, 1, B);
  const text = d.chance.bytes(Math.min(length, 24)).padEnd(2 * length, d.chance.pick(['00', '01', '7f']));
  d.put(first, text.slice(0, 2 * length));
  const entries = Array.from({ length: 256 }, () => (d.chance.oneIn(60) ? d.chance.bytes(1) : '00'));
  // The last byte examined decides between condition codes 1 and 2.
  if (d.chance.oneIn(3)) entries[parseInt(text.slice(2 * length - 2, 2 * length), 16)] = '05';
  d.put(table, entries.join(''));
  d.results.gr.push(1, 2);
  d.set(1, d.chance.bits());
  d.set(2, d.chance.bits());
  return d.finish(ss(0xdd, length - 1, d.base(first), d.base(table)));
};

const translate = (d: Draft): Case => {
  const length = length256(d);
  const first = d.spot(length, 1, B);
  d.results.storage.push([first, length]);
  return d.finish(ss(0xdc, length - 1, d.base(first), d.base(A.at + d.chance.below(256))));
};

const DIGIT_SELECT = '20';
const SIGNIFICANCE = '21';
const SEPARATOR = '22';

/** Patterns of select bytes and message characters; sources of packed fields with all signs, rarely invalid digits. */
const edit =
  (op: number) =>
  (d: Draft): Case => {
    const fieldsCount = d.chance.oneIn(4) ? 2 : 1;
    let pattern = d.chance.pick(['40', '5c', '00', 'f0', '20', '21', '22']);
    let source = '';
    for (let field = 0; field < fieldsCount; field++) {
      const digits = d.chance.between(1, 5) * 2 - 1;
      const from = d.chance.pick([0, 1, digits - 1, digits, 99]);
      for (let i = 0; i < digits; i++) {
        if (d.chance.oneIn(4)) pattern += d.chance.pick(['6b', '4b', '40', 'c1', '60']);
        pattern += i === from ? SIGNIFICANCE : DIGIT_SELECT;
        source += d.chance.oneIn(2) ? '0' : String(d.chance.below(10));
      }
      source += d.chance.pick(['c', 'd', 'c', 'd', 'a', 'b', 'e', 'f', '0', '5']);
      if (d.chance.oneIn(2)) pattern += d.chance.pick(['40c3d9', '60', '4b']);
      if (field + 1 < fieldsCount || d.chance.oneIn(4)) pattern += SEPARATOR;
    }
    if (d.chance.oneIn(15)) source = d.chance.pick(['a', 'f']) + source.slice(1);
    const [first, second] = [d.spot(pattern.length / 2, 1, A), d.spot(source.length / 2, 1, B)];
    d.put(first, pattern);
    d.put(second, source);
    d.results.storage.push([first, pattern.length / 2]);
    if (op === 0xdf) {
      d.set(1, d.chance.bits());
      d.results.gr.push(1);
    }
    return d.finish(ss(op, pattern.length / 2 - 1, d.base(first), d.base(second)));
  };

/** A register pair with an address and a length; the high byte of the address is zero (else unpredictable after). */
function longOperand(d: Draft, r: number, at: number, length: number, high: number): void {
  d.set(r, at);
  d.set(r | 1, (high << 24) | length);
}

const long =
  (op: number) =>
  (d: Draft): Case => {
    const even = (): number => 2 * d.chance.below(8);
    const r1 = even();
    let r2 = even();
    while (r2 === r1) r2 = even();
    const size = (): number =>
      d.chance.pick([0, 0, 1, 2, 16, d.chance.between(1, 60), d.chance.between(200, 500)]);
    const l1 = size();
    const l2 = d.chance.oneIn(3) ? l1 : size();
    const pad = d.chance.pick([0, 0x40, 0xff, d.chance.below(256)]);
    const first = d.spot(l1, 1, A);
    let second = d.spot(l2, 1, B);
    if (op === 0x0e && d.chance.oneIn(4)) {
      // Overlap: destructive if the second operand's bytes are stored into before they are fetched.
      second = Math.min(Math.max(A.at, first + d.chance.pick([-1, 0, 1, -8, 8])), A.at + A.length - l2);
    }
    if (op === 0x0f) {
      const common = Math.min(l1, l2);
      const body = d.chance
        .bytes(4)
        .repeat(128)
        .slice(0, 2 * common);
      const rest = (n: number): string =>
        hex(pad, 2)
          .repeat(n - common)
          .replace(/..$/, (p) => (d.chance.oneIn(2) ? p : d.chance.bytes(1)));
      const other = d.chance.oneIn(2) || common === 0 ? body : body.slice(0, -2) + d.chance.bytes(1);
      if (l1 > 0) d.put(first, body + rest(l1));
      if (l2 > 0) d.put(second, other + rest(l2));
    } else d.results.storage.push([first, l1]);
    longOperand(d, r1, first, l1, d.chance.below(256));
    longOperand(d, r2, second, l2, pad);
    d.results.gr.push(r1, r1 + 1, r2, r2 + 1);
    const odd = d.chance.oneIn(15) ? 1 : 0;
    return d.finish(rr(op, r1 | odd, d.chance.oneIn(15) ? r2 | 1 : r2));
  };

const swap =
  (op: number, length: 4 | 8) =>
  (d: Draft): Case => {
    const even = length === 8;
    const register = (): number => (even && !d.chance.oneIn(10) ? d.chance.below(8) * 2 : d.chance.below(16));
    const r1 = register();
    const r3 = register();
    const at = d.spot(length, d.chance.oneIn(8) ? 1 : length);
    for (let i = 0; i < length / 4; i++) {
      d.set((r3 + i) & 15, d.chance.word());
      d.set((r1 + i) & 15, d.chance.word());
    }
    const stored = Array.from({ length: length / 4 }, (_, i) => hex(d.value((r1 + i) & 15), 8)).join('');
    d.put(at, d.chance.oneIn(2) ? stored : stored.slice(0, -2) + d.chance.bytes(1));
    for (let i = 0; i < length / 4; i++) d.results.gr.push((r1 + i) & 15);
    d.results.storage.push([at, length]);
    return d.finish(rs(op, r1, r3, d.base(at)));
  };

const storeClock = (d: Draft): Case => {
  const at = d.spot(8);
  d.unpredictable = { why: 'clock', storage: [[at, 8]] };
  return d.finish(s(0xb205, d.base(at)));
};

export const STORAGE: readonly Family[] = [
  family('MVCL', 120, long(0x0e)),
  family('CLCL', 120, long(0x0f)),
  family('STCK', 20, storeClock),
  family('CS', 70, swap(0xba, 4)),
  family('CDS', 80, swap(0xbb, 8)),
  family('MVN', 50, oneLength(0xd1, true)),
  family('MVC', 70, oneLength(0xd2, true)),
  family('MVZ', 50, oneLength(0xd3, true)),
  family('NC', 50, oneLength(0xd4, true)),
  family('CLC', 70, compare),
  family('OC', 50, oneLength(0xd6, true)),
  family('XC', 50, oneLength(0xd7, true)),
  family('TR', 50, translate),
  family('TRT', 70, translateAndTest),
  family('ED', 100, edit(0xde)),
  family('EDMK', 100, edit(0xdf)),
  family('MVO', 70, twoLengths(0xf1)),
  family('PACK', 70, twoLengths(0xf2)),
  family('UNPK', 70, twoLengths(0xf3)),
];
