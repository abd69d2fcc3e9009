/** `strata translate`: what the binary translator makes of a kernel's code. */
import { assembleIa32 } from '../assembler/ia32/assemble.ts';
import { hex } from '../base/bits.ts';
import { DEFAULT_MODEL } from '../machines/pc/models.ts';
import { translatedSnippet, type UnitView } from '../worlds/pc/translation-view.ts';
import { oneFile, parse, readText } from './arguments.ts';
import { complaints, includedBeside } from './asm.ts';
import { OK, RunFailed } from './failure.ts';
import { columns, type Output } from './output.ts';

/** The code is translated in a processor whose memory ends here. */
const END = 0x100000;

/** What is checked where indirect jumps enter, then each instruction beside the code that stands for it. */
function report({ address, guest, code, exits }: UnitView): string {
  const entered = code.slice(0, guest[0]?.from ?? code.length);
  const rows = [
    ...entered.map(({ text }) => ['', '', '', text]),
    ...guest.flatMap(({ address: at, text, treatment, from, to }) =>
      code
        .slice(from, to)
        .map((line, k) => (k === 0 ? [hex(at), text, treatment, line.text] : ['', '', '', line.text])),
    ),
  ];
  const leads = exits.length > 0 ? `, leads to ${exits.map(({ target }) => hex(target)).join(' ')}` : '';
  return `unit at ${hex(address)}, instructions: ${guest.length}${leads}\n${columns(rows)}`;
}

export function translate(argv: readonly string[], out: Output): number {
  const { values, positionals } = parse({
    args: [...argv],
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  });
  const file = oneFile(positionals, 'translate FILE.asm [--json]');
  const source = readText(file);
  const { ok, diagnostics, bytes, origin } = assembleIa32(source, {
    file,
    include: includedBeside(file),
  });
  if (!ok) throw new RunFailed(complaints(diagnostics));
  if (origin + bytes.length > END)
    throw new RunFailed(`${file}: reaches to ${hex(origin + bytes.length)}; ORG it so that it ends below 1M`);
  const units = translatedSnippet(DEFAULT_MODEL, bytes, origin);
  out.print(values.json ? `${JSON.stringify(units)}\n` : units.map(report).join('\n'));
  return OK;
}
