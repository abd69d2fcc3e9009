/** Targets of AIF and AGO: sequence symbols (GC33-4010, "Branching"). */
import { subfield, type Field } from '../../core/field.ts';
import type { ConditionalReader } from './conditional.ts';

const SEQUENCE = /\.[A-Z$#@_][A-Z0-9$#@_]*/iy;

function sequenceSymbol({ scanner }: ConditionalReader): Field {
  scanner.match(/ +/y);
  const from = scanner.position;
  if (scanner.match(SEQUENCE) === '')
    scanner.fail(
      `expected a sequence symbol but found ${scanner.found()}`,
      'a sequence symbol begins with a period, as in .LOOP',
    );
  return subfield(scanner.field, from, scanner.position);
}

/** AIF (condition).SYMBOL,…: the symbol of the first condition that holds, or null. */
export function condition(reader: ConditionalReader): Field | null {
  const { scanner } = reader;
  do {
    scanner.expect('(', 'as in AIF (&N GT 5).DONE');
    const holds = reader.expression() !== 0;
    scanner.match(/ +/y);
    scanner.expect(')');
    const target = sequenceSymbol(reader);
    if (holds) return target;
  } while (scanner.take(','));
  return null;
}

/** AGO .SYMBOL, or AGO (number).FIRST,.SECOND,… */
export function choice(reader: ConditionalReader): Field | null {
  const { scanner } = reader;
  if (!scanner.take('(')) return sequenceSymbol(reader);
  const wanted = reader.sum();
  scanner.expect(')');
  const targets: Field[] = [];
  do targets.push(sequenceSymbol(reader));
  while (scanner.take(','));
  return targets[wanted - 1] ?? null;
}
