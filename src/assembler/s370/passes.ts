/** The two passes: lengths and symbols first, then bytes. */
import { nearest } from '../../base/nearest.ts';
import { Problem } from '../core/problem.ts';
import { DIRECTIVES } from './directives/table.ts';
import { EXTENDED_MNEMONICS } from './extended-mnemonics.ts';
import type { Generated } from './generated.ts';
import { instruction } from './instruction.ts';
import type { Later, Module } from './module.ts';
import { generatedField } from '../core/field.ts';
import { end } from './directives/sections.ts';

/** Control sections begin on doublewords. */
const SECTION_ALIGNMENT = 8;

export function firstPass(m: Module, statements: Iterable<Generated>): void {
  let last: Generated | null = null;
  for (const statement of statements) {
    const item = m.begin(statement);
    if (statement.inert) continue;
    last = statement;
    m.diagnostics.guard(() => {
      item.later = operate(m, statement);
    }, undefined);
    if (m.ended) break;
  }
  m.diagnostics.context = '';
  if (!m.ended && last) endMissing(m, last);
  m.symbols.settle(m.diagnostics);
  m.sections.layOut(SECTION_ALIGNMENT);
}

export function secondPass(m: Module): void {
  for (const item of m.items) {
    const { macro, outer } = item.statement;
    m.item = item;
    m.diagnostics.context = macro === null ? '' : `, in macro ${macro} called in line ${outer.line}`;
    if (item.later && !m.diagnostics.overflowing) m.diagnostics.guard(item.later, undefined);
  }
  m.diagnostics.context = '';
}

function endMissing(m: Module, last: Generated): void {
  if (!m.diagnostics.hasErrors)
    m.diagnostics.warning(
      m.span(),
      'the END statement is missing; one is supplied after the last line',
      'END, with the name where execution begins, is the last statement',
    );
  const nothing = generatedField('', m.span());
  m.begin({ ...last, name: nothing, operands: nothing, lines: [] }, '');
  m.diagnostics.guard(() => end(m), null);
}

/** A row's or a directive's work of the first pass. */
function operate(m: Module, statement: Generated): Later | null {
  const name = statement.operation.text.toUpperCase();
  if (name === '')
    throw new Problem(
      m.nameSpan(),
      'a label without an operation',
      'the operation follows the label after a blank; without a label, begin it in column 2 or later',
    );
  const row = m.rows.get(name);
  if (row) return instruction(m, row, null);
  const extended = EXTENDED_MNEMONICS.get(name);
  const base = extended && m.rows.get(extended.base);
  if (extended && base) return instruction(m, base, extended.mask);
  const directive = DIRECTIVES.get(name);
  if (directive) return directive(m);
  // Its label is defined all the same, so that its users are not in error as well.
  m.section();
  m.diagnostics.guard(() => m.label(1), undefined);
  const near = similarOperation(m, name);
  throw new Problem(
    m.span(),
    `${name} is no operation`,
    near ? `did you mean ${near}?` : hintForUnknown(statement),
  );
}

/** The operation that `name` resembles most. Asked again and again where a macro is in error, so remembered. */
function similarOperation(m: Module, name: string): string | null {
  let near = m.similar.get(name);
  if (near === undefined) {
    near = nearest(name, [...m.rows.keys(), ...EXTENDED_MNEMONICS.keys(), ...DIRECTIVES.keys()]);
    m.similar.set(name, near);
  }
  return near;
}

function hintForUnknown({ name, operation }: Generated): string {
  return name.text !== '' && operation.text.includes(',')
    ? `a word in column 1 is a label: put a blank before ${name.text} if it is the operation`
    : 'it is neither an instruction of System/370 nor a directive, nor a macro defined above';
}
