/** What the live region says: the outcome of a command in one sentence, above all who has control and why. */
import type { Frame, StopView } from '../../protocol/frame.ts';
import { eventSentence, isInterruption } from '../events.ts';
import { formatNumber, hexAddress } from '../format.ts';
import { wordsIn, type Locale } from '../i18n/index.ts';
import { rowKey, rowName, type LayerNames, type Row } from '../layers.ts';

/** How a stop is told; '' for those that need no words. */
export function stopSentence(stop: StopView, locale: Locale): string {
  const words = wordsIn[locale].states;
  switch (stop.kind) {
    case 'running':
    case 'paused':
      return '';
    case 'wait':
      return stop.disabled ? words.disabledWait(hexAddress(stop.address)) : words.wait;
    case 'breakpoint':
      return words.breakpoint(stop.reason);
    case 'exit':
      return words.exit(formatNumber(stop.code, locale));
    case 'limit':
      return words.limit;
    case 'check':
      return words.check(stop.reason);
  }
}

/** Events that are told one by one at most. */
const MOST = 3;

/** `before` is the frame from which the command started; `kind` is the event that was asked for, if one was. */
export function frameSentence(
  before: Frame | null,
  frame: Frame,
  locale: Locale,
  names: LayerNames,
  rows: readonly Row[],
  kind?: string,
): string {
  if (frame.stop.kind === 'running') return '';
  const words = wordsIn[locale];
  const stop = stopSentence(frame.stop, locale);
  if (stop !== '') return stop;
  const layer = rowName(frame.layer, names, words, rows);
  if (before && frame.clock < before.clock) return words.atCycle(formatNumber(frame.clock, locale), layer);
  const fresh = (frame.events ?? [])
    .filter((event) => event.clock > (before?.clock ?? -1) && (kind === undefined || event.kind === kind))
    .sort((a, b) => a.clock - b.clock);
  // A few events are told one after the other; of many, only the last.
  const told = fresh.slice(fresh.length > MOST || kind !== undefined ? -1 : 0);
  const transfer = before === null || rowKey(before.layer) !== rowKey(frame.layer);
  const latest = told.at(-1);
  if (latest) {
    const sentence = told.map((event) => eventSentence(event, locale, names, rows)).reduce(words.then);
    const complete = !transfer || kind !== undefined || isInterruption(latest) || sentence.includes(layer);
    return complete ? sentence : words.then(sentence, words.enters(layer));
  }
  if (transfer) return words.enters(layer);
  const next = frame.code?.lines.find((line) => line.address === frame.code?.instructionAddress);
  return next ? words.nextInstruction(hexAddress(next.address), next.text) : '';
}
