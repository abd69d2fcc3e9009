/** The strata diagram as a drawing that stands by itself. */
import type { StrataSegment } from '../../protocol/frame.ts';
import { formatNumber } from '../format.ts';
import type { Locale } from '../i18n/index.ts';
import { inkOf, type Row } from '../layers.ts';
import { draw, textWidth, toSvg, type Colours, type Measures } from './drawing.ts';
import { layOut, type Label } from './layout.ts';
import type { Window } from './window.ts';

export interface Parts {
  readonly segments: readonly StrataSegment[];
  readonly rows: readonly Row[];
  readonly window: Window;
  readonly width: number;
  readonly measures: Omit<Measures, 'width'>;
  readonly wordFor: (label: Label) => string;
  readonly nameOf: (row: Row) => string;
  readonly ticks: readonly number[];
  readonly locale: Locale;
}

/** The diagram as an SVG document that needs nothing else. */
export function strataSvg(parts: Parts, colours: Colours, title: string): string {
  const { segments, rows, window, width, measures, wordFor, nameOf, ticks, locale } = parts;
  const drawing = draw(layOut(segments, rows, window, width), rows, { ...measures, width }, wordFor);
  const scale = width / Math.max(1, window[1] - window[0]);
  const axis = ticks.map((tick) => {
    const [x, text] = [(tick - window[0]) * scale, formatNumber(tick, locale)];
    const half = textWidth(text) / 2;
    const anchor = x + half > width ? ('end' as const) : ('middle' as const);
    return { x, y: drawing.height + 16, text, colour: '--ink-soft', anchor };
  });
  const names = rows.map((row) => ({ text: nameOf(row), colour: inkOf(row.layer) }));
  return toSvg(drawing, names, axis, colours, title);
}
