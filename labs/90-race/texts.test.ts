// The page enters what it has names for: whatever the engine offers must have one, in both languages.
import { expect, test } from 'vitest';
import { texts } from './view/texts.ts';
import race from './world.ts';

test.each(['en', 'ja'] as const)('every workload and technique can be entered (%s)', (locale) => {
  const { workloads = {}, techniques = {} } = texts[locale];
  expect(Object.keys(workloads).sort()).toEqual([...race.offer.workloads].sort());
  expect(Object.keys(techniques).sort()).toEqual([...race.offer.techniques].sort());
});
