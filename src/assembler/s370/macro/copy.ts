/** COPY: statements of another source in the place of the one that names it. */
import { fieldSpan } from '../../core/field.ts';
import type { Diagnostics } from '../../core/problem.ts';
import { readStatements, type Statement } from '../statements.ts';

const DEEPEST = 5;
/** Members that copy each other would otherwise multiply. */
const MOST_STATEMENTS = 100_000;

/** `statements` with all copies put in; a COPY that found nothing is left to be reported where it is reached. */
export function expandCopies(
  statements: readonly Statement[],
  copy: (name: string) => string | null,
  done: Set<Statement>,
  diagnostics: Diagnostics,
  depth = 0,
): Statement[] {
  const all: Statement[] = [];
  for (const statement of statements) {
    all.push(statement);
    if (statement.comment || statement.operation.text.toUpperCase() !== 'COPY') continue;
    const name = statement.operands.text.toUpperCase();
    const source = copy(name);
    if (source === null) continue;
    done.add(statement);
    if (depth >= DEEPEST || all.length > MOST_STATEMENTS) {
      diagnostics.error(
        fieldSpan(statement.operation),
        `COPY is nested more than ${DEEPEST} deep`,
        'does a member copy itself?',
      );
      continue;
    }
    for (const copied of expandCopies(readStatements(source, name), copy, done, diagnostics, depth + 1))
      all.push(copied);
  }
  return all;
}
