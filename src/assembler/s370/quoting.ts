/** Where an operand field ends and where its commas are: apostrophes, attributes and parentheses (GC33-4010, "Coding"). */

/** Letters that, followed by an apostrophe and a symbol, ask for an attribute instead of opening a string. */
const ATTRIBUTE = /[LTKNSI]/i;
const WORD = /[A-Z0-9$#@_&]/i;

/** Whether the apostrophe at `at` belongs to an attribute such as L'NAME, not to a string. */
export function isAttributeApostrophe(text: string, at: number): boolean {
  return (
    ATTRIBUTE.test(text[at - 1] ?? '') &&
    !WORD.test(text[at - 2] ?? '') &&
    /[A-Z$#@_&*=]/i.test(text[at + 1] ?? '')
  );
}

/** Walks over text and knows at each character whether it stands in a string, and how deep in parentheses. */
export class QuoteTracker {
  inString = false;
  depth = 0;

  step(text: string, at: number): void {
    const character = text[at];
    if (character === "'") {
      if (this.inString || !isAttributeApostrophe(text, at)) this.inString = !this.inString;
    } else if (!this.inString) {
      if (character === '(') this.depth++;
      else if (character === ')') this.depth--;
    }
  }
}

/** Offset of the first blank outside strings (and, if `blanksInside`, outside parentheses), or the end. */
export function operandEnd(text: string, from: number, blanksInside = false): number {
  const quotes = new QuoteTracker();
  for (let at = from; at < text.length; at++) {
    quotes.step(text, at);
    const blank = text[at] === ' ' || text[at] === '\t';
    if (blank && !quotes.inString && !(blanksInside && quotes.depth > 0)) return at;
  }
  return text.length;
}

/** Offsets [from, to) of the operands between commas that stand outside strings and parentheses. */
export function splitAtCommas(text: string, start = 0, end = text.length): [number, number][] {
  const parts: [number, number][] = [];
  const quotes = new QuoteTracker();
  let from = start;
  for (let at = start; at < end; at++) {
    quotes.step(text, at);
    if (text[at] !== ',' || quotes.inString || quotes.depth > 0) continue;
    parts.push([from, at]);
    from = at + 1;
  }
  parts.push([from, end]);
  return parts;
}
