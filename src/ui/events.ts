/** Events in words, in the reader's language. */
import type { EventView } from '../protocol/frame.ts';
import { formatNumber, hex, hexAddress } from './format.ts';
import type { Locale, Words } from './i18n/index.ts';
import { wordsIn } from './i18n/index.ts';
import { baseOf, rowName, type LayerNames, type Row } from './layers.ts';

const detailOf = (event: EventView, key: string): string => {
  const value = event.detail[key];
  return value === undefined ? '' : String(value);
};

/** An interruption of the real machine: it goes to the monitor if there is one, else to the system that runs bare. */
const INTERRUPTIONS = [
  'program-interruption',
  'svc',
  'external-interruption',
  'io-interruption',
  'machine-check',
  'restart',
];

export const isInterruption = ({ kind }: EventView): boolean => INTERRUPTIONS.includes(kind);

function actorOf(event: EventView, rows: readonly Row[]): Row {
  if (!isInterruption(event)) return event;
  const own = (...layers: readonly string[]) =>
    rows.find(({ layer, level }) => layers.includes(baseOf(layer)) && level === 0);
  const { layer, level } = own('monitor') ?? own('host', 'guest-kernel') ?? event;
  return { layer: baseOf(layer), level };
}

/** What an interruption is called: by its code, else by the event itself. */
function nameOf(event: EventView, words: Words): string {
  const code = event.detail['code'];
  const kind = detailOf(event, 'class');
  const program = event.kind === 'program-interruption' || kind === 'program';
  const byCode = program && typeof code === 'number' ? words.programInterruptions[code & 0xff] : undefined;
  const name = detailOf(event, 'name') || detailOf(event, 'text').trim();
  return byCode ?? words.classes[kind] ?? words.externalNames[name] ?? name;
}

/** A device or an address, printed as the manuals do when it comes as a number. */
function printed(event: EventView, key: string, print: (value: number) => string): string {
  const value = event.detail[key];
  return typeof value === 'number' ? print(value) : (value ?? '');
}

/** "trap: LPSW at 001F40 (privileged-operation exception), CP takes over" */
export function eventSentence(
  event: EventView,
  locale: Locale,
  names: LayerNames = {},
  rows: readonly Row[] = [],
): string {
  const words = wordsIn[locale];
  const address = event.address === null ? '' : hexAddress(event.address);
  const sentence = words.sentences[event.kind];
  if (!sentence) return words.otherEvent(words.kinds[event.kind] ?? event.kind, address);
  return sentence({
    mnemonic: detailOf(event, 'mnemonic'),
    at: address,
    layer: rowName(actorOf(event, rows), names, words, rows),
    subject: event.subject,
    code: detailOf(event, 'code'),
    device: printed(event, 'device', (value) => hex(value, 3)),
    page: printed(event, event.detail['page'] === undefined ? 'virtual' : 'page', hexAddress),
    name: nameOf(event, words),
  });
}

/** Cycles that the event cost, when it says so. */
export function eventCycles(event: EventView, locale: Locale): string {
  const cycles = event.detail['cycles'];
  return typeof cycles === 'number' ? wordsIn[locale].strata.cycles(formatNumber(cycles, locale)) : '';
}

export const kindName = (kind: string, words: Words): string => words.kinds[kind] ?? kind;

/** The events nearest to a cycle, at most `tolerance` away; the nearest first. */
export function eventsNear(
  events: readonly EventView[],
  clock: number,
  tolerance: number,
): readonly EventView[] {
  const distance = (event: EventView) => Math.abs(event.clock - clock);
  return events.filter((event) => distance(event) <= tolerance).sort((a, b) => distance(a) - distance(b));
}
