/** What an exercise, or a setup, says of the limits of the first container, and what they are otherwise. */
import type { Setup } from '../../src/protocol/frame.ts';
import type { Limits } from '../../src/os/containers/host.ts';

const USUAL = { memory: 1024, pids: 16, weight: 100 } as const;

/** @param setup its options: `memory` in kilobytes, `pids`, `weight` */
export function limitsOf({ options = {} }: Pick<Setup, 'options'>): Limits {
  const number = (name: keyof typeof USUAL): number => {
    const given = options[name];
    return typeof given === 'number' && given > 0 ? Math.floor(given) : USUAL[name];
  };
  return { memory: number('memory') * 1024, pids: number('pids'), weight: number('weight') };
}
