/** Conditions that stop a run between two units of operation. */
import type { World } from '../lab/world.ts';
import type { Breakpoints } from '../protocol/frame.ts';
import { hex } from '../base/bits.ts';
import type { Look } from './look.ts';

/** Asked after each unit: false to go on, true or the breakpoint's name to stop. */
export type Watch = () => boolean | string;

export const NO_BREAKPOINTS: Breakpoints = { addresses: [], events: [], storage: [], registers: [] };

/** True once an event of `kind` has been told. */
export function watchFor(look: Look, kind: string): Watch {
  const told = look.told;
  let before = told.get(kind) ?? 0;
  return () => {
    const now = told.get(kind) ?? 0;
    const happened = now !== before;
    before = now;
    return happened;
  };
}

/** The address of the next instruction; null in the midst of one, so that each is met once. */
export const nextInstruction = (world: World): number | null =>
  world.midInstruction ? null : world.instructionAddress('');

/** What watches for the breakpoints, or null when there are none. */
export function brokenBy(
  { addresses, events, storage, registers }: Breakpoints,
  world: World,
  look: Look,
): Watch | null {
  if (addresses.length + events.length + storage.length + registers.length === 0) return null;
  const byEvent = events.map((kind) => [kind, watchFor(look, kind)] as const);
  const contents = storage.map((at) => world.peek('', at, 1)[0]);
  const values = registers.map((name) => world.register(name));
  return () => {
    const at = addresses.length > 0 ? nextInstruction(world) : null;
    if (at !== null && addresses.includes(at)) return hex(at, 6);
    const event = byEvent.find(([, happened]) => happened() !== false);
    if (event) return event[0];
    const changed = storage.findIndex((address, i) => world.peek('', address, 1)[0] !== contents[i]);
    if (changed >= 0) return hex(storage[changed]!, 6);
    return registers.find((name, i) => world.register(name) !== values[i]) ?? false;
  };
}
