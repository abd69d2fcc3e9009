/**
 * The macro processor: from the statements as written to those that are assembled. Open code and macro bodies are run
 * statement by statement; conditional assembly moves about in them, model statements come out with values put in.
 */
import type { Span } from '../../../base/diagnostics.ts';
import type { Row } from '../../../machines/s370/instructions/row.ts';
import { fieldSpan, generatedField, subfield, type Field } from '../../core/field.ts';
import { nearest } from '../../../base/nearest.ts';
import { Problem, type Diagnostics } from '../../core/problem.ts';
import { Scanner } from '../../core/scanner.ts';
import type { Generated } from '../generated.ts';
import { operandEnd } from '../quoting.ts';
import { readStatements, type Statement } from '../statements.ts';
import { choice, condition } from './branches.ts';
import { attributesOfLabel, type Attributes } from './attributes.ts';
import { ConditionalReader } from './conditional.ts';
import { expandCopies } from './copy.ts';
import { bindOperands, defineMacro, sequenceSymbols, type MacroDefinition } from './definition.ts';
import { Frame, type SetSymbol } from './frame.ts';
import { assign, declare, takeBranches } from './set-symbols.ts';
import { substitute } from './substitute.ts';

/** Macros that call each other deeper than this never come back. */
const DEEPEST_CALL = 50;
/** Statements that the macro processor looks at before it gives up. */
const MOST_STEPS = 100_000;

export interface GenerateOptions {
  readonly copy: (name: string) => string | null;
  readonly rowOf: (name: string) => Row | undefined;
  readonly diagnostics: Diagnostics;
}

/** All statements of `source`, copies and macros put in, in the order in which they are assembled. */
export function* generate(source: string, file: string, options: GenerateOptions): Generator<Generated> {
  const copied = new Set<Statement>();
  const statements = expandCopies(readStatements(source, file), options.copy, copied, options.diagnostics);
  yield* new MacroProcessor(options, copied).openCode(statements);
}

/** Where running goes on: an index, or null at the end of the body. */
type Next = number | null;

class MacroProcessor {
  readonly #options: GenerateOptions;
  readonly #copied: ReadonlySet<Statement>;
  readonly #macros = new Map<string, MacroDefinition>();
  readonly #globals = new Map<string, SetSymbol>();
  readonly #attributes = new Map<string, Attributes>();
  #calls = 0;
  #steps = 0;
  #stopped = false;
  /** Name of the control section, for &SYSECT. */
  #section = '';

  constructor(options: GenerateOptions, copied: ReadonlySet<Statement>) {
    this.#options = options;
    this.#copied = copied;
  }

  *openCode(statements: readonly Statement[]): Generator<Generated> {
    // Attributes may be asked of symbols that are defined further down.
    for (const statement of statements) this.#note(statement);
    yield* this.#run(statements, null);
  }

  #note(statement: Statement): void {
    const attributes = attributesOfLabel(statement, this.#options.rowOf);
    if (attributes) this.#attributes.set(statement.name.text.toUpperCase(), attributes);
  }

  readonly #attributesOf = (symbol: string): Attributes | null =>
    this.#attributes.get(symbol.toUpperCase()) ?? null;

  /** Runs a body; `within`: the frame of a macro, or null for open code. */
  *#run(body: readonly Statement[], within: Frame | null): Generator<Generated> {
    const { diagnostics } = this.#options;
    const places = sequenceSymbols(body);
    const open = new Frame(null, 0, { file: '', line: 0 });
    for (let at = 0; at < body.length;) {
      const statement = body[at]!;
      const frame = within ?? open;
      if (this.#givesUp(statement)) return;
      diagnostics.context = contextOf(within);
      if (statement.comment) {
        if (!within || !statement.lines[0]!.startsWith('.*')) yield generated(statement, frame, true);
        at++;
        continue;
      }
      let next: Next = at + 1;
      const name = statement.operation.text.toUpperCase();
      if (name === 'MACRO') {
        const end = endOfDefinition(body, at);
        diagnostics.guard(() => this.#define(body, at, end), undefined);
        if (!within) for (const line of body.slice(at, end + 1)) yield generated(line, frame, true);
        next = end + 1;
      } else if (CONDITIONAL.has(name)) {
        if (!within) yield generated(statement, frame, true);
        // A branch that cannot be made out ends a macro: going on would be guesswork, and often an endless loop.
        const otherwise = within && (name === 'AIF' || name === 'AGO') ? null : at + 1;
        next = diagnostics.guard(() => this.#conditional(statement, name, at, frame, places), otherwise);
      } else yield* this.#model(statement, frame);
      if (next === null) return;
      at = next;
    }
  }

  /** Ends everything after too many statements or too many mistakes, and says so once. */
  #givesUp(statement: Statement): boolean {
    const { diagnostics } = this.#options;
    if (this.#stopped) return true;
    if (++this.#steps <= MOST_STEPS && !diagnostics.overflowing) return false;
    this.#stopped = true;
    diagnostics.context = '';
    diagnostics.error(
      fieldSpan(statement.operation),
      diagnostics.overflowing ? 'gave up after too many errors' : `gave up after ${MOST_STEPS} statements`,
      'do macros call each other without end?',
    );
    return true;
  }

  #define(body: readonly Statement[], at: number, end: number): void {
    if (end >= body.length)
      throw new Problem(
        fieldSpan(body[at]!.operation),
        'MACRO without MEND',
        'a macro definition ends with MEND',
      );
    // With its MEND, which may carry a sequence symbol.
    const lines = body.slice(at + 1, end + 1);
    const prototype = lines.findIndex(({ comment }) => !comment);
    if (prototype < 0)
      throw new Problem(fieldSpan(body[at]!.operation), 'a macro definition needs a prototype');
    const macro = defineMacro(lines[prototype]!, lines.slice(prototype + 1));
    if (CONDITIONAL.has(macro.name))
      throw new Problem(fieldSpan(lines[prototype]!.operation), `a macro cannot be called ${macro.name}`);
    this.#macros.set(macro.name, macro);
  }

  /** Does what a conditional-assembly statement says; answers where to go on. */
  #conditional(
    statement: Statement,
    name: string,
    at: number,
    frame: Frame,
    places: ReadonlyMap<string, number>,
  ): Next {
    const reader = new ConditionalReader(new Scanner(statement.operands), frame, this.#attributesOf);
    switch (name) {
      case 'AIF':
      case 'AGO':
        return this.#branch(
          name === 'AIF' ? condition(reader) : choice(reader),
          statement,
          at,
          frame,
          places,
        );
      case 'ACTR':
        frame.branchesLeft = reader.sum();
        break;
      case 'MNOTE':
        this.#message(statement, reader, frame);
        break;
      case 'MEXIT':
      case 'MEND':
        if (frame.macro === null)
          throw new Problem(fieldSpan(statement.operation), `${name} outside of a macro definition`);
        return null;
      case 'ANOP':
        break;
      case 'COPY':
        if (!this.#copied.has(statement))
          throw new Problem(
            fieldSpan(statement.operands),
            `there is no ${statement.operands.text || 'name'} to copy`,
          );
        break;
      default:
        if (name.startsWith('SET')) assign(statement, name, reader, this.#attributesOf);
        else declare(statement, name, frame, this.#globals);
    }
    return at + 1;
  }

  #branch(
    target: Field | null,
    statement: Statement,
    at: number,
    frame: Frame,
    places: ReadonlyMap<string, number>,
  ): Next {
    if (!target) return at + 1;
    const place = places.get(target.text.toUpperCase());
    if (place === undefined) {
      const near = nearest(target.text, places.keys());
      throw new Problem(
        fieldSpan(target),
        `there is no sequence symbol ${target.text} here`,
        near ? `did you mean ${near}?` : undefined,
      );
    }
    if (takeBranches(frame) >= 0) return place;
    this.#options.diagnostics.error(
      fieldSpan(statement.operation),
      'conditional assembly branched too often: is this an endless loop?',
      'ACTR sets the number of branches allowed, 4096 if it is absent',
    );
    return null;
  }

  /** MNOTE severity,'text': a message of the macro's author. From severity 8 on it is an error; * is a remark. */
  #message(statement: Statement, reader: ConditionalReader, frame: Frame): void {
    const { scanner } = reader;
    const remark = scanner.take('*');
    const severity = remark || scanner.next === "'" || scanner.next === ',' ? 1 : reader.sum();
    scanner.take(',');
    const text = reader.text();
    if (remark) return;
    this.#options.diagnostics.context = '';
    const span: Span =
      frame.macro === null ? fieldSpan(statement.operation) : { ...frame.outer, column: 1, endColumn: 2 };
    this.#options.diagnostics.report(severity >= 8 ? 'error' : 'warning', span, text);
  }

  /** A statement that is neither conditional nor a definition: a call, or one to be assembled. */
  *#model(statement: Statement, frame: Frame): Generator<Generated> {
    const { diagnostics } = this.#options;
    const filled = diagnostics.guard(() => this.#fill(statement, frame), null);
    if (!filled) {
      yield generated(statement, frame, true);
      return;
    }
    const macro = this.#macros.get(filled.operation.text.toUpperCase());
    if (macro) {
      if (frame.level === 0) yield generated(statement, frame, true);
      yield* this.#call(macro, filled, frame);
      return;
    }
    this.#note(filled);
    const name = filled.operation.text.toUpperCase();
    if (name === 'CSECT' || name === 'DSECT' || name === 'START') this.#section = filled.name.text;
    diagnostics.context = contextOf(frame);
    yield generated(filled, frame, false);
  }

  *#call(macro: MacroDefinition, statement: Statement, caller: Frame): Generator<Generated> {
    const { diagnostics } = this.#options;
    const frame = new Frame(macro.name, caller.level + 1, outerOf(statement, caller));
    frame.parameters.set('SYSNDX', String(++this.#calls).padStart(4, '0'));
    frame.parameters.set('SYSECT', this.#section);
    frame.parameters.set('SYSPARM', '');
    const bound = diagnostics.guard(() => {
      if (frame.level > DEEPEST_CALL)
        throw new Problem(
          fieldSpan(statement.operation),
          `macros call each other more than ${DEEPEST_CALL} deep`,
          'a macro that calls itself needs an AIF that ends it',
        );
      bindOperands(macro, statement.name.text, statement.operands, frame);
      return true;
    }, false);
    if (bound) yield* this.#run(macro.body, frame);
    diagnostics.context = contextOf(caller);
  }

  /** The statement with variable symbols replaced, and without its sequence symbol. */
  #fill(statement: Statement, frame: Frame): Statement {
    const put = (field: Field): Field => substitute(field, frame, this.#attributesOf);
    const operation = put(statement.operation);
    const replaced = put(statement.operands);
    // A value may bring blanks with it: they end the operands, as written ones do.
    const operands =
      replaced === statement.operands ? replaced : subfield(replaced, 0, operandEnd(replaced.text, 0));
    const isSequence = statement.name.text.startsWith('.');
    const name = isSequence ? generatedField('', fieldSpan(statement.operation)) : put(statement.name);
    const { file, line, remarks, comment, lines } = statement;
    return { file, line, name, operation, operands, remarks, comment, lines };
  }
}

/** Field by field: there is one of each line, and a spread takes three times as long. */
function generated(statement: Statement, frame: Frame, inert: boolean): Generated {
  const { file, line, name, operation, operands, remarks, comment, lines } = statement;
  const { level, macro } = frame;
  const outer = outerOf(statement, frame);
  return { file, line, name, operation, operands, remarks, comment, lines, level, outer, inert, macro };
}

const CONDITIONAL: ReadonlySet<string> = new Set(
  'AIF AGO ACTR ANOP MEXIT MEND MNOTE COPY SETA SETB SETC LCLA LCLB LCLC GBLA GBLB GBLC'.split(' '),
);

const outerOf = (statement: Statement, frame: Frame): { file: string; line: number } =>
  frame.level === 0 ? { file: statement.file, line: statement.line } : frame.outer;

const contextOf = (frame: Frame | null): string =>
  frame === null || frame.macro === null
    ? ''
    : `, in macro ${frame.macro} called in line ${frame.outer.line}`;

/** Index of the MEND that belongs to the MACRO at `at`; definitions may contain definitions. */
function endOfDefinition(body: readonly Statement[], at: number): number {
  let depth = 0;
  for (let i = at; i < body.length; i++) {
    if (body[i]!.comment) continue;
    const name = body[i]!.operation.text.toUpperCase();
    if (name === 'MACRO') depth++;
    else if (name === 'MEND' && --depth === 0) return i;
  }
  return body.length;
}
