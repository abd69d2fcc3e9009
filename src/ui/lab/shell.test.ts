import { render } from 'svelte/server';
import { expect, test } from 'vitest';
import { connectFake } from '../fixtures/session.ts';
import LabShell from './LabShell.svelte';

test.each([
  ['en', 'The machine is switched off.'],
  ['ja', '模擬計算機の電源は入っていません。'],
] as const)('before a script runs the lab stands there, switched off (%s)', (locale, words) => {
  const { body } = render(LabShell, { props: { locale, lab: 'made', connect: connectFake } });
  expect(body).toContain(words);
  expect(body).toMatch(/<button[^>]*disabled[^>]*>/);
});
