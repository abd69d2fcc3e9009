/** Declaring SET symbols and giving them values: LCLx, GBLx, SETx (GC33-4010, "SET symbols"). */
import { fieldSpan } from '../../core/field.ts';
import { Problem } from '../../core/problem.ts';
import { Scanner } from '../../core/scanner.ts';
import type { Statement } from '../statements.ts';
import { ConditionalReader } from './conditional.ts';
import type { AttributesOf } from './variable-reader.ts';
import { newSetSymbol, type Frame, type SetSymbol, type SetType } from './frame.ts';

const LARGEST_ARRAY = 4096;

/** LCLA &N,&LIST(10) …: new symbols; GBLA and so on share them among all that declare them. */
export function declare(
  statement: Statement,
  operation: string,
  frame: Frame,
  globals: Map<string, SetSymbol>,
): void {
  const scanner = new Scanner(statement.operands);
  const type = operation[3] as SetType;
  do {
    const from = scanner.position;
    scanner.take('&');
    const name = scanner.match(/[A-Z$#@_][A-Z0-9$#@_]*/iy).toUpperCase();
    if (name === '')
      scanner.fail(`expected a variable symbol but found ${scanner.found()}`, `as in ${operation} &N`);
    const size = scanner.take('(') ? arraySize(scanner) : null;
    const fail = (message: string): never => scanner.fail(message, undefined, from, scanner.position);
    if (frame.find(name)) fail(`&${name} is already declared here`);
    const shared = operation.startsWith('GBL') ? globals.get(name) : undefined;
    if (shared && (shared.type !== type || shared.size !== size))
      fail(`&${name} is declared differently elsewhere`);
    const symbol = shared ?? newSetSymbol(type, size);
    if (operation.startsWith('GBL')) globals.set(name, symbol);
    frame.setSymbols.set(name, symbol);
  } while (scanner.take(','));
}

function arraySize(scanner: Scanner): number {
  const from = scanner.position;
  const size = Number(scanner.match(/\d{1,6}/y));
  if (size < 1 || size > LARGEST_ARRAY)
    scanner.fail(`an array has 1 to ${LARGEST_ARRAY} elements`, undefined, from);
  scanner.expect(')');
  return size;
}

/** &N SETA 5 and so on; a symbol not declared before is local. */
export function assign(
  statement: Statement,
  operation: string,
  reader: ConditionalReader,
  attributesOf: AttributesOf,
): void {
  const { name } = statement;
  const type = operation[3] as SetType;
  if (!name.text.startsWith('&'))
    throw new Problem(
      fieldSpan(name.text === '' ? statement.operation : name),
      `${operation} needs a variable symbol in column 1`,
      `as in &N ${operation} …`,
    );
  const left = new ConditionalReader(new Scanner(name), reader.frame, attributesOf);
  const target = left.target();
  if (!left.scanner.done) left.scanner.fail(`expected the end of the name but found ${left.scanner.found()}`);
  const symbol = target.symbol ?? newSetSymbol(type, null);
  if (symbol.type !== type)
    throw new Problem(
      fieldSpan(name),
      `&${target.name} is a SET${symbol.type} symbol`,
      `use SET${symbol.type}, or another name`,
    );
  if (symbol.size !== null && target.subscript === 0)
    throw new Problem(fieldSpan(name), `&${target.name} is an array: it needs a subscript`);
  const value = valueOf(type, reader);
  if (!reader.scanner.done)
    reader.scanner.fail(`expected the end of the expression but found ${reader.scanner.found()}`);
  reader.frame.setSymbols.set(target.name, symbol);
  symbol.values.set(target.subscript, value);
}

function valueOf(type: SetType, reader: ConditionalReader): number | string {
  if (type === 'C') return reader.text();
  const value = type === 'A' ? reader.sum() : reader.expression();
  return type === 'A' ? value : value === 0 ? 0 : 1;
}

/** Counts one branch; answers how many are left, negative if there are none. */
export const takeBranches = (frame: Frame): number => --frame.branchesLeft;
