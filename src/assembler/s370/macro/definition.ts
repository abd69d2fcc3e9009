/** Macro definitions: header, prototype, model statements, trailer (GC33-4010, "Macro definition"). */
import { subfield, type Field } from '../../core/field.ts';
import { Problem } from '../../core/problem.ts';
import { fieldSpan } from '../../core/field.ts';
import { QuoteTracker, splitAtCommas } from '../quoting.ts';
import type { Statement } from '../statements.ts';
import type { Frame } from './frame.ts';

export interface MacroDefinition {
  readonly name: string;
  /** Parameter that takes the label of the call, or null. */
  readonly label: string | null;
  readonly positional: readonly string[];
  /** With their defaults. */
  readonly keywords: ReadonlyMap<string, string>;
  readonly body: readonly Statement[];
}

const VARIABLE = /^&[A-Z$#@_][A-Z0-9$#@_]*$/i;

/** The definition that `prototype` heads. */
export function defineMacro(prototype: Statement, body: readonly Statement[]): MacroDefinition {
  const { name, operation, operands } = prototype;
  if (!/^[A-Z$#@_][A-Z0-9$#@_]*$/i.test(operation.text))
    throw new Problem(
      fieldSpan(operation),
      `expected the name of the macro but found ${operation.text === '' ? 'nothing' : operation.text}`,
      'the line after MACRO is the prototype, as in &LABEL  NAME  &A,&B,&KEY=5',
    );
  if (name.text !== '' && !VARIABLE.test(name.text))
    throw new Problem(
      fieldSpan(name),
      `the label of a prototype is a variable symbol, not ${name.text}`,
      'as in &LABEL',
    );
  const positional: string[] = [];
  const keywords = new Map<string, string>();
  for (const [from, to] of operands.text === '' ? [] : splitAtCommas(operands.text)) {
    const text = operands.text.slice(from, to);
    const [, parameter, keyword] = /^(&[A-Z$#@_][A-Z0-9$#@_]*)(=?)/i.exec(text) ?? [];
    const fits = parameter !== undefined && (keyword === '=' || parameter.length === text.length);
    if (!fits && text !== '')
      throw new Problem(
        fieldSpan(operands, from, to),
        `expected a parameter but found ${text}`,
        'as in &A or &KEY=default',
      );
    const key = parameter?.slice(1).toUpperCase() ?? '';
    if (keyword === '=') keywords.set(key, text.slice(parameter!.length + 1));
    else positional.push(key);
  }
  return {
    name: operation.text.toUpperCase(),
    label: name.text === '' ? null : name.text.slice(1).toUpperCase(),
    positional,
    keywords,
    body,
  };
}

/** Gives the parameters of `macro` the values that a call with these fields passes. */
export function bindOperands(macro: MacroDefinition, label: string, operands: Field, frame: Frame): void {
  const { parameters, positional } = frame;
  for (const [key, value] of macro.keywords) parameters.set(key, value);
  if (operands.text !== '')
    for (const [from, to] of splitAtCommas(operands.text))
      bindOperand(macro, subfield(operands, from, to), frame);
  macro.positional.forEach((key, i) => {
    if (key !== '') parameters.set(key, positional[i] ?? '');
  });
  if (macro.label !== null) parameters.set(macro.label, label);
  parameters.set('SYSLIST', label);
}

function bindOperand(macro: MacroDefinition, operand: Field, frame: Frame): void {
  const quotes = new QuoteTracker();
  for (let i = 0; i < operand.text.length; i++) quotes.step(operand.text, i);
  if (quotes.inString || quotes.depth !== 0)
    throw new Problem(
      fieldSpan(operand),
      quotes.inString ? 'the closing apostrophe is missing' : 'parentheses do not match',
    );
  const [assignment, key = ''] = /^([A-Z$#@_][A-Z0-9$#@_]*)=/i.exec(operand.text) ?? [];
  if (assignment === undefined) {
    frame.positional.push(operand.text);
    return;
  }
  if (!macro.keywords.has(key.toUpperCase()))
    throw new Problem(
      fieldSpan(operand, 0, key.length),
      `the macro ${macro.name} has no keyword parameter ${key}`,
      macro.keywords.size > 0
        ? `it has ${[...macro.keywords.keys()].join(', ')}`
        : 'it has positional parameters only',
    );
  frame.parameters.set(key.toUpperCase(), operand.text.slice(assignment.length));
}

/** Where each sequence symbol of a body stands. */
export function sequenceSymbols(body: readonly Statement[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  body.forEach(({ name, comment }, i) => {
    if (!comment && name.text.startsWith('.') && !places.has(name.text.toUpperCase()))
      places.set(name.text.toUpperCase(), i);
  });
  return places;
}
