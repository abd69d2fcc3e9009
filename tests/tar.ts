/** Archives for tests, as tar writes them. */

const encoder = new TextEncoder();

interface Entry {
  readonly path: string;
  /** The type flag: '0' a file, '2' a link, '5' a directory, 'x' a pax header, … */
  readonly type?: string;
  readonly contents?: string | Uint8Array;
  readonly target?: string;
}

function block({ path, type = '0', contents = '', target = '' }: Entry): Uint8Array[] {
  const bytes = typeof contents === 'string' ? encoder.encode(contents) : contents;
  const head = new Uint8Array(512);
  const field = (at: number, value: string): void => head.set(encoder.encode(value), at);
  field(0, path);
  field(100, '0000755');
  field(124, bytes.length.toString(8).padStart(11, '0'));
  field(148, ' '.repeat(8));
  field(156, type);
  field(157, target);
  const sum = head.reduce((total, byte) => total + byte, 0);
  field(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  const body = new Uint8Array(Math.ceil(bytes.length / 512) * 512);
  body.set(bytes);
  return [head, body];
}

export function tarOf(entries: readonly Entry[]): Uint8Array {
  const blocks = [...entries.flatMap(block), new Uint8Array(1024)];
  const whole = new Uint8Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const each of blocks) {
    whole.set(each, at);
    at += each.length;
  }
  return whole;
}

/** Files by path. */
export const tar = (files: Readonly<Record<string, string | Uint8Array>>): Uint8Array =>
  tarOf(Object.entries(files).map(([path, contents]) => ({ path, contents })));
