/** Directives: what steers the assembler. NASM manual, chapter 7, and the standard macros of section 4.11. */
import type { Span } from '../../base/diagnostics.ts';
import { Problem } from '../core/problem.ts';
import { dataOf, isInitialized } from './data.ts';
import { constant, evaluateNow } from './expression.ts';
import { Section } from './layout.ts';
import { splitOperands } from './operand.ts';
import type { Passes } from './passes.ts';
import type { Statement } from './statement.ts';
import { textOf } from './tokens.ts';

const NOP = 0x90;

export function directive(passes: Passes, word: string, statement: Statement): void {
  const { rest, end } = statement;
  const number = (what: string): number => evaluateNow(rest, passes.scope(), end, what);
  switch (word) {
    case 'bits':
      setMode(passes, number('the number of bits'), statement.span);
      return;
    case 'use16':
    case 'use32':
      setMode(passes, Number(word.slice(3)), statement.span);
      return;
    case 'section':
    case 'segment':
      section(passes, statement);
      return;
    case 'org':
      passes.layout.origin = number('the origin');
      return;
    case 'align':
    case 'alignb':
      align(passes, statement, word === 'alignb');
      return;
    case 'extern':
      for (const tokens of statement.operands) passes.symbols.declareOutside(textOf(tokens));
      return;
    // Said to linkers and other modules: nothing is linked here, and everything is visible.
    case 'global':
    case 'static':
    case 'cpu':
    case 'default':
      return;
    case 'struc':
      beginStructure(passes, statement);
      return;
    case 'endstruc':
      endStructure(passes, statement.span);
      return;
    case 'istruc':
      passes.instance = { name: textOf(rest), start: passes.layout.current.counter };
      return;
    case 'at':
      at(passes, statement);
      return;
    case 'iend':
      endInstance(passes, statement);
      return;
    default:
      throw new Problem(statement.span, `${word} is not supported`, 'programs are flat: use section and org');
  }
}

function setMode(passes: Passes, bits: number, span: Span): void {
  if (bits !== 16 && bits !== 32)
    throw new Problem(span, `there is no mode of ${bits} bits here`, 'bits 16 or bits 32');
  passes.mode = bits === 16 ? 2 : 4;
}

function section(passes: Passes, { rest, end }: Statement): void {
  const [name, ...attributes] = rest;
  if (!name) throw new Problem(end, 'the name of the section is missing', 'try section .text');
  const entered = passes.layout.enter(name.text);
  for (const [i, { text }] of attributes.entries())
    if (text.toLowerCase() === 'align' && attributes[i + 1]?.text === '=') {
      const size = evaluateNow(attributes.slice(i + 2, i + 3), passes.scope(), end, 'the alignment');
      if (isPowerOfTwo(size)) entered.alignment = Math.max(entered.alignment, size);
    } else if (/^(?:vstart|start|follows|vfollows)$/i.test(text))
      throw new Problem(
        attributes[i]!.span,
        `${text} is not supported`,
        'sections follow each other from org on',
      );
}

const isPowerOfTwo = (n: number): boolean => n > 0 && (n & (n - 1)) === 0;

function align(passes: Passes, statement: Statement, withZeros: boolean): void {
  const { operands, end, span } = statement;
  const size = evaluateNow(operands[0] ?? [], passes.scope(), end, 'the alignment');
  if (!isPowerOfTwo(size))
    throw new Problem(span, `${size} is no power of two`, 'align 4, align 16, align 4096');
  const { current } = passes.layout;
  current.alignment = Math.max(current.alignment, size);
  const missing = -current.counter & (size - 1);
  if (current.empty || current.dummy || missing === 0) {
    passes.emit(statement, missing, 'data');
    return;
  }
  const fill = operands[1];
  const unit = fill ? filling(passes, fill, end) : new Uint8Array([withZeros ? 0 : NOP]);
  passes.emit(
    statement,
    Uint8Array.from({ length: missing }, (_, i) => unit[i % unit.length]!),
    'data',
  );
}

/** `align 16, db 0`: what the gap is filled with. */
function filling(passes: Passes, tokens: Statement['rest'], end: Span): Uint8Array {
  const [operation, ...rest] = tokens;
  if (!/^(?:d[bwd]|resb|nop)$/i.test(operation?.text ?? ''))
    throw new Problem(operation?.span ?? end, 'the filling is written as data', 'align 16, db 0');
  if (/^nop$/i.test(operation!.text)) return new Uint8Array([NOP]);
  if (/^resb$/i.test(operation!.text)) return new Uint8Array(1);
  return dataOf(operation!.text, splitOperands(rest), passes.scope(), end).bytes;
}

// ---------------------------------------------------------------- structures

function beginStructure(passes: Passes, { rest, end }: Statement): void {
  const [name] = rest;
  if (!name) throw new Problem(end, 'the name of the structure is missing');
  if (passes.structure) throw new Problem(name.span, 'a structure cannot stand within another');
  passes.structure = { name: name.text, back: passes.layout.current };
  passes.layout.current = new Section(name.text, true);
  passes.symbols.define(name.text, 'equate', constant(0), name.span);
  passes.symbols.enter(name.text);
}

function endStructure(passes: Passes, span: Span): void {
  const { structure } = passes;
  if (!structure) throw new Problem(span, 'there is no struc that this could end');
  passes.symbols.define(`${structure.name}_size`, 'equate', constant(passes.layout.current.counter), span);
  passes.layout.current = structure.back;
  passes.structure = null;
}

/** Fills up to the offset `to` of the structure being filled in. */
function fillTo(passes: Passes, statement: Statement, to: number): void {
  const { instance } = passes;
  if (!instance) throw new Problem(statement.span, 'there is no istruc around this');
  const missing = instance.start + to - passes.layout.current.counter;
  if (missing < 0)
    throw new Problem(statement.span, 'the fields before it take more room than the structure gives');
  passes.emit(statement, new Uint8Array(missing), 'data');
}

function at(passes: Passes, statement: Statement): void {
  const [offset = [], ...data] = statement.operands;
  fillTo(passes, statement, evaluateNow(offset, passes.scope(), statement.end, 'the offset'));
  const [operation, ...first] = data[0] ?? [];
  if (!operation) return;
  if (!isInitialized(operation.text))
    throw new Problem(operation.span, 'a field is filled in with data', 'at name, dd 1');
  const { bytes } = dataOf(operation.text, [first, ...data.slice(1)], passes.scope(), statement.end);
  passes.emit(statement, bytes, 'data');
}

function endInstance(passes: Passes, statement: Statement): void {
  const name = passes.instance?.name ?? '';
  const size = passes.symbols.scope(constant(0), constant(0)).symbol(`${name}_size`, statement.span);
  fillTo(passes, statement, Number(size.number));
  passes.instance = null;
}
