/** Events in words, in the reader's language. */
import type { EventView } from '../protocol/frame.ts';
import { formatNumber, hex, hexAddress } from './format.ts';
import type { Locale, Words } from './i18n/index.ts';
import { wordsIn } from './i18n/index.ts';
import { rowName, type LayerNames, type Row } from './layers.ts';

const detailOf = (event: EventView, key: string): string => {
  const value = event.detail[key];
  return value === undefined ? '' : String(value);
};

/** What an interruption is called: by the event itself, else by its code. */
function nameOf(event: EventView, words: Words): string {
  const code = event.detail['code'];
  const byCode = event.kind === 'program-interruption' || event.kind === 'reflect';
  if (byCode && typeof code === 'number') return words.programInterruptions[code & 0xff] ?? hex(code, 4);
  return detailOf(event, 'name') || detailOf(event, 'text');
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
    layer: rowName(event, names, words, rows),
    subject: event.subject,
    code: detailOf(event, 'code'),
    device: detailOf(event, 'device'),
    page: detailOf(event, 'page'),
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
