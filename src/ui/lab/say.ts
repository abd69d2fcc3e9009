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
    case 'limit':
      return words.limit;
    case 'check':
      return words.check(stop.reason);
  }
}

/** `before` is the frame from which the command started. */
export function frameSentence(
  before: Frame | null,
  frame: Frame,
  locale: Locale,
  names: LayerNames,
  rows: readonly Row[],
): string {
  if (frame.stop.kind === 'running') return '';
  const words = wordsIn[locale];
  const stop = stopSentence(frame.stop, locale);
  if (stop !== '') return stop;
  const layer = rowName(frame.layer, names, words, rows);
  if (before && frame.clock < before.clock) return words.atCycle(formatNumber(frame.clock, locale), layer);
  const fresh = (frame.events ?? []).filter((event) => event.clock > (before?.clock ?? -1));
  const latest = fresh.reduce<(typeof fresh)[number] | null>(
    (found, event) => (found === null || event.clock >= found.clock ? event : found),
    null,
  );
  const transfer = before === null || rowKey(before.layer) !== rowKey(frame.layer);
  if (latest && (transfer || latest.kind !== 'dispatch')) {
    const sentence = eventSentence(latest, locale, names, rows);
    // An interruption's sentence says itself who takes over.
    const told = !transfer || isInterruption(latest) || sentence.includes(layer);
    return told ? sentence : words.then(sentence, words.enters(layer));
  }
  if (transfer) return words.enters(layer);
  const next = frame.code?.lines.find((line) => line.address === frame.code?.instructionAddress);
  return next ? words.nextInstruction(hexAddress(next.address), next.text) : '';
}
