/** Self-defining terms and the characters that symbols are made of (GC33-4010, "Terms"). */
import { toEbcdic } from '../../base/ebcdic.ts';
import type { Scanner } from '../core/scanner.ts';

/** Letters, digits and the national characters; Assembler H allows 63 of them. */
export const SYMBOL = /[A-Z$#@_][A-Z0-9$#@_]{0,62}/iy;

export const isSymbol = (text: string): boolean => /^[A-Z$#@_][A-Z0-9$#@_]{0,62}$/i.test(text);

/** The text of a string whose opening apostrophe comes next; doubled apostrophes count once, as do ampersands. */
export function quoted(scanner: Scanner): string {
  const opening = scanner.position;
  scanner.expect("'");
  let text = '';
  for (;;) {
    if (scanner.done)
      scanner.fail(
        'the closing apostrophe is missing',
        "an apostrophe inside a string is written ''",
        opening,
        opening + 1,
      );
    if (scanner.take("''")) text += "'";
    else if (scanner.take('&&')) text += '&';
    else if (scanner.take("'")) return text;
    else text += scanner.text[scanner.position++]!;
  }
}

/** A number, X'..', B'..' or C'..' that comes next; null if none does. Four bytes at most, read as a signed word. */
export function selfDefining(scanner: Scanner): number | null {
  const from = scanner.position;
  const digits = scanner.match(/\d+/y);
  if (digits !== '') {
    const value = Number(digits);
    if (value > 0x7fff_ffff)
      scanner.fail(
        `${digits} is too large: a decimal term is at most 2147483647`,
        undefined,
        from,
        scanner.position,
      );
    return value;
  }
  const kind = scanner.match(/[XBC](?=')/iy).toUpperCase();
  if (kind === '') return null;
  const text = quoted(scanner);
  const value = kind === 'C' ? characters(text) : parseDigits(text, kind === 'X' ? 16 : 2);
  if (value === null) {
    const expected = { X: '1 to 8 hexadecimal digits', B: '1 to 32 binary digits', C: '1 to 4 characters' }[
      kind
    ];
    scanner.fail(`expected ${expected} in ${kind}'${text}'`, undefined, from, scanner.position);
  }
  return value;
}

function parseDigits(text: string, radix: 2 | 16): number | null {
  const valid = radix === 16 ? /^[0-9A-F]{1,8}$/i : /^[01]{1,32}$/;
  return valid.test(text) ? parseInt(text, radix) | 0 : null;
}

function characters(text: string): number | null {
  const all = Array.from(text);
  if (all.length < 1 || all.length > 4) return null;
  return all.reduce((word, character) => (word << 8) | toEbcdic(character), 0);
}
