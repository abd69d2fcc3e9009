/** What a check of VM entry is: a sentence of the manual and its test. The lists are in rules-*.ts, in the manual's order. */
import type { Cpu } from '../cpu.ts';
import type { AllowedControls } from './controls.ts';
import type { GuestMode } from './unit.ts';
import type { Vmcs } from './vmcs.ts';

/** What a check looks at. */
export interface Candidate {
  readonly cpu: Cpu;
  readonly vmcs: Vmcs;
  readonly mode: GuestMode;
  readonly allowed: AllowedControls;
}

export interface Rule<C = Candidate> {
  readonly says: string;
  readonly holds: (candidate: C) => boolean;
}

/** The first rule that is broken, or null. */
export const broken = <C>(rules: readonly Rule<C>[], candidate: C): Rule<C> | null =>
  rules.find((rule) => !rule.holds(candidate)) ?? null;

export const implies = (condition: boolean, consequence: () => boolean): boolean =>
  !condition || consequence();

/** A physical address that the processor has, at a multiple of `alignment`. */
export const addressGood = (cpu: Cpu, low: number, high: number, alignment: number): boolean =>
  (low & (alignment - 1)) === 0 && addressWithin(cpu, high);

/** With bit 48 of IA32_VMX_BASIC, addresses have no more than 32 bits. */
export const addressWithin = (_cpu: Cpu, high: number): boolean => high === 0;

export const patGood = (low: number, high: number): boolean =>
  [low, high].every((word) =>
    [0, 8, 16, 24].every((shift) => [0, 1, 4, 5, 6, 7].includes((word >>> shift) & 0xff)),
  );
