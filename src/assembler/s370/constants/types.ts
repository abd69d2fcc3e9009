/** Types of constants: lengths and boundaries (GC28-6514 and GC33-4010, "DC", summary of constants). */

export type ConstantType = 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'H' | 'L' | 'P' | 'S' | 'V' | 'X' | 'Y' | 'Z';

export interface TypeRule {
  /** Boundary in bytes, unless a length is given explicitly. */
  readonly alignment: 1 | 2 | 4 | 8;
  /** Bytes; null: as many as the nominal value needs. */
  readonly length: number | null;
  /** Most bytes that a length modifier may ask for in DC. */
  readonly longest: number;
  /** Values between apostrophes, or expressions in parentheses. */
  readonly nominal: 'text' | 'expressions';
}

const rule = (
  alignment: TypeRule['alignment'],
  length: number | null,
  longest: number,
  nominal: TypeRule['nominal'],
): TypeRule => ({ alignment, length, longest, nominal });

export const TYPE_RULES: Readonly<Record<ConstantType, TypeRule>> = {
  A: rule(4, 4, 4, 'expressions'),
  B: rule(1, null, 256, 'text'),
  C: rule(1, null, 256, 'text'),
  D: rule(8, 8, 8, 'text'),
  E: rule(4, 4, 8, 'text'),
  F: rule(4, 4, 8, 'text'),
  H: rule(2, 2, 8, 'text'),
  L: rule(8, 16, 16, 'text'),
  P: rule(1, null, 16, 'text'),
  S: rule(2, 2, 2, 'expressions'),
  V: rule(4, 4, 4, 'expressions'),
  X: rule(1, null, 256, 'text'),
  Y: rule(2, 2, 2, 'expressions'),
  Z: rule(1, null, 16, 'text'),
};

export const isConstantType = (letter: string): letter is ConstantType => Object.hasOwn(TYPE_RULES, letter);
