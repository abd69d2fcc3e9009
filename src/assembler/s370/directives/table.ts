/** All assembler instructions that are left after the macro processor has run. */
import { Problem } from '../../core/problem.ts';
import type { Later, Module } from '../module.ts';
import { drop, pop, push, using } from './bases.ts';
import { channelCommand, defineConstant, defineStorage } from './data.ts';
import { checkNames, equate } from './names.ts';
import {
  conditionalNoOperation,
  controlSection,
  dummySection,
  end,
  literalPool,
  org,
  start,
} from './sections.ts';

/** Does a directive's work of the first pass; answers what is left for the second. */
export type Directive = (m: Module) => Later | null;

/** For the reader of the listing only, or without meaning in a single module that is not punched. */
const accepted: Directive = () => null;

const unsupported: Directive = (m) => {
  throw new Problem(
    m.span(),
    `${m.item.statement.operation.text.toUpperCase()} is not supported by this assembler`,
  );
};

export const DIRECTIVES: ReadonlyMap<string, Directive> = new Map<string, Directive>([
  ['START', start],
  ['CSECT', controlSection],
  ['DSECT', dummySection],
  ['END', end],
  ['ORG', org],
  ['LTORG', literalPool],
  ['CNOP', conditionalNoOperation],
  ['EQU', equate],
  ['ENTRY', checkNames],
  ['EXTRN', checkNames],
  ['WXTRN', checkNames],
  ['DC', defineConstant],
  ['DS', defineStorage],
  ['CCW', channelCommand],
  ['CCW0', channelCommand],
  ['USING', using],
  ['DROP', drop],
  ['PUSH', push],
  ['POP', pop],
  ['PRINT', accepted],
  ['TITLE', accepted],
  ['EJECT', accepted],
  ['SPACE', accepted],
  ['PUNCH', accepted],
  ['REPRO', accepted],
  ['ISEQ', accepted],
  ['COM', unsupported],
  ['DXD', unsupported],
  ['CXD', unsupported],
  ['ICTL', unsupported],
  ['OPSYN', unsupported],
]);
