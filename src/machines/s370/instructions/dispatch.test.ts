// The processor calls a few instructions by name: they must be the ones that the table names.
import { expect, test } from 'vitest';
import { branchOnCondition, branchOnCount } from './branching.ts';
import { rowAt } from './dispatch.ts';
import { add, load, loadAddress, store } from './general.ts';

test.each([
  [0x41, loadAddress],
  [0x46, branchOnCount],
  [0x47, branchOnCondition],
  [0x50, store],
  [0x58, load],
  [0x5a, add],
])('operation code %i is what the loop calls for it, and is not privileged', (opcode, execute) => {
  expect(rowAt(opcode, 0)).toMatchObject({ execute });
  expect(rowAt(opcode, 0)?.privileged).toBeUndefined();
});
