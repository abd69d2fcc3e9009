/**
 * The preprocessor: from source text to the lines that are assembled, macros expanded, conditions decided, files
 * included. NASM manual, chapter 4.
 */
import type { Span } from '../../../base/diagnostics.ts';
import { nearest } from '../../../base/nearest.ts';
import { Problem, type Diagnostics } from '../../core/problem.ts';
import { evaluateNow } from '../expression.ts';
import { textOf, tokensOf, type Token } from '../tokens.ts';
import { conditionOf, Conditions, NO_SYMBOLS } from './conditions.ts';
import { Defines } from './defines.ts';
import { spanOf, type Line } from './line.ts';
import {
  accepts,
  argumentsOf,
  fillIn,
  macroHeading,
  rotate,
  splitAtCommas,
  type Call,
  type Macro,
} from './macros.ts';

/** So that every source comes to an end. */
const MOST_LINES = 200_000;
const DEEPEST = 64;

/** The text of an included file, or null if there is none. */
export type Include = (name: string) => string | null;

/** Thrown by %exitrep to the loop around it. */
class ExitRepetition extends Error {}
/** Thrown where nothing after it makes sense: %fatal, or a source without end. */
class Stop extends Error {}

const OPENING: Readonly<Record<string, string>> = {
  '%macro': '%endmacro',
  '%imacro': '%endmacro',
  '%rep': '%endrep',
};
const CLOSING = new Set(['%endmacro', '%endrep']);

export class Preprocessor {
  private readonly defines = new Defines();
  private readonly macros = new Map<string, Macro[]>();
  private readonly conditions = new Conditions();
  private readonly diagnostics: Diagnostics;
  private readonly include: Include;
  private readonly out: Line[] = [];
  private serial = 0;
  private depth = 0;

  constructor(diagnostics: Diagnostics, include: Include) {
    this.diagnostics = diagnostics;
    this.include = include;
  }

  /** All lines that `source` stands for. */
  process(source: string, file: string): readonly Line[] {
    try {
      this.lines(this.read(source, file, null), null);
    } catch (error) {
      // What was to come is unknown: to assemble half a source would only add errors that are none.
      if (error instanceof Stop) return [];
      if (!(error instanceof ExitRepetition)) throw error;
    }
    return this.out;
  }

  private read(source: string, file: string, outer: Line['outer'] | null): Line[] {
    const texts = source.split(/\r\n|\n|\r/);
    const lines: Line[] = [];
    for (let i = 0; i < texts.length; i++) {
      const line = i + 1;
      let text = texts[i]!;
      // A backslash at its end continues a line.
      while (text.endsWith('\\') && i + 1 < texts.length) text = `${text.slice(0, -1)} ${texts[++i]!}`;
      const tokens = this.diagnostics.guard(() => tokensOf(text, file, line), []);
      lines.push({ tokens, text, file, line, outer: outer ?? { file, line }, macro: null });
    }
    return lines;
  }

  /** Works through `lines`; those of a macro's body have their parameters filled in by `call`. */
  private lines(lines: readonly Line[], call: Call | null): void {
    const depth = this.conditions.depth;
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i]!;
      const directive = directiveOf(line);
      const closing = OPENING[directive];
      if (closing === undefined) {
        this.guard(line, () => this.line(line, call));
        continue;
      }
      const end = this.endOf(lines, i, directive, closing);
      const body = lines.slice(i + 1, end);
      if (this.conditions.active)
        this.guard(line, () => {
          if (directive === '%rep') this.repeat(line, body, call);
          else this.defineMacro(line, body);
        });
      i = end;
    }
    const unfinished = this.conditions.depth > depth ? this.conditions.unfinished : null;
    if (unfinished) this.diagnostics.error(unfinished, 'this %if has no %endif');
    this.conditions.closeTo(depth);
  }

  private guard(line: Line, work: () => void): void {
    const context = this.diagnostics.context;
    if (line.macro !== null) this.diagnostics.context = contextOf(line);
    this.diagnostics.guard(work, undefined);
    this.diagnostics.context = context;
    if (this.diagnostics.overflowing) throw new Stop();
  }

  /** Index of the line that ends what begins at `start`. */
  private endOf(lines: readonly Line[], start: number, opening: string, closing: string): number {
    let depth = 0;
    for (let i = start; i < lines.length; i++) {
      const directive = directiveOf(lines[i]!);
      if (OPENING[directive] === closing) depth++;
      if (directive === closing && --depth === 0) return i;
    }
    this.diagnostics.error(lines[start]!.tokens[0]!.span, `this ${opening} has no ${closing}`);
    return lines.length;
  }

  private line(raw: Line, call: Call | null): void {
    const condition = conditionOf(directiveOf(raw));
    if (!condition && !this.conditions.active && !/^%(else|endif)$/.test(directiveOf(raw))) return;
    const line = call ? fillIn(raw, call, raw.outer) : raw;
    const [first, ...rest] = line.tokens;
    if (first?.kind !== 'word' || !/^%[a-z]/i.test(first.text)) {
      this.statement(line);
      return;
    }
    const around = { defines: this.defines, isMacro: (name: string) => this.macros.has(name) };
    if (condition) {
      const test = (): boolean => condition.test(rest, around, first.span);
      if (condition.begins) this.conditions.begin(first.span, test);
      else this.conditions.otherwise(first.span, test);
      return;
    }
    const directive = first.text.toLowerCase();
    if (directive === '%else') this.conditions.otherwise(first.span, null);
    else if (directive === '%endif') this.conditions.end(first.span);
    else this.directive(directive, first, rest, line, call);
  }

  // ---------------------------------------------------------------- directives

  private directive(name: string, at: Token, rest: readonly Token[], line: Line, call: Call | null): void {
    switch (name) {
      case '%define':
      case '%idefine':
      case '%xdefine': {
        this.define(rest, at.span, name === '%xdefine');
        return;
      }
      case '%assign': {
        const value = evaluateNow(this.defines.expand(rest.slice(1)), NO_SYMBOLS, at.span, 'the value');
        this.setText(nameIn(rest, at.span), [{ ...at, kind: 'number', text: `${Math.abs(value)}` }], value);
        return;
      }
      case '%strlen': {
        const text = this.defines.expand(rest.slice(1))[0]?.text ?? '';
        this.setText(nameIn(rest, at.span), [{ ...at, kind: 'number', text: String(text.length) }], 0);
        return;
      }
      case '%undef': {
        this.defines.remove(nameIn(rest, at.span));
        return;
      }
      case '%include': {
        this.includeFile(rest, at.span, line);
        return;
      }
      case '%error':
      case '%warning':
      case '%fatal':
        this.diagnostics.report(name === '%warning' ? 'warning' : 'error', at.span, messageIn(rest));
        if (name === '%fatal') throw new Stop();
        return;
      case '%rotate': {
        const negative = rest[0]?.text === '-';
        const count = rest[negative ? 1 : 0];
        if (!call || !count) throw new Problem(at.span, '%rotate needs a number, within a macro');
        rotate(call, count, negative ? -1 : 1);
        return;
      }
      case '%exitrep':
        throw new ExitRepetition();
      case '%line':
        return;
      default:
        if (CLOSING.has(name)) throw new Problem(at.span, `${name} without its beginning`);
        throw new Problem(at.span, `${at.text} is no directive`, hintFor(name));
    }
  }

  private define(rest: readonly Token[], span: Span, now: boolean): void {
    const name = nameIn(rest, span);
    const open = rest[1];
    let parameters: string[] | null = null;
    let body = rest.slice(1);
    if (open?.text === '(' && !open.spaced && open.kind === 'mark') {
      const close = rest.findIndex(({ text }) => text === ')');
      if (close < 0) throw new Problem(open.span, 'the parameters have no closing parenthesis');
      parameters = splitAtCommas(rest.slice(2, close)).map(textOf);
      body = rest.slice(close + 1);
    }
    this.defines.set({ name, parameters, body: now ? this.defines.expand(body) : body });
  }

  /** Defines `name` as a number, negative ones in parentheses. */
  private setText(name: string, [number]: readonly [Token], value: number): void {
    const mark = (text: string): Token => ({ ...number, kind: 'mark', text, spaced: false });
    const body = value < 0 ? [mark('('), mark('-'), number, mark(')')] : [number];
    this.defines.set({ name, parameters: null, body });
  }

  private includeFile(rest: readonly Token[], span: Span, line: Line): void {
    const name = this.defines.expand(rest)[0];
    if (name?.kind !== 'string') throw new Problem(span, '%include needs the name of a file in quotes');
    const source = this.include(name.text);
    if (source === null) throw new Problem(name.span, `there is no file ${name.text}`);
    this.deeper(span, () => this.lines(this.read(source, name.text, line.outer), null));
  }

  private repeat(line: Line, body: readonly Line[], call: Call | null): void {
    const { tokens } = call ? fillIn(line, call, line.outer) : line;
    const { span } = tokens[0]!;
    const count = evaluateNow(this.defines.expand(tokens.slice(1)), NO_SYMBOLS, span, 'the count');
    const { depth } = this.conditions;
    try {
      for (let i = 0; i < count; i++) this.deeper(span, () => this.lines(body, call));
    } catch (error) {
      if (!(error instanceof ExitRepetition)) throw error;
      this.conditions.closeTo(depth);
    }
  }

  private defineMacro(line: Line, body: readonly Line[]): void {
    const macro = { ...macroHeading(line), body };
    const others = this.macros.get(macro.name) ?? [];
    this.macros.set(macro.name, [...others.filter((other) => other.fewest !== macro.fewest), macro]);
  }

  private deeper(span: Span, work: () => void): void {
    if (this.depth >= DEEPEST) {
      this.diagnostics.error(span, 'macros and files go too deep here', 'look for one that contains itself');
      throw new Stop();
    }
    this.depth++;
    try {
      work();
    } finally {
      this.depth--;
    }
  }

  // ---------------------------------------------------------------- statements

  private statement(line: Line): void {
    const tokens = joined(this.defines.expand(line.tokens));
    const at = this.macroAt(tokens);
    if (at < 0) {
      this.emit({ ...line, tokens });
      return;
    }
    const name = tokens[at]!;
    const given = tokens.slice(at + 1);
    const candidates = this.macros.get(name.text.toLowerCase())!;
    const count = splitAtCommas(given).length;
    const macro = candidates.find((each) => accepts(each, count));
    if (!macro)
      throw new Problem(
        name.span,
        `${name.text} takes ${candidates.map(countOf).join(' or ')} parameters, here are ${count}`,
      );
    const label = tokens.slice(0, at);
    if (label.length > 0) this.emit({ ...line, tokens: label });
    const call: Call = { macro, arguments: argumentsOf(macro, given), serial: ++this.serial, label };
    this.deeper(name.span, () =>
      this.lines(
        macro.body.map((each) => ({ ...each, outer: line.outer, macro: macro.name })),
        call,
      ),
    );
  }

  private emit(line: Line): void {
    if (this.out.length >= MOST_LINES) {
      this.diagnostics.error(spanOf(line), `the source stands for more than ${MOST_LINES} lines`);
      throw new Stop();
    }
    this.out.push(line);
  }

  /** Index of the macro's name in a call, behind a label if there is one; −1 if the line calls none. */
  private macroAt(tokens: readonly Token[]): number {
    const isMacro = (token: Token | undefined): boolean =>
      token?.kind === 'word' && this.macros.has(token.text.toLowerCase());
    if (isMacro(tokens[0]) && tokens[1]?.text !== ':') return 0;
    if (tokens[0]?.kind !== 'word') return -1;
    const second = tokens[1]?.text === ':' ? 2 : 1;
    return isMacro(tokens[second]) ? second : -1;
  }
}

/** `a %+ b` is one name. */
function joined(tokens: readonly Token[]): readonly Token[] {
  if (!tokens.some(({ text, kind }) => text === '%+' && kind === 'mark')) return tokens;
  const out: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    const before = out.at(-1);
    const after = tokens[i + 1];
    if (token.text === '%+' && token.kind === 'mark' && before && after) {
      out[out.length - 1] = { ...before, text: before.text + after.text };
      i++;
    } else out.push(token);
  }
  return out;
}

/** The preprocessor's word that a line begins with, in lower case, or ''. */
function directiveOf({ tokens }: Line): string {
  const [first] = tokens;
  return first?.kind === 'word' && /^%[a-z]/i.test(first.text) ? first.text.toLowerCase() : '';
}

function nameIn(tokens: readonly Token[], span: Span): string {
  const [name] = tokens;
  if (name?.kind !== 'word') throw new Problem(name?.span ?? span, 'a name is missing here');
  return name.text;
}

const messageIn = (tokens: readonly Token[]): string =>
  tokens.length === 1 && tokens[0]!.kind === 'string' ? tokens[0]!.text : textOf(tokens);

const countOf = ({ fewest, most, greedy }: Macro): string =>
  fewest === most && !greedy
    ? String(fewest)
    : `${fewest} to ${most === Infinity || greedy ? 'any number of' : most}`;

const DIRECTIVES = [
  ...['%define', '%xdefine', '%assign', '%undef', '%macro', '%endmacro', '%rep', '%endrep', '%exitrep'],
  ...['%if', '%ifdef', '%ifndef', '%elif', '%else', '%endif', '%include', '%error', '%warning', '%rotate'],
  '%strlen',
];

function hintFor(name: string): string | undefined {
  const near = nearest(name, DIRECTIVES);
  return near ? `did you mean ${near}?` : undefined;
}

/** Appended to messages about a macro's line. */
export const contextOf = ({ macro, outer }: Line): string =>
  macro === null ? '' : `, in macro ${macro} called in line ${outer.line}`;
