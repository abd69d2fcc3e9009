// The page about VT-x says what the processor's tables say, in both languages.
import { expect, test } from 'vitest';
import { vmxWords } from '../../site/reference/vmx-words.ts';
import { collectVmx } from './vmx.ts';

const { exits, fields, controls, checks, costs } = collectVmx();

test('exit reasons, fields and controls have the manual’s numbers', () => {
  expect(exits).toContainEqual({ number: 48, name: 'EPT_VIOLATION' });
  expect(fields).toContainEqual({
    encoding: 0x201a,
    name: 'EPT_POINTER',
    width: 64,
    kind: 'control',
    needs: 'vmx-ept',
  });
  expect(controls.find(({ name }) => name === 'HLT_EXITING')).toMatchObject({ word: 'primary', bit: 7 });
  expect(controls.find(({ name }) => name === 'SECONDARY')).toMatchObject({ word: 'primary', bit: 31 });
});

test('a control is there from the first model that allows it', () => {
  const since = (wanted: string) => controls.find(({ name }) => name === wanted)?.since;
  expect(since('HLT_EXITING')).toContain('Pentium 4');
  expect(since('EPT')).toContain('Nehalem');
  expect(since('UNRESTRICTED_GUEST')).toContain('Westmere');
  expect(since('GUEST_64')).toBeNull();
});

test('checks stand in the order in which they are made, and costs by model', () => {
  expect(checks.map(({ list }) => list)).toEqual(['controls', 'host', 'guest', 'link']);
  expect(checks[0]!.says[0]).toContain('pin-based controls');
  expect(costs.map(({ exit }) => exit)[0]).toBe(1931);
});

test('every exit reason and every control is explained in both languages, and nothing else', () => {
  for (const { exits: said, controls: told } of Object.values(vmxWords)) {
    expect(Object.keys(said).sort()).toEqual(exits.map(({ name }) => name).sort());
    expect(Object.keys(told).sort()).toEqual(controls.map(({ word, name }) => `${word} ${name}`).sort());
  }
});
