/** Instruction lines with random operands, made from the table, in the spelling of this assembler and of GNU as. */
import type { Random } from '../../../src/base/random.ts';
import { seededRandom } from '../../../src/base/random.ts';
import { hex } from '../../../src/base/bits.ts';
import { EXTENDED_MNEMONICS } from '../../../src/assembler/s370/extended-mnemonics.ts';
import { operandSpecs, type OperandSpec } from '../../../src/assembler/s370/operand-specs.ts';
import type { Row } from '../../../src/machines/s370/instructions/row.ts';
import { S370_INSTRUCTIONS } from '../../../src/machines/s370/instructions/table.ts';

export interface Line {
  readonly ours: string;
  readonly gnu: string;
}

const SEED = 370;
const PER_INSTRUCTION = 3;

const longest = (field: string): number => (field === 'L' ? 256 : 16);

/** General registers, even ones where a pair is meant; extended floating-point numbers live in 0 and 4 alone. */
type Registers = 'any' | 'even' | 'floating';

function registersOf({ opcode, writes }: Row): Registers {
  const group = opcode >> 4;
  if (opcode < 0x100 && (group === 2 || group === 3 || group === 6 || group === 7)) return 'floating';
  return writes?.includes('pair') ? 'even' : 'any';
}

/** One operand, ours and GNU's: they differ in how hexadecimal numbers are written. */
function operand(spec: OperandSpec, registers: Registers, random: Random): readonly [string, string] {
  if (spec.kind === 'immediate') {
    const most = spec.field === 'I3' ? 10 : 256;
    const value = random.below(most);
    return [most === 10 ? `${value}` : `X'${hex(value, 2)}'`, `${value}`];
  }
  if (spec.kind !== 'storage') {
    const value = { any: random.below(16), even: 2 * random.below(8), floating: 4 * random.below(2) }[
      registers
    ];
    return [`${value}`, `${value}`];
  }
  const displacement = random.below(4096);
  const base = 1 + random.below(15);
  const inner = spec.modifier?.startsWith('L')
    ? `${1 + random.below(longest(spec.modifier))},${base}`
    : spec.modifier === null
      ? `${base}`
      : `${random.below(16)},${base}`;
  return [`${displacement}(${inner})`, `${displacement}(${inner})`];
}

/** The same lines on every run: the seed is fixed. */
export function conformanceLines(): Line[] {
  const random = seededRandom(SEED);
  const lines: Line[] = [];
  const add = (mnemonic: string, specs: readonly OperandSpec[], registers: Registers): void => {
    for (let i = 0; i < (specs.length === 0 ? 1 : PER_INSTRUCTION); i++) {
      const operands = specs.map((spec) => operand(spec, registers, random));
      lines.push({
        ours: `${mnemonic} ${operands.map(([ours]) => ours).join(',')}`.trim(),
        gnu: `${mnemonic.toLowerCase()} ${operands.map(([, gnu]) => gnu).join(',')}`.trim(),
      });
    }
  };
  for (const row of S370_INSTRUCTIONS) add(row.mnemonic, operandSpecs(row.operands), registersOf(row));
  for (const [name, { base }] of EXTENDED_MNEMONICS)
    add(name, operandSpecs(base === 'BC' ? 'D2(X2,B2)' : 'R2'), 'any');
  return lines;
}
