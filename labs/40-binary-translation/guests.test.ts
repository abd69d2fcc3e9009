// The chapter's point: the same kernels end under translation as on the bare machine, and what its buttons stop at is there.
import { expect, test } from 'vitest';
import { NO_PACE } from '../../tests/no-pace.ts';
import { LabSession } from '../../src/session/session.ts';
import { PcWorld } from '../../src/worlds/pc/world.ts';
import type { Frame, View } from '../../src/protocol/frame.ts';
import factory from './world.ts';

const VIEW: View = {
  parts: ['units', 'code', 'translation', 'ledger'],
  subject: '',
  storageAt: 0,
  storageLength: 0,
  walk: null,
  strataWindow: null,
  strataCycles: 0,
  strataGrain: 0,
  events: 0,
};
const FLAT = ['popf', 'kinds', 'rings', 'tables', 'patch', 'own'];

async function session(workload: string, technique = 'translator'): Promise<LabSession> {
  const lab = new LabSession({ lab: '40-binary-translation', factory, pace: NO_PACE });
  await lab.load({ workload, technique, source: null, constants: {}, seed: 1 });
  await lab.view(VIEW);
  return lab;
}

function ended(workload: string, technique: string): { verdict: string; clock: number } {
  const setup = { workload, technique, source: null, constants: {}, seed: 1 };
  const { world } = factory.create(setup);
  if (!(world instanceof PcWorld)) throw new Error(`${workload} could not be built`);
  world.run(1e7);
  return { verdict: factory.verdict(world, setup), clock: world.clock };
}

/** The instruction of the guest that comes next. */
const nextIn = ({ code }: Frame): string =>
  code!.lines.find(({ address }) => address === code!.instructionAddress)!.text;

test.each(FLAT)('%s ends well on the bare machine and under every translation', (workload) => {
  const techniques = factory.offer.techniques.filter((technique) => technique !== 'naive');
  const verdicts = techniques.map((technique) => ended(workload, technique).verdict);
  expect(verdicts).toEqual(techniques.map(() => ''));
});

test('of the kernels that the naive monitor fails, translation fails none', () => {
  expect(ended('popf', 'naive').verdict).toMatch(/WRONG/);
  expect(ended('kinds', 'naive').verdict).toMatch(/GDT [0-9a-f]{8} WRONG/);
});

test('each strategy is worth something where the chapter says so', () => {
  const { clock } = ended('kinds', 'translator');
  expect(ended('kinds', 'translator-unchained').clock).toBeGreaterThan(1.05 * clock);
  expect(ended('kinds', 'translator-hosted').clock).toBeGreaterThan(2 * clock);
  expect(ended('tables', 'translator-rigid').clock).toBeGreaterThan(
    1.2 * ended('tables', 'translator').clock,
  );
  // One address space, whose pages the guest invalidates one by one: nothing to keep, and no trace to pay for.
  expect(ended('tables', 'translator-single').clock).toBe(ended('tables', 'translator').clock);
  expect(ended('tables', 'translator-untraced').clock).toBeLessThan(ended('tables', 'translator').clock);
});

test('more than 95 % of the instructions of a program that computes are executed directly', () => {
  const ran = (technique: string): PcWorld => {
    const setup = { workload: 'compute', technique, source: null, constants: {}, seed: 1 };
    const { world } = factory.create(setup);
    if (!(world instanceof PcWorld)) throw new Error('compute could not be built');
    world.run(1e8);
    expect(factory.verdict(world, setup)).toBe('');
    return world;
  };
  const { ledger } = ran('translator').parts(VIEW);
  const direct = ledger!.find(({ layer, reason }) => layer === 'guest-user' && reason === 'direct')!;
  // The bare machine counts the guest's own instructions, without what translation adds.
  expect(direct.count / ran('bare').instructions).toBeGreaterThan(0.95);
});

test('the buttons stop at the instructions that they name', async () => {
  const stops: string[] = [];
  for (const [workload, address] of [
    ['popf', 0x100052],
    ['rings', 0x100017],
    ['rings', 0x10006e],
    ['kinds', 0x100015],
  ] as const) {
    const lab = await session(workload);
    stops.push(nextIn(await lab.runToAddress(address)));
  }
  expect(stops).toEqual(['popf', 'mov ds, ax', 'mov ecx, 0x64', 'pushf']);
});

test('one round later the way out of the loop’s first unit is chained', async () => {
  const lab = await session('kinds');
  const chained = ({ units }: Frame) => units!.unit!.exits.map((exit) => exit.chained);
  expect(chained(await lab.runToAddress(0x100015))).toEqual([false]);
  expect(chained(await lab.runToAddress(0x100015))).toEqual([true]);
});

test('a program runs directly, and its system call is answered by translated code', async () => {
  const lab = await session('rings');
  const direct = await lab.runToAddress(0x10006e);
  expect([direct.units!.running, direct.units!.next]).toEqual(['direct', -1]);
  const kernel = await lab.runToEvent('translate');
  expect([kernel.units!.running, nextIn(kernel)]).toEqual(['translated', 'mov bx, 0x10']);
});

test('the window’s shadow entry goes when the guest’s entry changes, and comes back when it is looked at', async () => {
  const WINDOW = 0x300000;
  const lab = await session('tables');
  const shadowed = ({ translation }: Frame): number | undefined =>
    translation!.tables
      .find(({ title }) => title === 'shadow')!
      .rows.find(({ virtual }) => virtual === WINDOW)?.real ?? undefined;
  expect(shadowed(await lab.runToEvent('trace'))).toBeUndefined();
  expect(shadowed(await lab.runToEvent('shadow-fault'))).toBe(0x310000);
  const adapted = await lab.runToEvent('adapt');
  expect(adapted.stop.kind).toBe('paused');
});

test('code that was stored into is dropped', async () => {
  const lab = await session('patch');
  const { stop, units } = await lab.runToEvent('drop');
  expect([stop.kind, units!.running]).toEqual(['paused', 'translated']);
});

test('hosted, each character is worked by the host', async () => {
  const hosts = async (technique: string): Promise<number> => {
    const lab = await session('kinds', technique);
    await lab.run(null);
    const { ledger } = await lab.view(VIEW);
    return ledger!.find(({ layer }) => layer === 'host')?.count ?? 0;
  };
  expect([await hosts('translator'), await hosts('translator-hosted')]).toEqual([0, 42]);
});
