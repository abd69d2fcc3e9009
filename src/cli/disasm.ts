/** `strata disasm`: prints the bytes of a file as instructions. */
import { disassembleIa32 } from '../assembler/ia32/disassemble.ts';
import { disassembleS370 } from '../assembler/s370/disassemble.ts';
import { hex, hexBytes } from '../base/bits.ts';
import { ADDRESS_DIGITS, address, isaOf, oneFile, parse, readBytes, type Isa } from './arguments.ts';
import { BadArguments, OK } from './failure.ts';
import type { Output } from './output.ts';

/** Bytes as the manuals group them: in halfwords, or one by one. */
const PRINTED: Readonly<Record<Isa, RegExp>> = { s370: /(.{4})(?=.)/g, ia32: /(.{2})(?=.)/g };
const WIDTH: Readonly<Record<Isa, number>> = { s370: 14, ia32: 23 };

export function disasm(argv: readonly string[], out: Output): number {
  const { values, positionals } = parse({
    args: [...argv],
    allowPositionals: true,
    options: {
      isa: { type: 'string' },
      at: { type: 'string', default: '0' },
      bits: { type: 'string', default: '32' },
    },
  });
  const isa = isaOf(values.isa);
  const bits = values.bits === '16' ? 16 : 32;
  if (values.bits !== String(bits)) throw new BadArguments(`--bits ${values.bits}: there are 16 and 32`);
  const bytes = readBytes(oneFile(positionals, 'disasm --isa s370|ia32 FILE [--at HEXADDR] [--bits 16|32]'));
  const start = address(values.at, '--at', isa);
  const lines: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const { text, length } =
      isa === 's370' ? disassembleS370(bytes, at) : disassembleIa32(bytes, at, { address: start + at, bits });
    const code = hexBytes(bytes.subarray(at, at + length)).replace(PRINTED[isa], '$1 ');
    lines.push(`${hex(start + at, ADDRESS_DIGITS[isa])}  ${code.padEnd(WIDTH[isa])}  ${text}`);
    at += length;
  }
  out.print(lines.map((line) => `${line}\n`).join(''));
  return OK;
}
