/** `strata run --under timesharing`: programs of many users from the command line. */
import { expect, test } from 'vitest';
import { at } from '../build/paths.mjs';
import { file, strata } from './testing.ts';

const user = (name: string): string => at(`labs/+shared/s370/users/${name}.s`);

test('tells of each process what it did and what it cost', async () => {
  const under =
    'timesharing:discipline=ctss:memory=swap:users=3:think=1:second=100ms:quantum=10ms:interactions=2';
  const { status, out } = await strata(
    'run',
    '--machine',
    's370',
    '--under',
    under,
    '--source',
    user('sum'),
    '--job',
    user('edit'),
    '--json',
  );
  expect(status).toBe(0);
  const { timesharing, console } = JSON.parse(out) as {
    console: string;
    timesharing: {
      processes: { program: string; exitCode: number; cycles: number }[];
      responses: { count: number };
    };
  };
  expect(console).toBe('SUM 1656438113\n');
  expect(timesharing.responses.count).toBe(6);
  expect(
    timesharing.processes.filter((p) => p.program === 'EDIT' && p.exitCode === 0 && p.cycles > 0),
  ).toHaveLength(6);
});

test.each([
  ['timesharing:discipline=lottery', 'there are fcfs, priority, round-robin, ctss, fair-share, cfs'],
  ['timesharing:colour=red', 'options are discipline'],
  ['timesharing:memory=lru:protection=keys', 'needs protection=dat'],
])('says what is wrong with %s', async (under, told) => {
  const { status, err } = await strata('run', '--under', under, '--source', user('sum'));
  expect(status).toBe(2);
  expect(err).toContain(told);
});

/** The shortest program first, as far as its size tells. */
const SMALLEST_FIRST = `function place(task, why, { quantum }) {
  return { rank: task.pages, quantum };
}`;
const USERS = 'timesharing:memory=swap:users=4:think=1:second=100ms:quantum=10ms:interactions=2';

test('runs a discipline of one’s own in the sandbox', async () => {
  const own = file(SMALLEST_FIRST);
  const { status, out } = await strata(
    ...['run', '--under', USERS, '--source', user('sum'), '--job', user('edit'), '--job', user('matrix')],
    ...['--discipline', own, '--json'],
  );
  expect(status).toBe(0);
  const { timesharing } = JSON.parse(out) as { timesharing: { responses: { count: number } } };
  expect(timesharing.responses.count).toBe(8);
});

test.each([
  ['function place() {\n  return { rank: 0 };\n}', 'quantum is no number'],
  ['function place() {\n  for (;;);\n}', 'line 1'],
  ['function place( {', 'SyntaxError'],
  ['const nothing = 1;', 'place'],
])('says what is wrong with a discipline: %j', async (source, told) => {
  const { status, err } = await strata(
    'run',
    '--under',
    USERS,
    '--source',
    user('sum'),
    '--discipline',
    file(source),
  );
  expect(status).not.toBe(0);
  expect(err).toContain(told);
});
