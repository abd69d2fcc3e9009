/** Expressions of conditional assembly: SETA, SETB, SETC, AIF (GC33-4010, "Conditional assembly language"). */
import { toEbcdic } from '../../../base/ebcdic.ts';
import { generatedField } from '../../core/field.ts';
import { Scanner } from '../../core/scanner.ts';
import { selfDefining, SYMBOL } from '../self-defining.ts';
import { entryCount } from './frame.ts';
import { VariableReader } from './variable-reader.ts';

/** Longest value of a SETC symbol. */
const LONGEST_TEXT = 255;
const RELATIONS: Readonly<Record<string, (order: number) => boolean>> = {
  EQ: (order) => order === 0,
  NE: (order) => order !== 0,
  LT: (order) => order < 0,
  GT: (order) => order > 0,
  LE: (order) => order <= 0,
  GE: (order) => order >= 0,
};

/** Shorter is less, then the EBCDIC order decides. */
function compareTexts(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return toEbcdic(a[i]!) - toEbcdic(b[i]!);
  return 0;
}

/** Reads one field, evaluating as it goes: values of variable symbols are known at that moment. */
export class ConditionalReader extends VariableReader {
  #blanks(): void {
    this.scanner.match(/ +/y);
  }

  /** Passes the operator `word` if it comes next. */
  #word(word: string): boolean {
    this.#blanks();
    return this.scanner.match(new RegExp(`${word}(?![A-Z0-9])`, 'iy')) !== '';
  }

  /** A logical or arithmetic expression: comparisons give 1 or 0. */
  expression(): number {
    this.deeper();
    let left = this.#conjunction();
    while (this.#word('OR')) {
      const right = this.#conjunction();
      left = left !== 0 || right !== 0 ? 1 : 0;
    }
    this.depth--;
    return left;
  }

  #conjunction(): number {
    let left = this.#negation();
    while (this.#word('AND')) {
      const right = this.#negation();
      left = left !== 0 && right !== 0 ? 1 : 0;
    }
    return left;
  }

  #negation(): number {
    let negated = false;
    while (this.#word('NOT')) negated = !negated;
    const value = this.#relation();
    return negated ? (value === 0 ? 1 : 0) : value;
  }

  #relation(): number {
    this.#blanks();
    const asText = this.#textNext();
    const left = asText ? this.text() : this.sum();
    this.#blanks();
    const from = this.scanner.position;
    const word = this.scanner.match(/[A-Z]{2}(?![A-Z0-9])/iy).toUpperCase();
    const holds = RELATIONS[word];
    if (!holds) {
      this.scanner.position = from;
      if (typeof left === 'number') return left;
      return this.scanner.fail(
        `expected a comparison but found ${this.scanner.found()}`,
        'EQ NE LT GT LE GE',
      );
    }
    this.#blanks();
    if (typeof left === 'string') return holds(compareTexts(left, this.text())) ? 1 : 0;
    return holds(left - this.sum()) ? 1 : 0;
  }

  #textNext(): boolean {
    return /^(?:'|T'|\(\d+\)')/i.test(
      this.scanner.text.slice(this.scanner.position, this.scanner.position + 12),
    );
  }

  /** An arithmetic expression. */
  override sum(): number {
    let left = this.#product();
    while (this.scanner.next === '+' || this.scanner.next === '-') {
      const sign = this.scanner.take('+') ? 1 : (this.scanner.take('-'), -1);
      left = this.#checked(left + sign * this.#product());
    }
    return left;
  }

  #product(): number {
    let left = this.#signed();
    while (this.scanner.next === '*' || this.scanner.next === '/') {
      const times = this.scanner.take('*') || (this.scanner.take('/'), false);
      const right = this.#signed();
      left = this.#checked(times ? left * right : right === 0 ? 0 : Math.trunc(left / right));
    }
    return left;
  }

  #checked(value: number): number {
    if (Math.abs(value) > 0x7fff_ffff) this.scanner.fail(`the value ${value} does not fit in 32 bits`);
    return value;
  }

  #signed(): number {
    const minuses = this.scanner.match(/[+-]+/y).replaceAll('+', '').length;
    const value = this.#term();
    return minuses % 2 === 0 ? value : -value;
  }

  #term(): number {
    const { scanner } = this;
    if (scanner.take('(')) {
      const value = this.expression();
      this.#blanks();
      scanner.expect(')');
      return value;
    }
    const attribute = scanner.match(/[KNL]'(?=[&A-Z$#@_])/iy);
    if (attribute !== '') return this.#attribute(attribute[0]!.toUpperCase());
    if (scanner.next === '&') return this.#number();
    return (
      selfDefining(scanner) ??
      scanner.fail(
        `expected a number or a variable symbol but found ${scanner.found()}`,
        "terms are numbers, variable symbols such as &N, and attributes such as K'&N",
      )
    );
  }

  #attribute(letter: string): number {
    const { scanner } = this;
    if (scanner.next !== '&') {
      const name = scanner.match(SYMBOL);
      if (letter === 'L') return this.attributesOf(name)?.length ?? 1;
      return scanner.fail(`${letter}' needs a variable symbol, as in ${letter}'&P`);
    }
    const from = scanner.position;
    const reference = this.reference();
    if (letter === 'L') return this.attributesOf(this.textOf(reference, from))?.length ?? 1;
    if (letter === 'K') return this.textOf(reference, from).length;
    if (reference.name === 'SYSLIST' && reference.subscripts.length === 0)
      return this.frame.positional.length;
    const variable = reference.symbol;
    return variable ? Math.max(0, ...variable.values.keys()) : entryCount(this.textOf(reference, from));
  }

  /** A variable symbol that comes next, as a number. */
  #number(): number {
    const from = this.scanner.position;
    const reference = this.reference();
    const text = this.textOf(reference, from);
    if (/^-?\d{1,10}$/.test(text)) return this.#checked(Number(text));
    const inner = new Scanner(generatedField(text, this.scanner.span(from)));
    const value = selfDefining(inner);
    if (value !== null && inner.done) return value;
    return this.scanner.fail(
      text === ''
        ? `&${reference.name} is empty where a number is expected`
        : `&${reference.name} is ${text}, which is no number`,
      "compare texts between apostrophes, as in ('&P' EQ '')",
      from,
      this.scanner.position,
    );
  }

  /** A character expression: strings, substrings 'ABC'(2,1), T'&P, joined by periods. */
  text(): string {
    const { scanner } = this;
    let value = '';
    do {
      const copies = scanner.next === '(' ? this.#parenthesised() : 1;
      const part = scanner.match(/T'(?=[&A-Z$#@_])/iy)
        ? this.#typeAttribute()
        : this.#substring(this.#string());
      if (part.length * copies > LONGEST_TEXT) this.#tooLong();
      value += part.repeat(Math.max(0, copies));
    } while (scanner.take('.') || scanner.next === "'");
    if (value.length > LONGEST_TEXT) this.#tooLong();
    return value;
  }

  #tooLong(): never {
    return this.scanner.fail(`a character value has at most ${LONGEST_TEXT} characters`);
  }

  #parenthesised(): number {
    this.scanner.expect('(');
    const value = this.sum();
    this.scanner.expect(')');
    return value;
  }

  #string(): string {
    const { scanner } = this;
    const opening = scanner.position;
    scanner.expect("'", 'a text stands between apostrophes');
    let text = '';
    for (;;) {
      if (scanner.done) scanner.fail('the closing apostrophe is missing', undefined, opening);
      if (scanner.take("''")) text += "'";
      else if (scanner.take("'")) return text;
      else if (scanner.take('&&')) text += '&&';
      else if (scanner.next === '&' && /[A-Z$#@_]/i.test(scanner.text[scanner.position + 1] ?? ''))
        text += this.variable();
      else text += scanner.text[scanner.position++]!;
    }
  }

  #substring(text: string): string {
    const { scanner } = this;
    if (!scanner.take('(')) return text;
    const from = scanner.position;
    const start = this.sum();
    scanner.expect(',', "a substring is 'TEXT'(start,length)");
    const length = this.sum();
    scanner.expect(')');
    if (start < 1 || length < 0)
      scanner.fail('a substring begins at character 1 or later', undefined, from, scanner.position);
    return text.slice(start - 1, start - 1 + length);
  }

  #typeAttribute(): string {
    const { scanner } = this;
    const from = scanner.position;
    const text = scanner.next === '&' ? this.textOf(this.reference(), from) : scanner.match(SYMBOL);
    if (text === '') return 'O';
    if (/^(?:\d+|X'[0-9A-F]+'|B'[01]+'|C'.+')$/i.test(text)) return 'N';
    return this.attributesOf(text)?.type ?? 'U';
  }
}
