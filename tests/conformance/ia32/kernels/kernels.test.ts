// Kernels print here what they print under QEMU, and a run leaves the same traces however it is cut.
import { describe, expect, test } from 'vitest';
import { MODELS } from '../../../../src/machines/pc/models.ts';
import { boot, kernelCalled, KERNELS, runToEnd } from './kernels.ts';

describe.each(KERNELS)('$name', (kernel) => {
  test('prints what it prints under QEMU, but for what the manual says otherwise', () => {
    const pc = boot(kernel);
    expect(runToEnd(pc)).toEqual({ kind: 'exit', code: 1 });
    expect(pc.chipset.com1.text).toBe(kernel.printed);
    expect(pc.ledger.total).toBe(pc.clock);
  });
});

test('a run is the same to the cycle whether it is cut into slices or not', () => {
  const ends = [1e9, 9973, 211].map((slice) => {
    const pc = boot(kernelCalled('tasks'));
    runToEnd(pc, slice);
    return [pc.clock, pc.instructions, pc.ledger.rows()];
  });
  expect(ends[1]).toEqual(ends[0]);
  expect(ends[2]).toEqual(ends[0]);
});

test('a machine restored from a state goes on as the one that was saved', () => {
  const first = boot(kernelCalled('rings'));
  first.run(5_000_000);
  const state = first.save();
  const second = boot(kernelCalled('tasks'));
  second.run(1_000_000);
  second.restore(structuredClone(state));
  for (const pc of [first, second]) runToEnd(pc);
  expect(second.chipset.com1.text).toBe(kernelCalled('rings').printed);
  expect([second.clock, second.instructions]).toEqual([first.clock, first.instructions]);
  expect(second.ledger.rows()).toEqual(first.ledger.rows());
});

test('going back to a state undoes what was stored since', () => {
  const pc = boot(kernelCalled('paging'));
  pc.run(3_000_000);
  const state = pc.save();
  runToEnd(pc);
  const end = [pc.clock, pc.chipset.com1.text];
  pc.restore(state);
  runToEnd(pc);
  expect([pc.clock, pc.chipset.com1.text]).toEqual(end);
});

test('programs print the same on every model, in different times', () => {
  const kernel = kernelCalled('segments');
  const clocks = MODELS.map((model) => {
    const pc = boot(kernel, model);
    runToEnd(pc);
    expect(pc.chipset.com1.text).toBe(kernel.printed);
    return pc.clock;
  });
  // Some successors have the costs of their predecessors.
  const prices = new Set(MODELS.map(({ costs }) => JSON.stringify(costs)));
  expect(new Set(clocks).size).toBe(prices.size);
});
