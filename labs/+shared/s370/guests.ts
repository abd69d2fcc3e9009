/**
 * The System/370 guests: each is one source under guests/, and its header comment says all that there is to know to
 * run it and to check the result. Lines of the header that mean something to a program:
 *
 *     * storage: 128K                                main storage it needs
 *     * devices: 009=3215 191=3330                   devices it needs, by address
 *     * optional: 2A0=2305                           devices it uses if they are there
 *     * cards: payroll                               deck in the reader, from decks/
 *     * type: HELP                                   a line typed at the console; in the order written
 *     * seconds: 60                                  most simulated seconds that it may take (20 if not said)
 *     * expect: R2 = 0000000A                        a general register at the end
 *     * expect: storage RESULT = 0000000A 00000001   words at a label
 *     * expect: console HELLO                        a line of the console
 *     * expect: printer TOTAL                        a line of the printer
 *
 * A line of console or printer matches if it contains the text. Every guest starts with the PSW at location 0 and has
 * failed unless it ends in a disabled wait at address 0.
 */

export interface GuestDevice {
  readonly address: number;
  /** Type number as IBM gave it, such as '3215'. */
  readonly type: string;
}

export type Expectation =
  | { readonly kind: 'register'; readonly register: number; readonly value: number }
  | { readonly kind: 'storage'; readonly symbol: string; readonly words: readonly number[] }
  | { readonly kind: 'console' | 'printer'; readonly text: string };

export interface Guest {
  readonly name: string;
  readonly source: string;
  /** First line of the header: what the guest is. */
  readonly title: string;
  /** Bytes of main storage. */
  readonly storage: number;
  readonly devices: readonly GuestDevice[];
  readonly optionalDevices: readonly GuestDevice[];
  /** Name of the deck in the reader, or null. */
  readonly cards: string | null;
  /** Lines typed at the console. */
  readonly typed: readonly string[];
  readonly seconds: number;
  readonly expectations: readonly Expectation[];
}

type Texts = Record<string, string>;
const SOURCES = import.meta.glob<string>('./guests/*.s', {
  query: '?raw',
  import: 'default',
  eager: true,
}) as Texts;
const DECKS = import.meta.glob<string>('./decks/*.cards', {
  query: '?raw',
  import: 'default',
  eager: true,
}) as Texts;

/** File name without folder and extension. */
const stem = (path: string): string => /([^/]+)\.[^./]+$/.exec(path)![1]!;

const byStem = (texts: Texts): ReadonlyMap<string, string> =>
  new Map(Object.entries(texts).map(([path, text]) => [stem(path), text]));

const decks = byStem(DECKS);

/** The cards of a deck, of at most 80 characters each. */
export const deckOf = (name: string): readonly string[] => {
  const text = decks.get(name);
  if (text === undefined)
    throw new Error(`there is no deck ${name}; decks are ${[...decks.keys()].join(', ')}`);
  return text.replace(/\n$/, '').split('\n');
};

/** Values of the header lines `* key: value`, in order. */
function headerValues(source: string, key: string): string[] {
  const lines = source.matchAll(new RegExp(`^\\* ${key}: *(.*?) *$`, 'gm'));
  return [...lines].map(([, value]) => value!);
}

function devicesIn(lines: readonly string[]): GuestDevice[] {
  return lines
    .flatMap((line) => line.split(' '))
    .map((each) => {
      const [address = '', type = ''] = each.split('=');
      return { address: parseInt(address, 16), type };
    });
}

function expectationIn(name: string, text: string): Expectation {
  const register = /^R(\d+) = ([0-9A-F]{8})$/.exec(text);
  if (register) return { kind: 'register', register: Number(register[1]), value: parseInt(register[2]!, 16) };
  const storage = /^storage (\S+) = ([0-9A-F]{8}(?: [0-9A-F]{8})*)$/.exec(text);
  if (storage)
    return {
      kind: 'storage',
      symbol: storage[1]!,
      words: storage[2]!.split(' ').map((word) => parseInt(word, 16)),
    };
  const output = /^(console|printer) (.+)$/.exec(text);
  if (output) return { kind: output[1] as 'console' | 'printer', text: output[2]! };
  throw new Error(`guest ${name}: cannot read the expectation "${text}"`);
}

function describe(name: string, source: string): Guest {
  return {
    name,
    source,
    title: /^\* (.*?)[ *]*$/m.exec(source.replace(/^\*-+\*\n/, ''))?.[1] ?? name,
    storage: 1024 * parseInt(headerValues(source, 'storage')[0] ?? '256K', 10),
    devices: devicesIn(headerValues(source, 'devices')),
    optionalDevices: devicesIn(headerValues(source, 'optional')),
    cards: headerValues(source, 'cards')[0] ?? null,
    typed: headerValues(source, 'type'),
    seconds: Number(headerValues(source, 'seconds')[0] ?? 20),
    expectations: headerValues(source, 'expect').map((text) => expectationIn(name, text)),
  };
}

/** Every guest, in the order of their names. */
export const GUESTS: readonly Guest[] = [...byStem(SOURCES)]
  .map(([name, source]) => describe(name, source))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

export const guestNamed = (name: string): Guest => {
  const guest = GUESTS.find((each) => each.name === name);
  if (!guest)
    throw new Error(`there is no guest ${name}; guests are ${GUESTS.map((g) => g.name).join(', ')}`);
  return guest;
};
