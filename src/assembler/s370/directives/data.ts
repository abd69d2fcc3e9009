/** DC, DS and CCW: constants and areas (GC33-4010, "Data definition"). */
import { evaluate } from '../../core/expression.ts';
import { Problem } from '../../core/problem.ts';
import { Scanner } from '../../core/scanner.ts';
import { resolved } from '../../core/value.ts';
import { explicitAddress, writeConstant, type ConstantContext } from '../constants/encode.ts';
import { parseConstant, type ConstantOperand } from '../constants/operand.ts';
import { boundedValue, ConstantLayout, sizeConstant, type SizedConstant } from '../constants/sizing.ts';
import { addressable } from '../instruction.ts';
import type { Item, Later, Module } from '../module.ts';
import { parseOperands } from '../operand-syntax.ts';

function parseConstants(m: Module): ConstantOperand[] {
  const scanner = new Scanner(m.item.statement.operands);
  const operands: ConstantOperand[] = [];
  if (scanner.done)
    throw new Problem(
      m.span(),
      `${m.item.statement.operation.text.toUpperCase()} needs an operand`,
      "as in F'1' or CL8'TEXT'",
    );
  do operands.push(parseConstant(scanner));
  while (scanner.take(','));
  if (!scanner.done && scanner.next !== ' ')
    scanner.fail(`expected a comma or the end of the operands but found ${scanner.found()}`);
  return operands;
}

export const defineConstant = (m: Module): Later | null => define(m, false);
export const defineStorage = (m: Module): Later | null => define(m, true);

function define(m: Module, isArea: boolean): Later | null {
  const { item } = m;
  let constants: SizedConstant[] = [];
  try {
    const operands = parseConstants(m);
    m.section();
    item.offset = m.sections.current!.counter;
    constants = operands.map((operand) => sizeConstant(operand, m.scope(), isArea));
  } finally {
    // The label exists even if the operands fail, so that its users are not in error as well.
    const first = constants[0];
    if (first && !first.packed) m.align(first.alignment);
    else m.section();
    item.offset = m.sections.current!.counter;
    m.diagnostics.guard(() => m.label(Math.max(1, Math.ceil((first?.bits[0] ?? 8) / 8))), undefined);
  }
  const layout = new ConstantLayout(item.offset);
  const placed = constants.map((constant) => ({ constant, start: layout.place(constant) }));
  m.reserve(layout.end - item.offset);
  if (isArea) return null;
  return () => {
    const room = m.room(item, 'data');
    for (const { constant, start } of placed)
      if (room)
        m.diagnostics.guard(
          () =>
            writeConstant(
              room,
              start - 8 * item.offset,
              constant,
              context(m, item, (start >> 3) - item.offset),
            ),
          undefined,
        );
  };
}

/** What address constants of `item` ask for; `start`: bytes from the item to the operand. */
function context(m: Module, item: Item, start: number): ConstantContext {
  return {
    scopeAt: (offset) => ({ ...m.scope(), location: () => m.here(item, start + offset) }),
    addressable: (nominal, scope) =>
      explicitAddress(nominal, scope) ?? addressable(m, nominal.value, evaluate(nominal.value, scope)),
  };
}

/** Places the literals collected so far at the location counter. */
export function placeLiterals(m: Module): void {
  const { statement } = m.item;
  m.literals.flush().forEach((literal, i) => {
    const item = m.begin(statement, literal.text);
    if (i === 0) m.align(8);
    m.align(literal.constant.alignment);
    const bits = literal.constant.bits.reduce((sum, b) => sum + b, 0);
    m.reserve((literal.constant.duplication * bits) / 8);
    m.symbols.define(literal.name, 'label', m.here(), Math.ceil(literal.constant.bits[0]! / 8), m.span());
    item.later = () => {
      const room = m.room(item, 'data');
      const { user } = literal;
      // In a literal, the location counter is that of the instruction that uses it.
      const asUser = {
        ...context(m, item, 0),
        scopeAt: () => ({ ...m.scope(), location: () => m.here(user) }),
      };
      if (room) writeConstant(room, 0, literal.constant, asUser);
    };
  });
}

/** CCW command,address,flags,count: a channel command word (GA22-7000, "Channel-Command Word"). */
export function channelCommand(m: Module): Later {
  const { item } = m;
  m.align(8);
  m.reserve(8);
  m.diagnostics.guard(() => m.label(8), undefined);
  const operands = parseOperands(new Scanner(item.statement.operands), () => {
    throw new Problem(m.span(), 'a channel command word takes no literal');
  });
  if (operands.length !== 4)
    throw new Problem(
      m.span(),
      `CCW takes 4 operands, command,address,flags,count, but has ${operands.length}`,
    );
  const [command, data, flags, count] = operands as [
    (typeof operands)[0],
    (typeof operands)[0],
    (typeof operands)[0],
    (typeof operands)[0],
  ];
  return () => {
    const room = m.room(item, 'data');
    const scope = m.scope();
    const address = resolved(evaluate(data.address, scope));
    if (address === null || address < 0 || address > 0xff_ffff)
      throw new Problem(data.span, 'the data address must be an address of 24 bits');
    const bytes = boundedValue(count.address, scope, 'the count', 0, 0xffff);
    room?.set([
      boundedValue(command.address, scope, 'the command code', 0, 255),
      address >> 16,
      (address >> 8) & 255,
      address & 255,
      boundedValue(flags.address, scope, 'the flags', 0, 255),
      0,
      bytes >> 8,
      bytes & 255,
    ]);
  };
}
