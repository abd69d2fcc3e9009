// The race's own program: raced like any workload, and refused with the line where it cannot be assembled.
import { expect, test } from 'vitest';
import { NO_PACE } from '../../tests/no-pace.ts';
import { LabSession } from '../../src/session/session.ts';
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
