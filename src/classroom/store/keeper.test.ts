import { expect, test } from 'vitest';
import { Keeper, type Channel } from './keeper.ts';
import { keyOf } from './keys.ts';
import { memoryRecords, type Records } from './records.ts';
import { putDown, writeUp } from './unwritten.ts';

const key = keyOf.source('10-vm370', 'svc');
const lastingRecords = (): Records => ({ ...memoryRecords(), lasting: true });
const full = Object.assign(new Error('no room'), { name: 'QuotaExceededError' });

/** A browser's storage: its keys are properties of the object. */
function fakeStorage(): Storage {
  const methods = {
    getItem: (name: string) => (storage[name] as string | undefined) ?? null,
    setItem: (name: string, text: string) => void (storage[name] = text),
    removeItem: (name: string) => {
      Reflect.deleteProperty(storage, name);
    },
  };
  const storage = Object.create(methods) as Storage;
  return storage;
}

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

test('what a page had not written when it went is written by the next, and only once', async () => {
  const records = lastingRecords();
  await new Keeper(records, null).write(key, { text: 'before' });
  const gone = new Keeper({ ...records, write: () => new Promise(() => undefined) }, null);
  await gone.read(key);
  void gone.write(key, { text: 'last words' });
  const storage = fakeStorage();
  putDown(gone, storage, 'page');
  for (let page = 0; page < 2; page++) await writeUp(new Keeper(records, null), storage);
  expect(await records.get(key)).toMatchObject({ value: { text: 'last words' }, revision: 2 });
  expect(Object.keys(storage)).toEqual([]);
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
