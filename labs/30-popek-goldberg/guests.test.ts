// The chapter's point: on the bare machine every guest ends well; under trap-and-emulate those that look where nothing
// traps do not, and the verdict says what they saw.
import { expect, test } from 'vitest';
import { NO_PACE } from '../../tests/no-pace.ts';
import { en } from '../../src/ui/i18n/en.ts';
import { ja } from '../../src/ui/i18n/ja.ts';
import { LabSession } from '../../src/session/session.ts';
import { PcWorld } from '../../src/worlds/pc/world.ts';
import type { View } from '../../src/protocol/frame.ts';
import factory from './world.ts';

const VIEW: View = {
  parts: ['events', 'code'],
  subject: '',
  storageAt: 0,
  storageLength: 0,
  walk: null,
  strataWindow: null,
  strataCycles: 0,
  strataGrain: 0,
  events: 1000,
};

async function session(workload: string, technique: string): Promise<LabSession> {
  const lab = new LabSession({ lab: '30-popek-goldberg', factory, pace: NO_PACE });
  await lab.load({ workload, technique, source: null, constants: {}, seed: 1 });
  await lab.view(VIEW);
  return lab;
}

/** What the guest and the lab say at the end. */
function ended(workload: string, technique: string): { verdict: string; stop: string } {
  const setup = { workload, technique, source: null, constants: {}, seed: 1 };
  const { world } = factory.create(setup);
  if (!(world instanceof PcWorld)) throw new Error(`${workload} could not be built`);
  for (let k = 0; k < 300; k++) {
    const stop = world.run(1e6);
    if (stop.kind !== 'budget') return { verdict: factory.verdict(world, setup), stop: stop.kind };
  }
  throw new Error(`${workload} does not end under ${technique}`);
}

const finished = factory.offer.workloads.filter((workload) => workload !== 'shell');

test.each(finished)('%s ends well on the bare machine', (workload) => {
  expect(ended(workload, 'bare')).toEqual({ verdict: '', stop: 'exit' });
});

test('a kernel that uses only what traps ends well under the monitor too', () => {
  expect(ended('behaves', 'naive')).toEqual({ verdict: '', stop: 'exit' });
});

test('POPF loses the interrupt flag, and the guest waits for ever', () => {
  expect(ended('popf', 'naive')).toEqual({
    verdict: 'IF in the critical section: 00000001 WRONG; it waits for an interrupt that can never reach it',
    stop: 'wait',
  });
});

test.each([
  ['sgdt', /^GDTR [0-9a-f]{8} WRONG$/],
  ['smsw', /^SMSW +[0-9a-f]{8} WRONG$/],
  ['segments', /^MOV from CS 00000009 WRONG$/],
  ['syscall', /panic: interrupts are on in the scheduler, which turned them off/],
])('%s sees the monitor', (workload, complaint) => {
  expect(ended(workload, 'naive').verdict).toMatch(complaint);
});

test('a guest that switches the machine off is told as ended, with its code', async () => {
  const lab = await session('behaves', 'bare');
  await lab.run(null);
  expect((await lab.view(VIEW)).stop).toEqual({ kind: 'exit', code: 1 });
});

test('the lab stops at PUSHF, then at POPF, each with its line of the source', async () => {
  const lab = await session('popf', 'naive');
  const stops: unknown[] = [];
  for (let k = 0; k < 2; k++) {
    const { events, code } = await lab.runToEvent('silent');
    const last = events!.findLast(({ kind }) => kind === 'silent')!;
    const before = code!.lines.findLast(({ address }) => address < code!.instructionAddress)!;
    stops.push([last.detail['mnemonic'], last.line, before.text, before.line]);
  }
  const { source } = await lab.load({
    workload: 'popf',
    technique: 'naive',
    source: null,
    constants: {},
    seed: 1,
  });
  const lineOf = (text: string) => source.split('\n').findIndex((line) => line.includes(text)) + 1;
  const [look, restore] = [lineOf('look: are they off?'), lineOf('back to IF = 1')];
  expect(stops).toEqual([
    ['PUSHF', look, 'pushf', look],
    ['POPF', restore, 'popf', restore],
  ]);
});

test('a mistake in the source is told at its line', async () => {
  const loaded = factory.create({
    workload: 'popf',
    technique: 'bare',
    source: '        mov eax, ebx\n        movv eax\n',
    constants: {},
    seed: 1,
  });
  expect([loaded.world, loaded.loaded.diagnostics[0]?.span.line]).toEqual([null, 2]);
});

test('every cost constant that the lab offers has its words, and a dearer one makes the run longer', () => {
  const { constants } = factory.offer;
  for (const words of [en.costs, ja.costs])
    expect(Object.keys(words).sort()).toEqual(constants.map(({ name }) => name).sort());
  const cycles = (costs: Record<string, number>): number => {
    const setup = { workload: 'behaves', technique: 'bare', source: null, constants: costs, seed: 1 };
    const { world } = factory.create(setup);
    world!.run(1e8);
    return world!.clock;
  };
  const port = constants.find(({ name }) => name === 'port')!.value;
  expect(cycles({ port: 2 * port })).toBeGreaterThan(cycles({}) + 10 * port);
});
