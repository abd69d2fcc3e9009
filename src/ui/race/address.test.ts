// A link to a race is that race, also with a program of one's own in it.
import { expect, test } from 'vitest';
import { fromFragment, toFragment } from './address.ts';

const WORKLOADS = ['syscall', 'own'];
const TECHNIQUES = ['bare', 'naive', 'vmx'];

test('a race comes back from its address as it was', () => {
  const entry = { workload: 'own', techniques: ['bare', 'vmx'], source: "mov al, '&' ; + 100 % = 終\n\thlt" };
  expect(fromFragment(toFragment(entry), WORKLOADS, TECHNIQUES)).toEqual(entry);
  const plain = { workload: 'syscall', techniques: ['naive'], source: null };
  expect(toFragment(plain)).toBe('#workload=syscall&techniques=naive');
  expect(fromFragment(toFragment(plain), WORKLOADS, TECHNIQUES)).toEqual(plain);
});

test('an address that names no race of ours is none', () => {
  expect(fromFragment('#text', WORKLOADS, TECHNIQUES)).toBeNull();
  expect(fromFragment('#workload=nothing&techniques=bare', WORKLOADS, TECHNIQUES)).toBeNull();
  expect(fromFragment('#workload=syscall&techniques=magic', WORKLOADS, TECHNIQUES)).toBeNull();
});
