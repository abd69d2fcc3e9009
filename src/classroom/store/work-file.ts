/** All kept work as one file, to move it to another computer or to have a copy. */
import { z } from 'zod';
import { schemas } from './kept.ts';
import { copyOf, kindOf } from './keys.ts';
import type { Records, StoredRecord } from './records.ts';

const FORMAT = 'strata-work';
const VERSION = 1;
const MOST_BYTES = 100_000_000;

const file = z.strictObject({
  format: z.literal(FORMAT),
  version: z.int(),
  records: z
    .array(
      z.strictObject({
        key: z.string().max(400),
        value: z.unknown(),
        revision: z.int().min(0),
        saved: z.iso.datetime(),
      }),
    )
    .max(100_000),
});

export const workFile = (records: readonly StoredRecord[]): string =>
  `${JSON.stringify({ format: FORMAT, version: VERSION, records }, null, 1)}\n`;

/** With the day, so that copies do not replace each other. */
export const workFileName = (): string => `strata-work-${new Date().toISOString().slice(0, 10)}.json`;

export type Imported =
  | { readonly kind: 'ok'; readonly added: number; readonly replaced: number; readonly unreadable: number }
  | { readonly kind: 'not-work' }
  | { readonly kind: 'too-new' };

/**
 * Takes the file's records in. Where both have one, the later counts and the other becomes a copy beside it; records
 * of an unknown kind or shape are left out and counted.
 */
export async function importWork(text: string, records: Records): Promise<Imported> {
  const read = parsed(text);
  if (!read) return { kind: 'not-work' };
  if (read.version > VERSION) return { kind: 'too-new' };
  const count = { added: 0, replaced: 0, unreadable: 0 };
  for (const { key, value, saved } of read.records) {
    const kind = kindOf(key);
    const good = kind && schemas[kind].safeParse(value);
    if (!good?.success) count.unreadable++;
    else if (await takeIn(records, key, good.data, saved)) count.replaced++;
    else count.added++;
  }
  return { kind: 'ok', ...count };
}

function parsed(text: string): z.infer<typeof file> | null {
  if (text.length > MOST_BYTES) return null;
  try {
    return file.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** True if there was another one. */
async function takeIn(
  records: Records,
  key: string,
  value: StoredRecord['value'],
  saved: string,
): Promise<boolean> {
  const present = await records.get(key);
  if (!present) {
    await records.write(key, value, 0);
    return false;
  }
  if (JSON.stringify(present.value) === JSON.stringify(value)) return false;
  const [later, earlier] = saved > present.saved ? [value, present.value] : [present.value, value];
  const copy = copyOf(key, saved > present.saved ? present.saved : saved);
  if (!(await records.get(copy))) await records.write(copy, earlier, 0);
  if (later === value) await records.write(key, value, present.revision);
  return true;
}
