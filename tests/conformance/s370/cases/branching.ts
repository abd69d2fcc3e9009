/** Branches, EX, and what else changes the flow or the masks of a problem program. */
import { END, LANDING, STORAGE_SIZE } from '../layout.ts';
import { hex } from '../vector.ts';
import { family, rr, rs, rx, si, type Case, type Draft, type Family, type Place } from './draft.ts';

/** Mostly the landing place; rarely odd or beyond storage: exceptions of the next instruction's fetch. */
function target(d: Draft): number {
  if (d.chance.oneIn(16)) return d.landing() | 1;
  if (d.chance.oneIn(16)) return STORAGE_SIZE + 2 * d.chance.below(0x1000);
  return d.landing();
}

const dirty = (d: Draft, address: number): number =>
  address | (d.chance.oneIn(2) ? d.chance.bits() & 0xff000000 : 0);

/** A register with a branch address, or 0: no branch. */
const branchRegister = (d: Draft): number => (d.chance.oneIn(8) ? 0 : d.set(d.free(), dirty(d, target(d))));

const linkRegister = (d: Draft): Case => {
  const r2 = branchRegister(d);
  const r1 = d.chance.oneIn(4) ? r2 : d.chance.below(16);
  return d.finish(rr(0x05, r1, r2));
};

const link = (d: Draft): Case => {
  const second = d.base(target(d));
  const r1 = d.chance.oneIn(4) ? second.b : d.chance.below(16);
  return d.finish(rx(0x45, r1, 0, second));
};

const onConditionRegister = (d: Draft): Case => {
  const r2 = branchRegister(d);
  return d.finish(rr(0x07, d.chance.oneIn(8) ? 15 : d.chance.below(16), r2));
};

const onCondition = (d: Draft): Case =>
  d.finish(rx(0x47, d.chance.oneIn(8) ? 15 : d.chance.below(16), 0, d.base(target(d))));

const counter = (d: Draft): number => d.chance.pick([0, 1, 2, -1, -0x80000000, d.chance.word()]);

const onCountRegister = (d: Draft): Case => {
  const r2 = branchRegister(d);
  const r1 = d.chance.oneIn(5) ? r2 : d.set(d.free(), counter(d));
  return d.finish(rr(0x06, r1, r2));
};

const onCount = (d: Draft): Case => {
  const r1 = d.set(d.chance.below(16), counter(d));
  return d.finish(rx(0x46, r1, 0, d.base(target(d))));
};

/** BXH, BXLE: R3 even names increment and comparand, odd R3 is both; R1 may be one of them. */
const onIndex =
  (op: number) =>
  (d: Draft): Case => {
    const r3 = d.chance.below(16);
    const increment = d.chance.pick([1, -1, 4, 0, d.chance.word()]);
    d.set(r3, increment);
    const comparand = (r3 & 1) !== 0 ? r3 : d.set(r3 | 1, d.chance.word());
    const limit = d.value(comparand);
    const r1 = d.chance.oneIn(6) ? d.chance.pick([r3, comparand]) : d.free();
    if (r1 !== r3 && r1 !== comparand) d.set(r1, d.chance.oneIn(2) ? limit - increment : d.chance.word());
    return d.finish(rs(op, r1, r3, d.base(target(d))));
  };

const setProgramMask = (d: Draft): Case => {
  const r1 = d.set(d.chance.below(16), d.chance.bits());
  return d.finish(rr(0x04, r1, d.chance.below(16)));
};

const supervisorCall = (d: Draft): Case => d.finish('0a' + hex(d.chance.below(0xe0), 2));

const monitorCall = (d: Draft): Case => {
  d.cr.set(8, d.chance.oneIn(4) ? d.chance.pick([0, 0xffff]) : d.chance.bits() & 0xffff);
  const first = d.chance.oneIn(4) ? { b: 0, d: d.chance.below(4096) } : d.base(d.chance.bits() & 0xffffff);
  // Bits 8–11 of the instruction must be zero.
  return d.finish(si(0xaf, d.chance.oneIn(8) ? d.chance.below(256) : d.chance.below(16), first));
};

/** The subject instruction lies in an operand area; R1 not 0 ORs its low byte into the second byte. */
function execute(d: Draft, subject: string, or: number | null, at = d.spot(subject.length / 2, 2)): Case {
  d.put(at, subject);
  const r1 = or === null ? 0 : d.set(d.free(), (d.chance.bits() & 0xffffff00) | or);
  return d.finish(rx(0x44, r1, 0, d.base(at)));
}

function executeRegister(d: Draft): Case {
  const r1 = d.set(d.free(), d.chance.word());
  const r2 = d.set(d.free(), d.chance.word());
  return d.chance.oneIn(2) ? execute(d, rr(0x1a, r1, r2), null) : execute(d, rr(0x1a, 0, 0), (r1 << 4) | r2);
}

function executeMove(d: Draft): Case {
  const bytes = d.chance.pick([1, 2, 3, 8, 16, 40]);
  const from = d.base(0x2f20 + d.chance.below(64));
  const to = d.base(0x4720 + d.chance.below(64));
  const op = d.chance.pick(['d2', 'd7', 'd6', 'd4', 'd1', 'd3', 'd5']);
  const half = (p: Place): string => hex(p.b, 1) + hex(p.d, 3);
  return execute(d, `${op}00${half(to)}${half(from)}`, bytes - 1, 0x2fd0 + 2 * d.chance.below(40));
}

function executeImmediate(d: Draft): Case {
  const first = d.base(0x4720 + d.chance.below(64));
  const subject = si(d.chance.pick([0x91, 0x92, 0x94, 0x95, 0x96, 0x97]), d.chance.below(256), first);
  return execute(
    d,
    subject,
    d.chance.oneIn(4) ? null : d.chance.below(256),
    0x2f00 + 2 * d.chance.below(250),
  );
}

/** The link tells the length of EX, not that of the subject. */
function executeBranch(d: Draft): Case {
  const subject = d.chance.pick([
    (): string => rx(0x45, d.chance.below(16), 0, d.base(d.landing())),
    (): string => rr(0x05, d.chance.below(16), d.set(d.free(), d.landing())),
    (): string => rr(0x05, d.chance.between(1, 15), 0),
    (): string => rx(0x47, d.chance.below(16), 0, d.base(d.landing())),
    (): string => '0a' + hex(d.chance.below(0xe0), 2),
  ])();
  return execute(d, subject, null);
}

/** Exceptions of the subject: its code, length and address are those of EX. */
function executeFault(d: Draft): Case {
  switch (d.chance.below(6)) {
    case 0: // EX of EX
      return execute(d, rx(0x44, 0, 0, d.base(d.spot(4, 2))), null);
    case 1: // odd address
      return d.finish(rx(0x44, 0, 0, d.base(d.spot(2, 2) | 1)));
    case 2: // no such storage
      return d.finish(rx(0x44, 0, 0, d.base(STORAGE_SIZE + 2 * d.chance.below(0x1000))));
    case 3: // subject runs over the end of storage
      return execute(d, '5810', null, END.at + END.length - 2);
    case 4: // specification exception
      return execute(d, rr(0x1d, 1, 2), null);
    default: // operation and privileged-operation exception
      return execute(d, d.chance.pick(['0000', '0806', '82000000', 'b7000000']), null);
  }
}

const executeAny = (d: Draft): Case =>
  d.chance.pick([
    executeRegister,
    executeMove,
    executeMove,
    executeImmediate,
    executeBranch,
    executeBranch,
    executeFault,
  ])(d);

/** Neither landing nor behind: the case would not end. */
if (LANDING.at % 2048 !== 0) throw new Error('the landing place must begin a block');

export const BRANCHING: readonly Family[] = [
  family('SPM', 40, setProgramMask),
  family('BALR', 60, linkRegister),
  family('BCTR', 50, onCountRegister),
  family('BCR', 70, onConditionRegister),
  family('SVC', 30, supervisorCall),
  family('EX', 160, executeAny),
  family('BAL', 50, link),
  family('BCT', 50, onCount),
  family('BC', 70, onCondition),
  family('BXH', 80, onIndex(0x86)),
  family('BXLE', 80, onIndex(0x87)),
  family('MC', 60, monitorCall),
];
