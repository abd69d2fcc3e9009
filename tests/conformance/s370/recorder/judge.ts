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
const SEGMENT_TRANSLATION = 0x10;
const PAGE_TRANSLATION = 0x11;
const TRANSLATION_SPECIFICATION = 0x12;

const EXTENDED_CONTROL = 0x08;
const EXTENDED_LENGTH = 0x8d;
const EXTENDED_PROGRAM_CODE = 0x8e;

interface Judgement {
  readonly unpredictable: Unpredictable;
  readonly why: Reason;
}

/** In the EC mode the code stands in the assigned storage location, which was zero before. */
function programCode({ ending, psw, storage }: After): number | null {
  if (ending !== 'program') return null;
  if ((parseInt(psw.slice(2, 4), 16) & EXTENDED_CONTROL) === 0) return parseInt(psw.slice(4, 8), 16);
  const low = Buffer.alloc(0x100);
  for (const [at, text] of Object.entries(storage ?? {}))
    if (parseInt(at, 16) < low.length) low.write(text, parseInt(at, 16), 'hex');
  return low.readUInt16BE(EXTENDED_PROGRAM_CODE);
}

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
  // Control register 0 names no format of tables: not even the instruction can be fetched.
  (before.mnemonic === 'address translation' &&
    code === TRANSLATION_SPECIFICATION &&
    before.cr?.['0'] === '00000000') ||
  ([PROTECTION, ADDRESSING, SPECIFICATION].includes(code) &&
    (before.mnemonic === 'instruction fetch' || BRANCHES.includes(before.mnemonic)));

function judgement({ before, results, unpredictable, page }: Case, after: After): Judgement | null {
  if (unpredictable)
    return { unpredictable: { storage: unpredictable.storage ?? [] }, why: unpredictable.why };
  const code = programCode(after);
  if (code === null) return null;
  if (ofFetch(before, code))
    return { unpredictable: { ilc: true, storage: [[EXTENDED_LENGTH, 1]] }, why: 'fetch' };
  if ((code === SEGMENT_TRANSLATION || code === PAGE_TRANSLATION) && page !== undefined)
    return { unpredictable: { page }, why: 'page' };
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

/** Reference and change bits of other instructions depend on how a model fetches. */
const ABOUT_KEYS: readonly string[] = ['SSK', 'ISK', 'RRB'];

const withoutKeys = ({ keys: _, ...after }: After): After => after;

/** What is open is not kept either, so that recording again gives the same file. */
const withoutStorage = ({ storage: _, ...after }: After): After => after;

export function judge(subject: Case, recorded: After): Vector {
  const corrected = byTheManual(subject.before, recorded);
  const outcome = corrected?.after ?? recorded;
  const kept = subject.unpredictable ? withoutStorage(outcome) : outcome;
  const after = ABOUT_KEYS.includes(subject.before.mnemonic) ? kept : withoutKeys(kept);
  return {
    ...subject.before,
    after,
    ...(corrected ? { why: corrected.why } : {}),
    ...judgement(subject, after),
  };
}
