/** `strata classify`: what every instruction of a machine is in the sense of Popek and Goldberg, found by experiment. */
import { classifyIa32, classifyS370, reasonOf, type Classified } from '../classifier/classify.ts';
import type { Evidence } from '../classifier/judge.ts';
import { MODELS } from '../machines/pc/models.ts';
import { isaOf, parse } from './arguments.ts';
import { BadArguments, OK } from './failure.ts';
import { columns, type Output } from './output.ts';

const OPTIONS = {
  isa: { type: 'string' },
  cpu: { type: 'string', default: 'pentium' },
  json: { type: 'boolean', default: false },
} as const;

/** The runs and what in them differs, in a line. */
function told(evidence: Evidence | null): string {
  if (!evidence) return '';
  const runs = evidence.runs.map(({ situation, end }) => `${situation} ${end}`).join(', ');
  const [first] = evidence.differences;
  return `${evidence.text} (${runs})${first ? `: ${first.name} ${first.values.join(' / ')}` : ''}`;
}

function report(found: readonly Classified[]): string {
  const violators = found.filter(({ violates }) => violates);
  const rows = found.map((each) => [
    each.mnemonic,
    each.operands,
    each.opcode,
    each.privileged ? 'privileged' : '',
    each.kind,
    each.violates ? '***' : '',
  ]);
  const convicted = violators.map((each) => `${each.mnemonic} ${each.operands}: ${told(reasonOf(each))}\n`);
  return [
    columns(rows),
    `\n${found.length} instructions; sensitive and not privileged: ${violators.length}\n`,
    ...convicted,
  ].join('');
}

export function classify(argv: readonly string[], out: Output): number {
  const { values } = parse({ args: [...argv], options: OPTIONS });
  const isa = isaOf(values.isa);
  const model = MODELS.find(({ id }) => id === values.cpu);
  if (!model)
    throw new BadArguments(`--cpu ${values.cpu}: there are ${MODELS.map(({ id }) => id).join(', ')}`);
  const found = isa === 's370' ? classifyS370() : classifyIa32(model);
  out.print(values.json ? `${JSON.stringify(found)}\n` : report(found));
  return OK;
}
