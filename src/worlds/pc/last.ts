/** How a guest came to where it is, in words: the last instructions and the chain of exceptions. */
import { writtenIa32 } from '../../assembler/ia32/disassemble.ts';
import { hex } from '../../base/bits.ts';
import { EXCEPTIONS, PF } from '../../machines/pc/exceptions.ts';
import type { Pc } from '../../machines/pc/machine.ts';
import type { Delivery } from '../../machines/pc/trail.ts';

const INSTRUCTIONS = 16;
const place = (selector: number, eip: number): string => `${hex(selector, 4)}:${hex(eip)}`;

/** Address and text of each, oldest first. */
export const lastInstructions = (pc: Pc, count = INSTRUCTIONS): string[] =>
  pc.cpu.trail
    .steps(count)
    .map(
      ({ selector, eip, code32, instruction }) =>
        `${place(selector, eip)}  ${writtenIa32(instruction, eip, code32 ? 32 : 16)}`,
    );

function told({ vector, kind, error, selector, eip, cr2 }: Delivery): string {
  const [mnemonic, title] = EXCEPTIONS[vector] ?? [`vector ${hex(vector, 2)}`, kind];
  const code = error >= 0 ? `, error code ${hex(error, 4)}` : '';
  const address = vector === PF ? `, address ${hex(cr2)}` : '';
  return `${mnemonic} ${title} at ${place(selector, eip)}${code}${address}`;
}

/** The exceptions of the last instruction that had any: each of a chain was met while the one before was delivered. */
export function exceptionChain(pc: Pc): string[] {
  const { exceptions } = pc.cpu.trail;
  const last = exceptions.at(-1);
  return exceptions.filter((each) => each.instructions === last?.instructions).map(told);
}
