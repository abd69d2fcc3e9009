/** Reads a file that claims to be a hand-in. Nothing in it is trusted: size, depth and shape are checked before use. */
import { HAND_IN_FORMAT, HAND_IN_VERSION, handInSchema, type HandIn } from './hand-in.ts';
import { MOST } from './limits.ts';

export type HandInRead =
  | { readonly kind: 'ok'; readonly handIn: HandIn }
  /** Ends in the middle, or is damaged: no JSON. */
  | { readonly kind: 'truncated' }
  /** Made by a later edition of the site. */
  | { readonly kind: 'too-new'; readonly version: number }
  /** No hand-in: too large, too deep, or not of its shape; `where` says which part. */
  | { readonly kind: 'malformed'; readonly where: string };

const malformed = (where: string): HandInRead => ({ kind: 'malformed', where });

export function readHandIn(bytes: Uint8Array): HandInRead {
  if (bytes.length > MOST.handIn) return malformed(`larger than ${MOST.handIn / 1e6} MB`);
  const text = decoded(bytes);
  if (text === null) return malformed('not UTF-8');
  const depth = depthOf(text);
  if (depth > MOST.depth) return malformed(`more than ${MOST.depth} brackets within each other`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text.trimStart().startsWith('{') ? { kind: 'truncated' } : malformed('not JSON');
  }
  return readValue(value);
}

function readValue(value: unknown): HandInRead {
  if (typeof value !== 'object' || value === null || !('format' in value) || value.format !== HAND_IN_FORMAT)
    return malformed(`no format "${HAND_IN_FORMAT}"`);
  if ('version' in value && typeof value.version === 'number' && value.version > HAND_IN_VERSION)
    return { kind: 'too-new', version: value.version };
  const read = handInSchema.safeParse(value);
  if (read.success) return { kind: 'ok', handIn: read.data };
  const [issue] = read.error.issues;
  return malformed(`${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}`.slice(0, 200));
}

function decoded(bytes: Uint8Array): string | null {
  try {
    // As a stream: a file that was cut inside a character is a cut file, not a strange one.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
}

/** Most brackets open at once, outside strings; seen before a parser recurses into them. */
function depthOf(text: string): number {
  let [depth, most, quoted] = [0, 0, false];
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i);
    if (quoted) {
      if (character === BACKSLASH) i++;
      else if (character === QUOTE) quoted = false;
    } else if (character === QUOTE) quoted = true;
    else if (character === OPEN_BRACE || character === OPEN_BRACKET) most = Math.max(most, ++depth);
    else if (character === CLOSE_BRACE || character === CLOSE_BRACKET) depth--;
  }
  return most;
}

const [QUOTE, BACKSLASH, OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [
  0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d,
];
