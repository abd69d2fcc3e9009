import { expect, test } from 'vitest';
import { Keeper, type Channel } from './keeper.ts';
import { keyOf } from './keys.ts';
import { memoryRecords, type Records } from './records.ts';

const key = keyOf.source('10-vm370', 'svc');
const lastingRecords = (): Records => ({ ...memoryRecords(), lasting: true });
const full = Object.assign(new Error('no room'), { name: 'QuotaExceededError' });

/** Two tabs of one browser. */
function tabs() {
  const records = lastingRecords();
  const [a, b]: [Channel, Channel] = [
    { onmessage: null, postMessage: (data) => b.onmessage?.({ data } as MessageEvent) },
    { onmessage: null, postMessage: (data) => a.onmessage?.({ data } as MessageEvent) },
  ];
  return { records, one: new Keeper(records, a), other: new Keeper(records, b) };
}

test('what was written is there for the next page', async () => {
  const records = lastingRecords();
  await new Keeper(records, null).write(key, { text: '* mine' });
  expect(await new Keeper(records, null).read(key)).toEqual({ text: '* mine' });
});

test('of many values written in a hurry the last one stays, and a reader sees it at once', async () => {
  const records = lastingRecords();
  const keeper = new Keeper(records, null);
  const writes = [1, 2, 3, 4].map((n) => keeper.write(key, { text: `${n}` }));
  expect(await keeper.read(key)).toEqual({ text: '4' });
  await Promise.all(writes);
  expect((await records.get(key))?.value).toEqual({ text: '4' });
  expect(keeper.state).toEqual({ saving: false, saved: true, trouble: null });
});

test('a tab learns that another one wrote what it shows', async () => {
  const { one, other } = tabs();
  await one.read(key);
  await other.write(key, { text: 'theirs' });
  expect(one.state.trouble).toEqual({ kind: 'stale', key });
});

test.each(['mine', 'theirs'] as const)(
  'two tabs do not overwrite each other: %s is kept, the other copied',
  async (keep) => {
    const { records, one, other } = tabs();
    await one.read(key);
    await other.write(key, { text: 'theirs' });
    await expect(one.write(key, { text: 'mine' })).rejects.toThrow('another tab');
    expect(one.state).toMatchObject({ saving: true, trouble: { kind: 'conflict', key } });
    expect((await records.get(key))?.value).toEqual({ text: 'theirs' });
    await one.resolve(key, keep);
    const [kept, copy] = await records.all();
    expect(kept?.value).toEqual({ text: keep });
    expect(copy?.value).toEqual({ text: keep === 'mine' ? 'theirs' : 'mine' });
    expect(one.state).toMatchObject({ saving: false, trouble: null });
  },
);

test('a full disk is told, what did not fit is in every export, and is written when there is room', async () => {
  const inner = lastingRecords();
  let room = false;
  const records: Records = {
    ...inner,
    write: (...given) => (room ? inner.write(...given) : Promise.reject(full)),
  };
  const keeper = new Keeper(records, null);
  await expect(keeper.write(key, { text: 'mine' })).rejects.toThrow();
  expect(keeper.state).toMatchObject({ saving: true, trouble: { kind: 'full' } });
  expect((await keeper.all()).map(({ value }) => value)).toEqual([{ text: 'mine' }]);
  room = true;
  await keeper.write(keyOf.seed('self', 'x'), { seed: 1 });
  await keeper.retry();
  expect((await inner.get(key))?.value).toEqual({ text: 'mine' });
  expect(keeper.state).toMatchObject({ saving: false, trouble: null });
});

test('a browser without storage is told of before anything is written', () => {
  expect(new Keeper(memoryRecords(), null).state.trouble).toEqual({ kind: 'no-storage' });
});
