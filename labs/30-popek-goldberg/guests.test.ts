// The chapter's point: on the bare machine every guest ends well; under trap-and-emulate those that look where nothing
// traps do not, and the verdict says what they saw.
import { expect, test } from 'vitest';
import { PcWorld } from '../../src/worlds/pc/world.ts';
import factory from './world.ts';

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
