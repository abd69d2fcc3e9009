import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MODELS } from '../../../../src/machines/pc/models.ts';
import { flatWorld } from '../flat.ts';

const source = readFileSync(new URL('hypervisor.s', import.meta.url), 'utf8');

test.each(MODELS.filter(({ vmx }) => vmx))('the small hypervisor runs its guest on $id', (model) => {
  const { world } = flatWorld(source, {}, { model });
  expect(world!.run(5e6)).toEqual({ kind: 'exit', code: 1 });
  expect(world!.machine.chipset.com1.text).toBe('STRATA GUEST\nguest halted\n');
});

test('it goes on as before from a state saved while the guest runs', () => {
  const whole = flatWorld(source, {}, { model: MODELS.find(({ id }) => id === 'skylake')! }).world!;
  while (!whole.machine.cpu.guest) whole.step();
  const state = structuredClone(whole.save());
  const other = flatWorld(source, {}, { model: MODELS.find(({ id }) => id === 'skylake')! }).world!;
  other.restore(state);
  expect(other.machine.cpu.guest).toEqual(whole.machine.cpu.guest);
  for (const world of [whole, other]) world.run(5e6);
  expect(other.machine.chipset.com1.text).toBe('STRATA GUEST\nguest halted\n');
  expect(other.clock).toBe(whole.clock);
});
