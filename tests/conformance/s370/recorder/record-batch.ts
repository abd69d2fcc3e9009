/** Cases to records of the harness, one run, and records back to vectors. */
import {
  AREAS,
  KEYED_BLOCKS,
  backgroundControl,
  backgroundFloating,
  backgroundGeneral,
  STORAGE_SIZE,
  SVC_BEHIND,
  SVC_LANDED,
} from '../layout.ts';
import { hex, type After, type Before, type Patches } from '../vector.ts';
import {
  DONE,
  install,
  RECORD,
  RECORD_AREAS,
  RECORD_CR,
  RECORD_ENDING,
  RECORD_FPR,
  RECORD_GR,
  RECORD_KEYS,
  RECORD_PSW,
  RECORDS_AT,
} from './harness.ts';
import { runHercules } from './hercules.ts';

export const BATCH = 4000;

const sizes = AREAS.map((area) => area.length);
const offsets = AREAS.map((_, i) => RECORD_AREAS + sizes.slice(0, i).reduce((a, b) => a + b, 0));

/** Offset in the record of storage location `at`, of which `length` bytes must lie in one area. */
function place(at: number, length: number): number {
  const i = AREAS.findIndex((area) => at >= area.at && at + length <= area.at + area.length);
  if (i < 0) throw new Error(`no area holds ${length} bytes at ${hex(at, 6)}`);
  return offsets[i]! + at - AREAS[i]!.at;
}

function encode(before: Before, record: Buffer): void {
  for (let r = 0; r < 16; r++) {
    record.writeInt32BE(backgroundGeneral(r), RECORD_GR + 4 * r);
    record.writeInt32BE(backgroundControl(r), RECORD_CR + 4 * r);
  }
  for (let r = 0; r < 8; r += 2) {
    const [high, low] = backgroundFloating(r);
    record.writeUInt32BE(high, RECORD_FPR + 4 * r);
    record.writeUInt32BE(low, RECORD_FPR + 4 * r + 4);
  }
  AREAS.forEach((area, i) => {
    for (let n = 0; n < area.length; n++) record[offsets[i]! + n] = area.fill(n);
  });
  const patch = (patches: Patches | undefined, at: (key: string, bytes: number) => number): void => {
    for (const [key, text] of Object.entries(patches ?? {}))
      record.write(text, at(key, text.length / 2), 'hex');
  };
  patch(before.gr, (r) => RECORD_GR + 4 * Number(r));
  patch(before.fpr, (r) => RECORD_FPR + 4 * Number(r));
  patch(before.cr, (r) => RECORD_CR + 4 * Number(r));
  patch(before.storage, (at, bytes) => place(parseInt(at, 16), bytes));
  record.write(before.psw, RECORD_PSW, 'hex');
  const ia = parseInt(before.psw.slice(10), 16);
  if (before.instruction !== '')
    record.write(before.instruction, place(ia, before.instruction.length / 2), 'hex');
  if (before.keys !== undefined) record.write(before.keys, RECORD_KEYS, 'hex');
}

function changedRegisters(before: Buffer, after: Buffer, at: number, size: number, step: number): Patches {
  const changed: Record<string, string> = {};
  for (let i = 0; i * size < (size === 8 ? 32 : 64); i++) {
    const text = after.toString('hex', at + i * size, at + (i + 1) * size);
    if (text !== before.toString('hex', at + i * size, at + (i + 1) * size)) changed[String(i * step)] = text;
  }
  return changed;
}

/** Runs of changed bytes; up to three unchanged ones inside do not end a run. */
function changedStorage(before: Buffer, after: Buffer): Patches {
  const changed: Record<string, string> = {};
  AREAS.forEach((area, i) => {
    const base = offsets[i]!;
    const differs = (n: number): boolean => before[base + n] !== after[base + n];
    for (let n = 0; n < area.length; n++) {
      if (!differs(n)) continue;
      let end = n + 1;
      for (let m = end; m < Math.min(end + 4, area.length); m++) if (differs(m)) end = m + 1;
      changed[hex(area.at + n, 6)] = after.toString('hex', base + n, base + end);
      n = end;
    }
  });
  return changed;
}

const unlessEmpty = <K extends string>(key: K, patches: Patches): Partial<Record<K, Patches>> =>
  Object.keys(patches).length > 0 ? ({ [key]: patches } as Record<K, Patches>) : {};

const HARNESS_ENDINGS = ['program', 'svc'] as const;
const EXTENDED_CONTROL = 0x08;
const EXTENDED_SVC_CODE = 0x88;

/** The harness's own SVC undone: address and interruption code as before it. Null for any other interruption. */
function beforeOwnSvc(record: Buffer): string | null {
  const psw = record.subarray(RECORD_ENDING + 8, RECORD_ENDING + 16);
  const extended = (psw[1]! & EXTENDED_CONTROL) !== 0;
  const field = record.subarray(place(EXTENDED_SVC_CODE, 4), place(EXTENDED_SVC_CODE, 4) + 4);
  const code = extended ? field[3]! : psw[3]!;
  if (record[RECORD_ENDING] !== 1 || (code !== SVC_BEHIND && code !== SVC_LANDED)) return null;
  psw.writeUIntBE((psw.readUIntBE(5, 3) - 2) & 0xffffff, 5, 3);
  if (extended) field.fill(0);
  else {
    psw.writeUInt16BE(0, 2);
    psw[4]! &= 0x3f; // instruction-length code
  }
  return psw.toString('hex');
}

function decode(before: Buffer, after: Buffer, wantsKeys: boolean): After {
  const completed = beforeOwnSvc(after);
  const ending = completed !== null ? 'completed' : HARNESS_ENDINGS[after[RECORD_ENDING]!];
  if (ending === undefined)
    throw new Error('a case ended in an interruption that none of its kind can cause');
  return {
    ending,
    psw: completed ?? after.toString('hex', RECORD_ENDING + 8, RECORD_ENDING + 16),
    ...unlessEmpty('gr', changedRegisters(before, after, RECORD_GR, 4, 1)),
    ...unlessEmpty('fpr', changedRegisters(before, after, RECORD_FPR, 8, 2)),
    ...unlessEmpty('cr', changedRegisters(before, after, RECORD_CR, 4, 1)),
    ...unlessEmpty('storage', changedStorage(before, after)),
    ...(wantsKeys ? { keys: after.toString('hex', RECORD_KEYS, RECORD_KEYS + KEYED_BLOCKS.length) } : {}),
  };
}

/** What Hercules makes of the cases, in their order; at most `BATCH` of them. */
export function recordBatch(cases: readonly Before[]): After[] {
  const image = Buffer.alloc(STORAGE_SIZE);
  install(image, cases.length);
  const record = (from: Buffer, i: number): Buffer =>
    from.subarray(RECORDS_AT + i * RECORD, RECORDS_AT + (i + 1) * RECORD);
  cases.forEach((before, i) => encode(before, record(image, i)));
  const result = runHercules(image);
  if (result.readUInt32BE(DONE) === 0) {
    const stuck = (result.readUInt32BE(0x200) - RECORDS_AT) / RECORD;
    throw new Error(`Hercules did not finish: at case ${stuck}, ${JSON.stringify(cases[stuck])}`);
  }
  return cases.map((before, i) => decode(record(image, i), record(result, i), before.keys !== undefined));
}
