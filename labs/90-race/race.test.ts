// The race's own program: raced like any workload, and refused with the line where it cannot be assembled.
import { expect, test } from 'vitest';
import { NO_PACE } from '../../tests/no-pace.ts';
import { LabSession } from '../../src/session/session.ts';
import type { Measurement } from '../../src/protocol/session.ts';
import { toBase64url } from '../../src/base/base64url.ts';
import { workCycles } from '../../src/protocol/work.ts';
import { elfWith, SAYS_OK } from './testing.ts';
import race from './world.ts';

const setup = { workload: 'own', technique: 'bare', source: null, constants: {}, seed: 1 };
const open = () => new LabSession({ lab: '90-race', factory: race, pace: NO_PACE });

test.each(['bare', 'naive', 'translator'])(
  'the program that is there at first ends well under %s',
  async (technique) => {
    const session = open();
    await session.load({ ...setup, technique });
    expect(await session.measure()).toMatchObject({
      ok: false,
      failure: expect.stringContaining('not done') as string,
    });
    await session.run(null);
    expect(await session.measure()).toMatchObject({ technique, ok: true, failure: '' });
  },
);

test('a program that never says ok did not end well, and is shown with what it printed', async () => {
  const session = open();
  await session.load({ ...setup, source: 'mov al, 0\nout 0xf4, al\nhlt' });
  await session.run(null);
  expect((await session.measure()).failure).toBe('it printed "", without "ok" at the end of a line');
});

test('a source with an error is refused, with its line', async () => {
  const { ok, diagnostics } = await open().load({ ...setup, source: 'nop\nmov eax, nowhere_at_all' });
  expect({ ok, line: diagnostics[0]?.span.line }).toEqual({ ok: false, line: 2 });
});

test('a program of one’s own can be an ELF file, and is raced like any other', async () => {
  for (const technique of ['bare', 'translator', 'vmx']) {
    const session = open();
    expect(await session.load({ ...setup, technique, image: toBase64url(elfWith(SAYS_OK)) })).toMatchObject({
      ok: true,
    });
    await session.run(null);
    expect(await session.measure()).toMatchObject({ technique, ok: true });
  }
});

test('a file that is none for this machine is refused in words', async () => {
  const { diagnostics } = await open().load({ ...setup, image: toBase64url(elfWith(SAYS_OK, 62)) });
  expect(diagnostics[0]?.message).toBe('not for IA-32');
});

test('the machines of the eras differ in speed, and lack what came after them', async () => {
  const { machines = [] } = race.offer;
  expect(machines.map(({ techniques }) => techniques.includes('vmx'))).toEqual([
    false,
    false,
    false,
    true,
    true,
  ]);
  const session = open();
  const results: Measurement[] = [];
  const at = (machine: number) => ({ ...setup, options: { machine } });
  await session.survey([at(0), at(1)], (each) => results.push(each));
  const [first, second] = results.map(({ cycles }, k) => cycles / machines[k]!.frequency);
  expect(second).toBeLessThan(first!);
});

const ended = async (workload: string, technique: string) => {
  const session = open();
  await session.load({ ...setup, workload, technique });
  await session.run(null);
  return session.measure();
};

test('a container runs the very file that Varve runs, at the price of a process; what it has no device for, it says', async () => {
  const shared = await Promise.all(['process', 'container'].map((each) => ended('callret', each)));
  expect(shared.map(({ ok }) => ok)).toEqual([true, true]);
  const [process, container] = shared.map(workCycles);
  expect(container! / process!).toBeCloseTo(1, 1);
  expect((await ended('portio', 'container')).failure).toContain('/dev/port: no such file');
});

test('on Varve boot and shutdown are told apart from the program, which has all of the user mode', async () => {
  const { boot, program, ...whole } = await ended('callret', 'bare');
  const user = ({ ledger }: Pick<Measurement, 'ledger'>) =>
    (ledger ?? []).reduce((sum, row) => sum + (row.layer === 'guest-user' ? row.cycles : 0), 0);
  expect(user(boot!)).toBe(0);
  expect(user(program!)).toBe(user(whole));
  expect(boot!.cycles + program!.cycles).toBeLessThan(whole.cycles);
});

test('translation takes the same cycles however a run is cut, within an instruction that repeats as well', () => {
  const ends = [4e9, 50_001].map((slice) => {
    const { world } = race.create({ ...setup, workload: 'callret', technique: 'translator' });
    while (world!.run(slice).kind === 'budget');
    return [world!.clock, world!.instructions];
  });
  expect(ends[1]).toEqual(ends[0]);
});
