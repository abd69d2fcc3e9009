/** Type and length attributes of symbols as conditional assembly sees them: read off the statements, not evaluated. */
import type { Row } from '../../../machines/s370/instructions/row.ts';
import { isConstantType, TYPE_RULES } from '../constants/types.ts';
import { rowLength } from '../operand-specs.ts';
import { isSymbol } from '../self-defining.ts';
import type { Statement } from '../statements.ts';

export interface Attributes {
  /** As T' gives it: a type of constant, I machine instruction, J section, W channel command, U anything else. */
  readonly type: string;
  /** In bytes. */
  readonly length: number;
}

/** What a DC or DS operand begins with: duplication, type, length. */
const CONSTANT = /^(?:\d+|\([^)]*\))?([A-Z])(?:L(\d+))?('(?:[^']|'')*')?/i;

/** The attributes that `statement` gives to its label; null where it has none that is known. */
export function attributesOfLabel(
  statement: Statement,
  rowOf: (name: string) => Row | undefined,
): Attributes | null {
  if (!isSymbol(statement.name.text)) return null;
  const operation = statement.operation.text.toUpperCase();
  const row = rowOf(operation);
  if (row) return { type: 'I', length: rowLength(row) };
  if (operation === 'DC' || operation === 'DS') return ofConstant(statement.operands.text);
  if (operation === 'CSECT' || operation === 'DSECT' || operation === 'START')
    return { type: 'J', length: 1 };
  if (operation === 'CCW') return { type: 'W', length: 8 };
  return operation === 'EQU' ? { type: 'U', length: 1 } : null;
}

function ofConstant(operands: string): Attributes | null {
  const [, letter = '', length, nominal] = CONSTANT.exec(operands) ?? [];
  const type = letter.toUpperCase();
  if (!isConstantType(type)) return null;
  const implied = TYPE_RULES[type].length ?? impliedLength(type, nominal?.slice(1, -1) ?? '');
  return { type, length: length === undefined ? implied : Number(length) };
}

function impliedLength(type: string, text: string): number {
  const per = { X: 2, B: 8, P: 2 }[type] ?? 1;
  return Math.max(1, Math.ceil((text.length + (type === 'P' ? 1 : 0)) / per));
}
