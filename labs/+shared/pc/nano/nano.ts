/** Nanobenchmarks: what one privileged operation costs a kernel, bare or under a monitor. */
import source from './nano.asm?raw';
import type { Model } from '../../../../src/machines/pc/models/classes.ts';
import type { PcMonitorName } from '../../../../src/worlds/pc/monitors/table.ts';
import { flatWorld } from '../flat.ts';
import { printedBy } from '../varve-world.ts';

/** In the order of the paper's figure 5. */
export const OPERATIONS = ['syscall', 'in', 'cr8wr', 'callret', 'pgfault', 'divzero', 'ptemod'] as const;
export type Operation = (typeof OPERATIONS)[number];

const ROUNDS = 1000;
/** Far more than any monitor needs. */
const LIMIT = 4e9;

/** Cycles of one operation each, without the loop around it; a string says how the guest went wrong. */
export function nanobenchmarks(model: Model, under?: PcMonitorName): Record<Operation, number> | string {
  const { world, assembly } = flatWorld(source, {}, { under, model });
  if (!world) return assembly.diagnostics[0]?.message ?? 'the source has errors';
  const stop = world.run(LIMIT);
  const text = printedBy(world);
  return operationsIn(text) ?? `${stop.kind} after ${JSON.stringify(text)}`;
}

/** The same from what the guest has printed; null unless it came to its end. */
export function operationsIn(text: string): Record<Operation, number> | null {
  if (!text.includes('nano: ok')) return null;
  const cycles = (name: string): number => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
  const loop = cycles('loop');
  const each = OPERATIONS.map((name) => [name, (cycles(name) - loop) / ROUNDS] as const);
  return Object.fromEntries(each) as Record<Operation, number>;
}
