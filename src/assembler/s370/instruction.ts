/** Machine instructions: operands matched with the table's template, addresses resolved, fields filled. */
import { hex } from '../../base/bits.ts';
import type { Row } from '../../machines/s370/instructions/row.ts';
import { evaluate, leftmost, usesLocation, type Expression, type Scope } from '../core/expression.ts';
import { Problem } from '../core/problem.ts';
import { Scanner } from '../core/scanner.ts';
import { isAbsolute, resolved, sectionOf, type Value } from '../core/value.ts';
import type { ConstantOperand } from './constants/operand.ts';
import { boundedValue, sizeConstant } from './constants/sizing.ts';
import type { Later, Module } from './module.ts';
import {
  encodeInstruction,
  fieldBits,
  operandSpecs,
  rowLength,
  type FieldName,
  type OperandSpec,
} from './operand-specs.ts';
import { parseOperands, type WrittenOperand } from './operand-syntax.ts';
import { REACH } from './using.ts';

type StorageSpec = OperandSpec & { kind: 'storage' };

/** Assembles one instruction; `mask`: what an extended mnemonic puts in the first operand's place. */
export function instruction(m: Module, row: Row, mask: number | null): Later {
  const { item } = m;
  const { statement } = item;
  const length = rowLength(row);
  m.align(2);
  m.reserve(length);
  m.diagnostics.guard(() => m.label(length), undefined);
  const specs = operandSpecs(row.operands).slice(mask === null ? 0 : 1);
  const written =
    specs.length === 0
      ? []
      : parseOperands(new Scanner(statement.operands), (constant, text) => poolLiteral(m, constant, text));
  checkCount(m, row, specs, written);
  return () => {
    const room = m.room(item, 'instruction');
    const values = new Map<FieldName, number>(mask === null ? [] : [['M1', mask]]);
    const scope = m.scope();
    let failed = false;
    specs.forEach((spec, i) => {
      failed =
        !m.diagnostics.guard(() => (fill(m, row, spec, written[i]!, scope, values), true), false) || failed;
    });
    if (!failed) warnOddPairs(m, row, values, written);
    // What could be made out is there even if an operand failed: the listing shows it.
    room?.set(encodeInstruction(row, values));
  };
}

function checkCount(
  m: Module,
  row: Row,
  specs: readonly OperandSpec[],
  written: readonly WrittenOperand[],
): void {
  if (written.length === specs.length) return;
  const name = m.item.statement.operation.text.toUpperCase();
  const template = specs.length === operandSpecs(row.operands).length ? row.operands : row.operands.slice(3);
  const { operands } = m.item.statement;
  const extra = written[specs.length];
  const takes = specs.length === 1 ? 'one operand' : `${specs.length} operands`;
  throw new Problem(
    extra?.span ?? (operands.text === '' ? m.span() : new Scanner(operands).span(0, operands.text.length)),
    `${name} takes ${takes}, ${template}, but has ${written.length}`,
    written.length < specs.length ? 'operands are separated by commas without blanks' : undefined,
  );
}

function poolLiteral(m: Module, constant: ConstantOperand, text: string): string {
  const sized = sizeConstant(constant, m.scope(), false);
  if (sized.duplication === 0 || sized.packed)
    throw new Problem(
      constant.span,
      'a literal has whole bytes, at least one',
      'write it as a DC with a label instead',
    );
  const unique = constant.nominals.some((n) => n.kind === 'address' && usesLocation(n.value));
  return m.literals.add(text, sized, m.item, unique);
}

function fill(
  m: Module,
  row: Row,
  spec: OperandSpec,
  written: WrittenOperand,
  scope: Scope,
  values: Map<FieldName, number>,
): void {
  if (spec.kind === 'storage') {
    fillStorage(m, row, spec, written, scope, values);
    return;
  }
  if (written.subfields)
    throw new Problem(written.span, `expected a ${spec.kind} here, not an address with parentheses`);
  const [, width] = fieldBits(row, spec.field);
  const most = 2 ** width - 1;
  values.set(spec.field, small(written.address, scope, `the ${spec.kind}`, most));
}

/** A number 0 … `most`; one byte may also be written as a negative number. */
function small(expression: Expression, scope: Scope, what: string, most: number): number {
  const hint =
    what === 'the register' ? 'a register is a number 0 to 15, or a symbol defined with EQU' : undefined;
  const value = evaluate(expression, scope);
  if (!isAbsolute(value))
    throw new Problem(expression.span, `${what} must be a number, not an address`, hint);
  const { offset } = value;
  if (offset < (most === 255 ? -128 : 0) || offset > most)
    throw new Problem(expression.span, `${what} is ${offset}; it must be 0 to ${most}`, hint);
  return offset & most;
}

/** Subfields by their place: a single one is the modifier if the format has one, else the base. */
function subfieldsOf(
  spec: StorageSpec,
  written: WrittenOperand,
): { modifier: Expression | null; base: Expression | null } {
  const [first = null, second = null] = written.subfields ?? [];
  if (spec.modifier !== null) return { modifier: first, base: second };
  if (written.subfields && written.subfields.length > 1)
    throw new Problem(
      written.span,
      'this operand has no index or length: only a base register stands in its parentheses',
      `write it as D(B)`,
    );
  return { modifier: null, base: first };
}

function fillStorage(
  m: Module,
  row: Row,
  spec: StorageSpec,
  written: WrittenOperand,
  scope: Scope,
  values: Map<FieldName, number>,
): void {
  const { modifier, base } = subfieldsOf(spec, written);
  const address = evaluate(written.address, scope);
  if (base) {
    if (!isAbsolute(address))
      throw new Problem(
        written.address.span,
        'with a base register written out, the displacement must be a number',
        spec.modifier === null
          ? 'write the name alone, and let USING supply the base register'
          : 'write NAME(X), and let USING supply the base register',
      );
    values.set(spec.displacement, boundedValue(written.address, scope, 'the displacement', 0, REACH - 1));
    values.set(spec.base, small(base, scope, 'the base register', 15));
  } else {
    const found = addressable(m, written.address, address);
    values.set(spec.displacement, found.displacement);
    values.set(spec.base, found.base);
    m.item.addresses.push(resolved(address));
  }
  if (spec.modifier) fillModifier(row, spec.modifier, modifier, written, scope, values);
}

/** Base and displacement of an address given without a base register. */
export function addressable(
  m: Module,
  expression: Expression,
  value: Value,
): { base: number; displacement: number } {
  const found = m.usings.resolve(value);
  if (found) return found;
  const near = m.usings.nearestBelow(value);
  const section = sectionOf(value);
  if (isAbsolute(value))
    throw new Problem(
      expression.span,
      `${value.offset} is no displacement: without a base register it must be 0 to ${REACH - 1}`,
    );
  if (near)
    throw new Problem(
      expression.span,
      `the address is X'${hex(near.displacement, 3)}' bytes beyond the base in register ${near.base}, which reaches X'FFF'`,
      'give USING a second register, or move the data nearer',
    );
  throw new Problem(
    expression.span,
    `no base register reaches this address${section?.name ? ` in ${section.name}` : ''}`,
    `say with USING which register holds an address ${section?.dummy ? 'of the dummy section' : 'at or before it'}`,
  );
}

function fillModifier(
  row: Row,
  field: FieldName,
  modifier: Expression | null,
  written: WrittenOperand,
  scope: Scope,
  values: Map<FieldName, number>,
): void {
  const [, width] = fieldBits(row, field);
  if (!field.startsWith('L')) {
    values.set(
      field,
      modifier
        ? small(modifier, scope, field.startsWith('X') ? 'the index register' : 'the register', 15)
        : 0,
    );
    return;
  }
  const longest = 2 ** width;
  const length = modifier
    ? boundedValue(modifier, scope, 'the length', 0, longest)
    : impliedLength(written, scope);
  if (length > longest)
    throw new Problem(
      written.span,
      `the length that the operand implies, ${length}, is more than ${longest}`,
      `write the length out, as in NAME(${longest})`,
    );
  // The machine counts from 0: the field holds one less than the length. 0 stays 0, for EXECUTE to fill in.
  values.set(field, Math.max(0, length - 1));
}

function impliedLength(written: WrittenOperand, scope: Scope): number {
  const term = leftmost(written.address);
  if (term.kind === 'symbol') return scope.length(term.name, term.span);
  return term.kind === 'location' ? scope.length(null, term.span) : 1;
}

/** Pairs of registers begin with an even one: the machine would answer with a specification exception. */
function warnOddPairs(
  m: Module,
  row: Row,
  values: ReadonlyMap<FieldName, number>,
  written: readonly WrittenOperand[],
): void {
  const pairs = row.writes === 'r1,r2-pairs' ? ['R1', 'R2'] : row.writes === 'r1-pair' ? ['R1'] : [];
  pairs.forEach((field, i) => {
    const register = values.get(field) ?? 0;
    if (register % 2 === 1)
      m.diagnostics.warning(
        written[i]?.span ?? m.span(),
        `${row.mnemonic} works on a pair of registers, which begins with an even one; ${register} is odd`,
        `use register ${register - 1}`,
      );
  });
}
