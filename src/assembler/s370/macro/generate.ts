/** The macro processor. */
import type { Diagnostics } from '../../core/problem.ts';
import type { Generated } from '../generated.ts';
import { readStatements } from '../statements.ts';

export function* generate(
  source: string,
  file: string,
  _copy: (name: string) => string | null,
  _known: (name: string) => boolean,
  _diagnostics: Diagnostics,
): Generator<Generated> {
  for (const s of readStatements(source, file))
    yield { ...s, level: 0, outer: { file, line: s.line }, inert: s.comment };
}
