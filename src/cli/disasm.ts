/** `strata disasm`: prints the bytes of a file as instructions. */
import { disassembleS370 } from '../assembler/s370/disassemble.ts';
import { hex, hexBytes } from '../base/bits.ts';
import { address, oneFile, onlyS370, parse, readBytes } from './arguments.ts';
import { OK } from './failure.ts';
import type { Output } from './output.ts';

export function disasm(argv: readonly string[], out: Output): number {
  const { values, positionals } = parse({
    args: [...argv],
    allowPositionals: true,
    options: { isa: { type: 'string' }, at: { type: 'string', default: '0' } },
  });
  onlyS370('--isa', values.isa);
  const bytes = readBytes(oneFile(positionals, 'disasm --isa s370 FILE [--at HEXADDR]'));
  const start = address(values.at, '--at');
  const lines: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const { text, length } = disassembleS370(bytes, at);
    const code = hexBytes(bytes.subarray(at, at + length)).replace(/(.{4})(?=.)/g, '$1 ');
    lines.push(`${hex(start + at, 6)}  ${code.padEnd(14)}  ${text}`);
    at += length;
  }
  out.print(lines.map((line) => `${line}\n`).join(''));
  return OK;
}
