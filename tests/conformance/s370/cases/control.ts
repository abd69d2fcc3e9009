/** Privileged instructions in the supervisor state, and interruptions in the EC mode, program events among them. */
import { A, B, KEYED_BLOCKS, STORAGE_SIZE } from '../layout.ts';
import { hex } from '../vector.ts';
import { family, rr, rs, rx, s, si, ss, type Case, type Draft, type Family } from './draft.ts';

/** No external interruption while a system mask is being tried out: the interval timer may be pending. */
function supervisor(d: Draft): void {
  d.psw &= ~1;
  d.cr.set(0, 0);
}

const EXTENDED_CONTROL = 0x08;
function extendedControl(d: Draft, systemMask = 0): void {
  d.extendedControl = true;
  d.psw |= EXTENDED_CONTROL | (systemMask << 8);
}

const keys = (d: Draft): string =>
  KEYED_BLOCKS.map(() => d.chance.pick(['00', '36', '48', 'f2', '14', '08'])).join('');

/** The blocks of A and B only: fetching the instruction changes the key of its own. */
const someBlock = (d: Draft): number => d.chance.pick(KEYED_BLOCKS.slice(0, 4)) + 16 * d.chance.below(128);

function keyAddress(d: Draft): number {
  if (d.chance.oneIn(12)) return someBlock(d) | d.chance.between(1, 15);
  if (d.chance.oneIn(12)) return STORAGE_SIZE + 2048 * d.chance.below(64);
  return someBlock(d) | (d.chance.bits() & 0xff000000);
}

const storageKey =
  (op: number) =>
  (d: Draft): Case => {
    supervisor(d);
    if (d.chance.oneIn(2)) extendedControl(d);
    d.keys = keys(d);
    const r1 = d.set(d.chance.below(16), d.chance.bits());
    return d.finish(rr(op, r1, d.set(d.free(), keyAddress(d))));
  };

const resetReferenceBit = (d: Draft): Case => {
  supervisor(d);
  d.keys = keys(d);
  return d.finish(s(0xb213, d.base(d.chance.oneIn(10) ? STORAGE_SIZE + 2048 : someBlock(d))));
};

const setPswKey = (d: Draft): Case => {
  supervisor(d);
  return d.finish(s(0xb20a, d.base(d.chance.bits() & 0xffffff)));
};

const insertPswKey = (d: Draft): Case => {
  supervisor(d);
  d.set(2, d.chance.bits());
  d.psw |= d.chance.below(16) << 4;
  return d.finish('b20b0000');
};

const controlRegisters =
  (op: number) =>
  (d: Draft): Case => {
    supervisor(d);
    const r1 = d.chance.below(16);
    const r3 = d.chance.oneIn(3) ? r1 : d.chance.below(16);
    const count = ((r3 - r1) & 15) + 1;
    const at = d.spot(4 * count, d.chance.oneIn(12) ? 2 : 4);
    if (op === 0xb7) {
      // Bits of control register 0 and the masks may let in what is pending only if the PSW lets it: it does not.
      for (let i = 0; i < count; i++) d.putWord(at + 4 * i, d.chance.bits());
    } else for (let i = 1; i < 16; i++) d.cr.set(i, d.chance.bits());
    return d.finish(rs(op, r1, r3, d.base(at)));
  };

const SSM_SUPPRESSION = 0x40000000;

/** In the EC mode without PER and translation, which have their own cases. */
const systemMask = (d: Draft): number =>
  d.extendedControl ? d.chance.pick([0, 1, 2, 3]) : d.chance.below(256);

/** With a bit that must be zero in the EC mode: an early specification exception. */
const newSystemMask = (d: Draft): number =>
  d.extendedControl && d.chance.oneIn(5) ? d.chance.pick([0x80, 0x20, 0x11, 0x0a]) : systemMask(d);

const setSystemMask = (d: Draft): Case => {
  supervisor(d);
  if (d.chance.oneIn(2)) extendedControl(d);
  if (d.chance.oneIn(4)) d.cr.set(0, SSM_SUPPRESSION);
  const at = d.spot(1);
  d.put(at, hex(newSystemMask(d), 2));
  return d.finish(s(0x8000, d.base(at)));
};

const storeThenMask =
  (op: number) =>
  (d: Draft): Case => {
    supervisor(d);
    if (d.chance.oneIn(2)) extendedControl(d);
    d.psw |= systemMask(d) << 8;
    return d.finish(si(op, newSystemMask(d), d.base(d.spot(1))));
  };

/** Bytes 0, 3 and 4 of an EC-mode PSW. */
const NO_BITS = ['00', '00', '00'] as const;
const UNASSIGNED_BITS = [
  ['80', '00', '00'],
  ['20', '00', '00'],
  ['00', '01', '00'],
  ['00', '00', 'ff'],
] as const;

/** To the landing place in either mode; or with unassigned bits, which is an early specification exception. */
const loadPsw = (d: Draft): Case => {
  supervisor(d);
  const at = d.spot(8, d.chance.oneIn(10) ? 4 : 8);
  const state = d.chance.below(2) | (d.chance.below(16) << 4);
  const landing = d.landing();
  if (d.chance.oneIn(2)) {
    d.put(
      at,
      '00' +
        hex(state, 2) +
        hex(d.chance.below(0x10000), 4) +
        hex(d.chance.bits() & 0xff, 2) +
        hex(landing, 6),
    );
  } else {
    const [first, third, fourth] = d.chance.oneIn(4) ? d.chance.pick(UNASSIGNED_BITS) : NO_BITS;
    const middle = hex(state | EXTENDED_CONTROL, 2) + hex(d.chance.below(0x40), 2);
    d.put(at, first + middle + third + fourth + hex(landing, 6));
  }
  return d.finish(s(0x8200, d.base(at)));
};

/** The operand of these must be aligned; what they store or set otherwise depends on the time and the model. */
const misaligned =
  (op: number, alignment: number) =>
  (d: Draft): Case => {
    supervisor(d);
    const at = d.spot(8, 8) + d.chance.between(1, alignment - 1);
    return d.finish(s(op, d.base(at)));
  };

const storePrefix = (d: Draft): Case => {
  supervisor(d);
  return d.finish(s(0xb211, d.base(d.spot(4, 4))));
};

// ---------------------------------------------------------------- translation

interface Format {
  readonly control: number;
  readonly pageShift: 11 | 12;
  readonly segmentShift: 16 | 20;
}
const FORMATS: readonly Format[] = [
  { control: 0x00400000, pageShift: 11, segmentShift: 16 },
  { control: 0x00800000, pageShift: 12, segmentShift: 16 },
  { control: 0x00500000, pageShift: 11, segmentShift: 20 },
  { control: 0x00900000, pageShift: 12, segmentShift: 20 },
];

const SEGMENT_TABLE = A.at;
const PAGE_TABLE = A.at + 64;
const INVALID_SEGMENT = 1;

/** 64 K in segment 0, most pages to themselves; then segments that end in every exception. */
function tables(d: Draft): Format {
  const format = d.chance.pick(FORMATS);
  const { pageShift, segmentShift, control } = format;
  const invalid = pageShift === 12 ? 8 : 4;
  const entry = (real: number): number => (real >>> 8) & (pageShift === 12 ? 0xfff0 : 0xfff8);
  const pages = Array.from({ length: 0x10000 >> pageShift }, (_, i) => {
    const virtual = i << pageShift;
    switch (virtual & 0xf000) {
      case 0x7000: // to area B, and with pages of 2 K partly to A
        return entry(pageShift === 11 && (virtual & 0x800) !== 0 ? 0x3000 : 0x4000);
      case 0x8000:
        return entry(0x3000 + (virtual & 0x800));
      case 0x9000:
        return entry(0x4000) | invalid;
      case 0xa000:
        // In entries of 4 K pages Hercules takes the corresponding bits for an extended real address.
        return entry(0x4000) | (pageShift === 11 ? 2 : 0);
      case 0xb000: // a frame beyond storage
        return entry(STORAGE_SIZE);
      default:
        return entry(virtual);
    }
  });
  // Length codes count sixteenths of a full table.
  const length = segmentShift === 16 ? 0xf0000000 : 0;
  const segment0 = (length | PAGE_TABLE) >>> 0;
  const segments = [
    segment0,
    segment0 | INVALID_SEGMENT,
    segment0 | 0x08000000, // a bit that must be zero
    (length | STORAGE_SIZE) >>> 0, // page table beyond storage
    PAGE_TABLE, // one sixteenth
  ];
  const words = Array.from({ length: 16 }, (_, i) => segments[i] ?? INVALID_SEGMENT);
  d.put(SEGMENT_TABLE, words.map((w) => hex(w, 8)).join('') + pages.map((p) => hex(p, 4)).join(''));
  d.cr.set(0, control);
  d.cr.set(1, SEGMENT_TABLE);
  return format;
}

/** A virtual address for an operand: translatable or not. */
function virtualAddress(d: Draft, { segmentShift }: Format): number {
  const inSegment = d.chance.below(0x100);
  switch (d.chance.below(9)) {
    case 0:
      return 0x9000 + inSegment;
    case 1:
      return 0xa000 + inSegment;
    case 2:
      return 0xb000 + inSegment;
    case 3: // invalid segment, bad entry, no page table
      return (d.chance.between(1, 3) << segmentShift) + inSegment;
    case 4: // behind the page table's end, if the segments are small
      return (4 << segmentShift) + (segmentShift === 16 ? 0x1000 : 0x10000) + 0x7000 + inSegment;
    case 5: // behind the segment table's end, if the segments are small
      return (segmentShift === 16 ? 0x100000 : 0x500000) + (d.chance.below(0x10) << 16) + inSegment;
    default:
      return d.chance.pick([0x7710, 0x8010, 0x4710, 0x77fe, 0x3010]) + d.chance.below(0x40);
  }
}

const loadRealAddress = (d: Draft): Case => {
  supervisor(d);
  const format = tables(d);
  if (d.chance.oneIn(15)) d.cr.set(0, d.chance.pick([0, 0x00c00000, 0x00880000]));
  return d.finish(rx(0xb1, d.chance.below(16), 0, d.base(virtualAddress(d, format))));
};

const TRANSLATION = 0x04;

const translated = (d: Draft): Case => {
  if (d.chance.oneIn(2)) d.psw &= ~1;
  extendedControl(d, TRANSLATION);
  const format = tables(d);
  d.page = 1 << format.pageShift;
  if (d.chance.oneIn(25)) d.cr.set(0, 0);
  const at = virtualAddress(d, format);
  const word = at & ~3;
  switch (d.chance.below(5)) {
    case 0:
      return d.finish(rx(0x58, 4, 0, d.base(at)));
    case 1:
      return d.finish(rx(0x50, 4, 0, d.base(word)));
    case 2:
      return d.finish(ss(0xd2, 3, d.base(word), d.base(B.at + 128)));
    case 3:
      return d.finish(ss(0xd2, 3, d.base(B.at + 128), d.base(at)));
    default:
      return d.finish(si(0x95, 0x40, d.base(at)));
  }
};

// ---------------------------------------------------------------- interruptions in the EC mode

const interruption = (d: Draft): Case => {
  extendedControl(d);
  d.cr.set(8, 0xffff);
  switch (d.chance.below(9)) {
    case 0:
      return d.finish('0a' + hex(d.chance.below(0xe0), 2));
    case 1:
      d.set(1, 0x7fffffff);
      d.set(2, d.chance.between(-1, 2));
      return d.finish(rr(0x1a, 1, 2));
    case 2:
      return d.finish(d.chance.pick(['0000', '52000000', 'ff0000000000']));
    case 3:
      return d.finish(d.chance.pick(['0812', '82000100', 'b20d0000', 'b7000100']));
    case 4:
      return d.finish(si(0xaf, d.chance.below(16), d.base(d.chance.bits() & 0xffffff)));
    case 5:
      return d.finish(rr(0x1c, 2 * d.chance.below(8) + 1, 2));
    case 6:
      return d.finish(rx(0x58, 4, 0, d.base(STORAGE_SIZE + 64)));
    case 7:
      d.set(2, 0);
      return d.finish(rr(0x1d, 4, 2));
    default:
      return d.finish(rr(0x2d, 0, d.chance.pick([1, 2])));
  }
};

// ---------------------------------------------------------------- program events

const PER = 0x40;
const BRANCH = 0x80;
const FETCH = 0x40;
const STORE = 0x20;
// The fourth event, alteration of general registers, is not in Hercules.

const programEvent = (d: Draft): Case => {
  extendedControl(d, PER);
  d.cr.set(0, 0);
  const event = d.chance.pick([BRANCH, FETCH, STORE, d.chance.below(8) << 5]);
  d.cr.set(9, event << 24);
  const from = d.chance.pick([0, 0x6000, A.at, A.at + 0x100, 0xff0000]);
  d.cr.set(10, from);
  d.cr.set(11, d.chance.pick([0xffffff, 0x67f4, A.at + 0x180, 0x1000]));
  switch (d.chance.below(8)) {
    case 0:
      return d.finish(rr(0x1a, d.set(3, d.chance.word()), d.set(4, d.chance.word())));
    case 1:
      return d.finish(rx(0x50, 3, 0, d.base(d.spot(4, 1, A))));
    case 2:
      return d.finish(ss(0xd2, d.chance.below(60), d.base(d.spot(60, 1, A)), d.base(d.spot(60, 1, B))));
    case 3:
      return d.finish(rx(0x47, d.chance.pick([0, 15]), 0, d.base(d.landing())));
    case 4:
      return d.finish(rx(0x45, 3, 0, d.base(d.landing())));
    case 5:
      return d.finish(rs(0x98, 2, 4, d.base(d.spot(12))));
    case 6:
      return d.finish(rx(0x58, 3, 0, d.base(d.spot(4))));
    default:
      return d.finish(rr(0x18, 3, d.set(4, d.chance.word())));
  }
};

export const CONTROL: readonly Family[] = [
  family('SSK', 40, storageKey(0x08)),
  family('ISK', 40, storageKey(0x09)),
  family('RRB', 40, resetReferenceBit),
  family('SPKA', 20, setPswKey),
  family('IPK', 20, insertPswKey),
  family('LCTL', 40, controlRegisters(0xb7)),
  family('STCTL', 40, controlRegisters(0xb6)),
  family('SSM', 40, setSystemMask),
  family('STNSM', 30, storeThenMask(0xac)),
  family('STOSM', 30, storeThenMask(0xad)),
  family('LPSW', 60, loadPsw),
  family('SCK', 4, misaligned(0xb204, 8)),
  family('SCKC', 4, misaligned(0xb206, 8)),
  family('STCKC', 4, misaligned(0xb207, 8)),
  family('SPT', 4, misaligned(0xb208, 8)),
  family('STPT', 4, misaligned(0xb209, 8)),
  family('STIDP', 4, misaligned(0xb202, 8)),
  family('SPX', 4, misaligned(0xb210, 4)),
  family('STAP', 4, misaligned(0xb212, 2)),
  family('STPX', 10, storePrefix),
  family('LRA', 120, loadRealAddress),
  family('address translation', 160, translated),
  family('interruptions in the EC mode', 90, interruption),
  family('program-event recording', 120, programEvent),
];
