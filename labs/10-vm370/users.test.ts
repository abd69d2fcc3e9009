// Three users under one CP: each guest reaches its result while they share the processor, and the frames tell them apart.
import { expect, test } from 'vitest';
import type { S370World } from '../../src/worlds/s370/world.ts';
import type { StrataSegment, View } from '../../src/protocol/frame.ts';
import { guestNamed } from '../+shared/s370/guests.ts';
import factory from './world.ts';

const VIEW: View = {
  parts: ['tasks', 'terminals'],
  subject: '',
  storageAt: 0,
  storageLength: 0,
  walk: null,
  strataWindow: null,
  strataCycles: 0,
  strataGrain: 0,
  events: 0,
};
const setupFor = (technique: string) => ({
  workload: 'users',
  technique,
  source: null,
  constants: {},
  seed: 1,
});

test.each(['cp', 'cp-ecps', 'cp-paged'])(
  'under %s all three end as they should',
  { timeout: 60_000 },
  (each) => {
    const setup = setupFor(each);
    const world = factory.create(setup).world as S370World;
    const segments: StrataSegment[] = [];
    world.observe({ segment: (segment) => void segments.push(segment), event: () => undefined });
    const lines = [...guestNamed('parley').typed];
    const others = (): boolean => ['BOB', 'CAROL'].some((name) => stateOf(name) !== 'cp-mode');
    const stateOf = (name: string) => world.parts(VIEW).tasks!.find((task) => task.name === name)!.state;
    let served = 0;
    while (world.clock < 3e9 && !world.guestEnd) {
      world.run(200_000);
      if (lines.length === 0 || !world.parts(VIEW).terminals![0]!.wantsInput) continue;
      if (others()) served++;
      world.input({ kind: 'type', terminal: '009', text: lines.shift()! });
    }
    expect(world.guestEnd?.failure).toBe('');
    expect(factory.verdict(world, setup)).toBe('');
    // Alice was not made to wait for the others to finish.
    expect(served).toBeGreaterThan(0);
    const [alice] = world.parts(VIEW).terminals!;
    expect(
      guestNamed('parley').expectations.every((e) => e.kind !== 'console' || alice!.text.includes(e.text)),
    ).toBe(true);
    const rows = new Set(segments.map(({ layer }) => layer));
    expect([...rows].filter((layer) => layer.startsWith('guest-')).sort()).toEqual(
      expect.arrayContaining(['guest-kernel@BOB', 'guest-kernel@CAROL', 'guest-user@ALICE']),
    );
    expect([...rows]).not.toContain('guest-user');
    expect(world.machine.ledger.total).toBe(world.clock);
  },
);

test('on the bare machine there is room for one only, so it is not offered', () => {
  expect(() => factory.create(setupFor('bare'))).toThrow('users is offered under cp, cp-assist');
});
