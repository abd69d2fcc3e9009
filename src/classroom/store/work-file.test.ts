import { expect, test } from 'vitest';
import { NO_ATTEMPT } from '../../protocol/exercise.ts';
import { keyOf } from './keys.ts';
import { memoryRecords } from './records.ts';
import { importWork, workFile } from './work-file.ts';

const source = keyOf.source('10-vm370', 'svc');
const work = keyOf.work('self', '10-vm370/01-predict', 7);
const saved = { attempt: { ...NO_ATTEMPT, answers: { a: '1' } }, verdict: null, hints: 2 };

async function filled() {
  const records = memoryRecords();
  await records.write(source, { text: '* one' }, 0);
  await records.write(work, saved, 0);
  return records;
}

test('work moves to another browser and is the same there', async () => {
  const [here, there] = [await filled(), memoryRecords()];
  const file = workFile(await here.all());
  expect(await importWork(file, there)).toEqual({ kind: 'ok', added: 2, replaced: 0, unreadable: 0 });
  expect((await there.get(work))?.value).toEqual(saved);
  // Once more changes nothing.
  await importWork(file, there);
  expect(await there.all()).toHaveLength(2);
});

test('where both have something the later counts and the earlier stays as a copy', async () => {
  const records = await filled();
  const imported = (text: string, at: string) =>
    importWork(workFile([{ key: source, value: { text }, revision: 1, saved: at }]), records);
  await imported('* old', '2001-01-01T00:00:00.000Z');
  expect((await records.get(source))?.value).toEqual({ text: '* one' });
  await imported('* new', '2999-01-01T00:00:00.000Z');
  expect((await records.get(source))?.value).toEqual({ text: '* new' });
  const texts = (await records.all()).map(({ value }) => ('text' in value ? value.text : '')).filter(Boolean);
  expect(texts.sort()).toEqual(['* new', '* old', '* one']);
});

test('a file that is none, or of a later edition, changes nothing; strange records are left out', async () => {
  const records = memoryRecords();
  expect(await importWork('{', records)).toEqual({ kind: 'not-work' });
  expect(await importWork('{"format":"strata-work","version":9,"records":[]}', records)).toEqual({
    kind: 'too-new',
  });
  const strange = [
    { key: 'script/x', value: { text: 'x' }, revision: 1, saved: '2026-01-01T00:00:00.000Z' },
    { key: source, value: { text: 1 }, revision: 1, saved: '2026-01-01T00:00:00.000Z' },
  ];
  const file = JSON.stringify({ format: 'strata-work', version: 1, records: strange });
  expect(await importWork(file, records)).toEqual({ kind: 'ok', added: 0, replaced: 0, unreadable: 2 });
  expect(await records.all()).toEqual([]);
});
