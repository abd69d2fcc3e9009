/** Substitution: variable symbols of a model statement replaced by their values (GC33-4010, "Model statements"). */
import { fieldSpan, generatedField, type Field } from '../../core/field.ts';
import { Scanner } from '../../core/scanner.ts';
import { ConditionalReader } from './conditional.ts';
import type { AttributesOf } from './variable-reader.ts';
import type { Frame } from './frame.ts';

/** Longest field that a substitution may make. */
const LONGEST_FIELD = 4096;

/** `field` with every variable symbol replaced; the field itself if it has none. */
export function substitute(field: Field, frame: Frame, attributesOf: AttributesOf): Field {
  if (!/&[A-Z$#@_]/i.test(field.text)) return field;
  const scanner = new Scanner(field);
  const reader = new ConditionalReader(scanner, frame, attributesOf);
  let text = '';
  while (!scanner.done) {
    if (scanner.take('&&')) text += '&&';
    else if (scanner.next === '&' && /[A-Z$#@_]/i.test(scanner.text[scanner.position + 1] ?? ''))
      text += reader.variable();
    else text += scanner.text[scanner.position++]!;
    if (text.length > LONGEST_FIELD)
      scanner.fail(`substitution makes this field longer than ${LONGEST_FIELD} characters`);
  }
  return generatedField(text, fieldSpan(field));
}
