// A guest that cannot go on has ended at the cycle at which it could not, however its run was cut into slices.
import { expect, test } from 'vitest';
import { flatWorld } from '../../../labs/+shared/pc/flat.ts';
import { WESTMERE } from '../../machines/pc/models/westmere.ts';
import type { PcMonitorName } from './monitors/table.ts';

/** The timer ticks some 18 times a second: the machine itself would go on for ever. */
const TIMER = 'mov al, 0x36\nout 0x43, al\nmov al, 0\nout 0x40, al\nout 0x40, al\nmov al, 0xfe\nout 0x21, al';
const ENDS = {
  'halts with interrupts off': `${TIMER}\nmov ecx, 1000\nagain: loop again\ncli\nhlt`,
  'has no handler for its exception': `${TIMER}\nmov ecx, 1000\nagain: loop again\nxor eax, eax\ndiv eax`,
};
type End = keyof typeof ENDS;

/** At what cycle it stopped, and why; a run that goes on for ever is no end. */
function endOf(end: End, under: PcMonitorName | undefined, slice: number): unknown {
  const { world } = flatWorld(ENDS[end], {}, { under, model: WESTMERE });
  if (!world) throw new Error('the source has errors');
  while (world.clock < 2e7) {
    const stop = world.run(slice);
    if (stop.kind !== 'budget') return { ...stop, clock: world.clock };
  }
  return 'none';
}

test.each(
  (Object.keys(ENDS) as End[]).flatMap((end) =>
    (['bare', 'naive', 'translator', 'vmx'] as const).map((technique) => [end, technique] as const),
  ),
)('a guest that %s, %s', (end, technique) => {
  const under = technique === 'bare' ? undefined : technique;
  const ends = [777, 50_000, 1e7].map((slice) => endOf(end, under, slice));
  const kind = expect.stringMatching(end.startsWith('halts') ? 'wait' : 'check|shutdown') as string;
  expect(ends[0]).toMatchObject({ kind });
  expect(ends[1]).toEqual(ends[0]);
  expect(ends[2]).toEqual(ends[0]);
});
