/** From a case and what Hercules made of it to a vector: what is unpredictable, and where the manual says otherwise. */
import type { Case } from '../cases/draft.ts';
import { KEYED_BLOCKS } from '../layout.ts';
import type { Reason } from '../reasons.ts';
import type { After, Before, Unpredictable, Vector } from '../vector.ts';
import { byTheManual } from './manual.ts';

const PROTECTION = 4;
const ADDRESSING = 5;
const SPECIFICATION = 6;
const DATA = 7;

interface Judgement {
  readonly unpredictable: Unpredictable;
  readonly why: Reason;
}

const programCode = (after: After): number | null =>
  after.ending === 'program' ? parseInt(after.psw.slice(4, 8), 16) : null;

/** Bytes of a protected block stay as they are, whatever else a terminated instruction does. */
function storable(before: Before, [at, length]: readonly [number, number]): [number, number][] {
  const key = parseInt(before.psw.charAt(2), 16);
  const guarded = (a: number): boolean => {
    const i = KEYED_BLOCKS.indexOf(a & ~2047);
    return key !== 0 && i >= 0 && parseInt((before.keys ?? '').charAt(2 * i), 16) !== key;
  };
  let first = at;
  let last = at + length;
  while (first < last && guarded(first)) first++;
  while (last > first && guarded(last - 1)) last--;
  return first < last ? [[first, last - first]] : [];
}

const BRANCHES: readonly string[] = ['BAL', 'BALR', 'BC', 'BCR', 'BCT', 'BCTR', 'BXH', 'BXLE'];

/** The exception is of the fetch of this instruction or, after a branch, of the next. */
const ofFetch = (before: Before, code: number): boolean =>
  [PROTECTION, ADDRESSING, SPECIFICATION].includes(code) &&
  (before.mnemonic === 'instruction fetch' || BRANCHES.includes(before.mnemonic));

function judgement({ before, results, unpredictable }: Case, after: After): Judgement | null {
  if (unpredictable)
    return { unpredictable: { storage: unpredictable.storage ?? [] }, why: unpredictable.why };
  const code = programCode(after);
  if (code === null) return null;
  if (ofFetch(before, code)) return { unpredictable: { ilc: true }, why: 'fetch' };
  if (code !== PROTECTION && code !== ADDRESSING && code !== DATA) return null;
  const storage = results.storage.flatMap((range) => storable(before, range));
  return {
    unpredictable: {
      cc: true,
      ...(results.gr.length > 0 ? { gr: results.gr } : {}),
      ...(results.fpr.length > 0 ? { fpr: results.fpr } : {}),
      ...(storage.length > 0 ? { storage } : {}),
    },
    why: 'terminated',
  };
}

export function judge(subject: Case, recorded: After): Vector {
  const corrected = byTheManual(subject.before, recorded);
  const after = corrected?.after ?? recorded;
  return {
    ...subject.before,
    after,
    ...(corrected ? { why: corrected.why } : {}),
    ...judgement(subject, after),
  };
}
