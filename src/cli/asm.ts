/** `strata asm`: assembles a source file. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Assembly } from '../assembler/core/assembly.ts';
import { assembleIa32 } from '../assembler/ia32/assemble.ts';
import { assembleS370 } from '../assembler/s370/assemble.ts';
import { formatDiagnostic, type Diagnostic } from '../base/diagnostics.ts';
import { hex } from '../base/bits.ts';
import { ADDRESS_DIGITS, isaOf, oneFile, parse, readText, reasonOf, type Isa } from './arguments.ts';
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

/** Files that an IA-32 source includes stand beside it. */
export const includedBeside =
  (file: string) =>
  (name: string): string | null => {
    const path = join(dirname(file), name);
    return existsSync(path) ? readFileSync(path, 'utf8') : null;
  };

const ASSEMBLERS: Readonly<Record<Isa, (source: string, file: string) => Assembly>> = {
  s370: (source, file) => assembleS370(source, { file, copy: copyBeside(file) }),
  ia32: (source, file) => assembleIa32(source, { file, include: includedBeside(file) }),
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
  const isa = isaOf(values.isa);
  const file = oneFile(positionals, 'asm --isa s370|ia32 FILE [-o OUT] [--listing]');
  const assembly = ASSEMBLERS[isa](readText(file), file);
  if (values.listing) out.print(assembly.listing());
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
      `origin ${hex(assembly.origin, ADDRESS_DIGITS[isa])}  length ${assembly.bytes.length}  entry ${hex(assembly.entry, ADDRESS_DIGITS[isa])}\n`,
    );
  return OK;
}
