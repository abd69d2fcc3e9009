/** `strata asm`: assembles a source file. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { assembleS370 } from '../assembler/s370/assemble.ts';
import { formatDiagnostic, type Diagnostic } from '../base/diagnostics.ts';
import { hex } from '../base/bits.ts';
import { oneFile, onlyS370, parse, readText, reasonOf } from './arguments.ts';
import { OK, RunFailed } from './failure.ts';
import type { Output } from './output.ts';

/** COPY members and macros stand beside the source or in `macros` next to its folder, in lower or upper case. */
export const copyBeside =
  (file: string) =>
  (name: string): string | null => {
    const folders = [dirname(file), join(dirname(file), '..', 'macros')];
    const files = [name.toLowerCase(), name].flatMap((member) =>
      ['.mac', '.copy', '.s'].map((suffix) => member + suffix),
    );
    const found = folders.flatMap((folder) => files.map((each) => join(folder, each))).find(existsSync);
    return found === undefined ? null : readFileSync(found, 'utf8');
  };

/** The mistakes as lines for standard error, warnings too. */
export const complaints = (diagnostics: readonly Diagnostic[]): string =>
  diagnostics.map(formatDiagnostic).join('\n');

export function asm(argv: readonly string[], out: Output): number {
  const { values, positionals } = parse({
    args: [...argv],
    allowPositionals: true,
    options: {
      isa: { type: 'string' },
      output: { type: 'string', short: 'o' },
      listing: { type: 'boolean' },
    },
  });
  onlyS370('--isa', values.isa);
  const file = oneFile(positionals, 'asm --isa s370 FILE.s [-o OUT] [--listing]');
  const assembly = assembleS370(readText(file), { file, copy: copyBeside(file) });
  if (values.listing) out.print(assembly.listing);
  if (!assembly.ok) throw new RunFailed(complaints(assembly.diagnostics));
  if (assembly.diagnostics.length > 0) out.warn(complaints(assembly.diagnostics));
  if (values.output !== undefined) {
    try {
      writeFileSync(values.output, assembly.bytes);
    } catch (error) {
      throw new RunFailed(`${values.output}: ${reasonOf(error)}`);
    }
  }
  if (!values.listing)
    out.print(
      `origin ${hex(assembly.origin, 6)}  length ${assembly.bytes.length}  entry ${hex(assembly.entry, 6)}\n`,
    );
  return OK;
}
