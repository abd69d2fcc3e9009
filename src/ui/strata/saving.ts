/** The strata diagram as a file. */
import type { StrataSegment } from '../../protocol/frame.ts';
import { coloursAt } from '../colours.ts';
import { saveFile } from '../csv.ts';
import { formatNumber } from '../format.ts';
import type { Locale } from '../i18n/index.ts';
import { inkOf, type Row } from '../layers.ts';
import { draw, toSvg, type Measures } from './drawing.ts';
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

function svgOf(element: HTMLElement, parts: Parts, title: string): string {
  const { segments, rows, window, width, measures, wordFor, nameOf, ticks, locale } = parts;
  const drawing = draw(layOut(segments, rows, window, width), rows, { ...measures, width }, wordFor);
  const scale = width / Math.max(1, window[1] - window[0]);
  const axis = ticks.map((tick) => ({
    x: (tick - window[0]) * scale,
    y: drawing.height + 16,
    text: formatNumber(tick, locale),
    colour: '--ink-soft',
    anchor: 'middle' as const,
  }));
  const names = rows.map((row) => ({ text: nameOf(row), colour: inkOf(row.layer) }));
  return toSvg(drawing, names, axis, coloursAt(element), title);
}

export async function saveDrawing(
  kind: 'svg' | 'png',
  element: HTMLElement,
  parts: Parts,
  title: string,
): Promise<void> {
  const svg = svgOf(element, parts, title);
  if (kind === 'svg') {
    saveFile('strata.svg', 'image/svg+xml', svg);
    return;
  }
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width * 2;
  canvas.height = image.height * 2;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => {
    if (blob) saveFile('strata.png', 'image/png', blob);
  });
}
