/** START, CSECT, DSECT, ORG, LTORG, CNOP and END: where things go (GC33-4010, "Program sectioning and linking"). */
import { evaluate } from '../../core/expression.ts';
import { fieldSpan } from '../../core/field.ts';
import { Problem } from '../../core/problem.ts';
import { Scanner } from '../../core/scanner.ts';
import { alignUp } from '../../core/sections.ts';
import { relocatable, resolved, sectionOf } from '../../core/value.ts';
import { boundedValue } from '../constants/sizing.ts';
import { parseExpression } from '../expression-syntax.ts';
import type { Later, Module } from '../module.ts';
import { placeLiterals } from './data.ts';

/** Begins or goes on with the section that the name field names. */
function enter(m: Module, dummy: boolean): void {
  const { name } = m.item.statement;
  const label = name.text === '' && !dummy ? '' : m.requireSymbol();
  const known = label === '' ? undefined : m.symbols.find(label);
  const kind = dummy ? 'dummy section' : 'section';
  if (known && known.kind !== kind)
    throw new Problem(
      fieldSpan(name),
      `${label} is already defined in line ${known.definedAt.line}, as a ${known.kind}`,
      'a section needs a name of its own',
    );
  const section = m.sections.enter(label, dummy);
  if (label !== '' && !known) m.symbols.define(label, kind, relocatable(section, 0), 1, fieldSpan(name));
  m.item.section = section;
  m.item.offset = section.counter;
}

export function controlSection(m: Module): null {
  enter(m, false);
  return null;
}

export function dummySection(m: Module): null {
  enter(m, true);
  return null;
}

/** START address: the first control section, and where it will be loaded. */
export function start(m: Module): null {
  const first = m.sections.control.length === 0;
  enter(m, false);
  if (!first)
    throw new Problem(
      m.span(),
      'START must come before everything that is assembled',
      'begin further sections with CSECT',
    );
  const scanner = new Scanner(m.item.statement.operands);
  if (scanner.done) return null;
  const origin = boundedValue(parseExpression(scanner), m.scope(), 'the start address', 0, 0xff_fff8);
  m.sections.origin = alignUp(origin, 8);
  return null;
}

/** ORG address: sets the location counter; without an operand, behind everything so far. */
export function org(m: Module): null {
  const section = m.section();
  const scanner = new Scanner(m.item.statement.operands);
  m.item.offset = section.counter;
  if (scanner.done) {
    m.sections.moveTo(section, section.size, m.span());
  } else {
    const expression = parseExpression(scanner);
    const value = evaluate(expression, m.scope());
    if (sectionOf(value) !== section)
      throw new Problem(
        expression.span,
        'ORG needs an address in the section it stands in',
        'as in ORG *+16, or ORG NAME with a name defined before in this section',
      );
    if (value.offset < 0)
      throw new Problem(expression.span, 'ORG cannot go back before the start of the section');
    m.sections.moveTo(section, value.offset, m.span());
  }
  m.item.offset = section.counter;
  m.label(1);
  return null;
}

export function literalPool(m: Module): null {
  m.align(8);
  m.label(1);
  placeLiterals(m);
  return null;
}

/** CNOP byte,boundary: fills with no-operation instructions up to a place in a word or doubleword. */
export function conditionalNoOperation(m: Module): Later {
  const { item } = m;
  const scanner = new Scanner(item.statement.operands);
  const byte = boundedValue(parseExpression(scanner), m.scope(), 'the byte', 0, 6);
  scanner.expect(',', 'CNOP has two operands, as in CNOP 0,4');
  const boundaryAt = scanner.position;
  const boundary = boundedValue(parseExpression(scanner), m.scope(), 'the boundary', 4, 8);
  if ((boundary !== 4 && boundary !== 8) || byte % 2 !== 0 || byte >= boundary)
    scanner.fail('CNOP takes 0,4 2,4 0,8 2,8 4,8 or 6,8', undefined, boundaryAt);
  const { counter } = m.section();
  const target = counter + ((((byte - counter) % boundary) + boundary) % boundary);
  m.reserve(target - counter);
  m.label(1);
  return () => {
    const room = m.room(item, 'instruction');
    if (!room) return;
    // An odd location first gets a byte of zeros; X'0700' is BCR 0,0.
    for (let i = counter % 2; i < room.length; i += 2) room[i] = 0x07;
  };
}

/** END address: the literals left over are placed, and the operand is where execution begins. */
export function end(m: Module): null {
  const { item } = m;
  const { operands } = item.statement;
  m.ended = true;
  const first = m.sections.control[0];
  if (first) {
    m.sections.current = first;
    m.sections.moveTo(first, first.size, m.span());
    placeLiterals(m);
  }
  m.item = item;
  item.section = null;
  if (operands.text === '') return null;
  const expression = parseExpression(new Scanner(operands));
  m.entry = () => {
    m.item = item;
    const value = evaluate(expression, m.symbols.asScope());
    const address = resolved(value);
    if (address === null) throw new Problem(expression.span, 'execution cannot begin in a dummy section');
    return address;
  };
  return null;
}
