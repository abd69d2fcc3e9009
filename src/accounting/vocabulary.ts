/**
 * The closed vocabulary of the ledger: who was executing (layer, level) and why the cycle was spent (reason).
 * Every chapter uses these words, so that overheads of different eras can stand on one meter.
 */

/** Bottom to top, as the strata diagram draws them. */
export const LAYERS = ['hardware', 'monitor', 'host', 'guest-kernel', 'guest-user'] as const;
export type Layer = (typeof LAYERS)[number];

export const REASONS = [
  'direct', // instructions of this layer executed by the processor itself
  'translated', // translated code, which the processor executes in place of this layer's
  'trap', // delivering an interruption or exception to the layer below
  'emulation', // doing for a guest what its trapped instruction asked
  'reflection', // delivering a virtual interruption to a guest
  'translation', // translating a guest's code, and finding translations
  'shadow', // upkeep of shadow translation tables
  'address-translation', // table walks after a miss in the translation buffer
  'paging', // bringing pages in and out
  'input-output', // translating and starting channel programs, driving devices
  'scheduling', // dispatcher and scheduler
  'command', // work at a terminal user's or operator's command
  'assist', // microcode doing the monitor's work
  'idle', // wait state
] as const;
export type Reason = (typeof REASONS)[number];

/** Monitors beneath the layer: 0 on the bare machine, 1 in a virtual machine, 2 under a monitor in a virtual machine. */
export const MAX_LEVEL = 5;

/** An account is a small integer that stands for (layer, level, reason). */
export type Account = number;

export function account(layer: Layer, reason: Reason, level = 0): Account {
  if (level > MAX_LEVEL) throw new Error(`level ${level} is deeper than ${MAX_LEVEL}`);
  return (level * LAYERS.length + LAYERS.indexOf(layer)) * REASONS.length + REASONS.indexOf(reason);
}

export const ACCOUNTS = (MAX_LEVEL + 1) * LAYERS.length * REASONS.length;

export const layerOf = (a: Account): Layer => LAYERS[Math.floor(a / REASONS.length) % LAYERS.length]!;
export const levelOf = (a: Account): number => Math.floor(a / (REASONS.length * LAYERS.length));
export const reasonOf = (a: Account): Reason => REASONS[a % REASONS.length]!;
