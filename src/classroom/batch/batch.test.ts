import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { unread } from '../format/checked.ts';
import { checkAll, type CheckWorker, type NamedFile } from './pool.ts';
import { unpacked } from './unpack.ts';

const files = (count: number): NamedFile[] =>
  Array.from({ length: count }, (_, i) => ({ name: `${i}`, bytes: new Uint8Array() }));

/** Answers as a thread would, some time later. */
function workers(answer: (name: string) => Promise<void> = () => Promise.resolve()) {
  const counts = { spawned: 0, ended: 0, busy: 0, most: 0 };
  const spawn = (): CheckWorker => {
    counts.spawned++;
    return {
      check: async ({ name }) => {
        counts.most = Math.max(counts.most, ++counts.busy);
        await answer(name);
        counts.busy--;
        return unread(name, { kind: 'missing', exercise: '' });
      },
      end: () => {
        counts.ended++;
      },
    };
  };
  return { counts, spawn };
}

const run = async (given: Iterable<NamedFile>, spawn: () => CheckWorker, cancelled = () => false) => {
  const found: string[] = [];
  const onChecked = ({ file, outcome }: { file: string; outcome: string }) =>
    found.push(`${file} ${outcome}`);
  await checkAll(given, { spawn, workers: 3, patience: 0.05, onChecked, cancelled });
  return found;
};

test('every file is checked once, by no more workers than there are, and all of them end', async () => {
  const { counts, spawn } = workers(() => new Promise((resolve) => setTimeout(resolve, 1)));
  const found = await run(files(20), spawn);
  expect(new Set(found).size).toBe(20);
  expect(counts).toMatchObject({ spawned: 3, ended: 3, most: 3 });
});

test('no more files are taken than are being worked on', async () => {
  let [taken, done] = [0, 0];
  const source = function* () {
    for (const file of files(30)) {
      expect(++taken - done).toBeLessThanOrEqual(4);
      yield file;
    }
  };
  const { spawn } = workers(async () => {
    await Promise.resolve();
    done++;
  });
  await run(source(), spawn);
  expect(done).toBe(30);
});

test('a worker that hangs or breaks is replaced, and the others’ files are not lost', async () => {
  const { counts, spawn } = workers((name) =>
    name === '3'
      ? new Promise(() => undefined)
      : name === '5'
        ? Promise.reject(new Error('gone'))
        : Promise.resolve(),
  );
  const found = await run(files(10), spawn);
  expect(found).toHaveLength(10);
  expect(found.filter((each) => each.endsWith('hostile')).sort()).toEqual(['3 hostile', '5 hostile']);
  expect(counts.spawned).toBe(counts.ended);
});

test('a cancelled check stops', async () => {
  let cancelled = false;
  const { spawn } = workers(async (name) => void (cancelled ||= name === '2'));
  expect((await run(files(1000), spawn, () => cancelled)).length).toBeLessThan(10);
});

test('a zip gives its hand-ins, not what lies beside them', () => {
  const zip = zipSync({
    'Mori_1/a.strata.json': strToU8('{}'),
    '__MACOSX/Mori_1/._a.strata.json': strToU8('x'),
    'readme.txt': strToU8('x'),
  });
  expect([...unpacked({ name: 'all.zip', bytes: zip })]).toEqual([
    { name: 'Mori_1/a.strata.json', bytes: strToU8('{}') },
  ]);
});

test('a zip that would fill the memory gives files that are refused as too large', () => {
  const zip = zipSync({
    'bomb.json': [new Uint8Array(50_000_000), { level: 9 }],
    'good.json': strToU8('{}'),
  });
  const sizes = [...unpacked({ name: 'z', bytes: zip })].map(({ bytes }) => bytes.length);
  expect(sizes).toEqual([8_000_001, 2]);
});

test('a zip whose header lies about the size gives no more than it said', () => {
  const zip = zipSync({ 'a.json': new Uint8Array(1_000_000) });
  // The size in the directory at the end, and in the entry.
  const view = new DataView(zip.buffer, zip.byteOffset);
  const directory = zip.length - 22 - 46 - 'a.json'.length;
  view.setUint32(22, 10, true);
  view.setUint32(directory + 24, 10, true);
  for (const { bytes } of unpacked({ name: 'z', bytes: zip })) expect(bytes.length).toBeLessThanOrEqual(10);
});

test('a damaged zip says so, and damaged files in it are empty', () => {
  const zip = zipSync({ 'a.json': strToU8('{"a":1}'.repeat(50)), 'b.json': strToU8('{}') });
  expect(() => [...unpacked({ name: 'z.zip', bytes: zip.subarray(0, 60) })]).toThrow('z.zip');
  const damaged = zip.slice();
  damaged.fill(0xff, 36, 42);
  const found = [...unpacked({ name: 'z', bytes: damaged })];
  expect(found.map(({ name }) => name)).toEqual(['a.json', 'b.json']);
  expect(found[1]?.bytes).toEqual(strToU8('{}'));
});

test('another file passes through as it is', () => {
  const file = { name: 'a', bytes: strToU8('{') };
  expect([...unpacked(file)]).toEqual([file]);
});
