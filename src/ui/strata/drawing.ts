/**
 * The strata diagram as shapes, once for the canvas and once for a saved SVG: rectangles, lines and words with the
 * names of their colours. Colours are resolved by whoever draws.
 */
import { hueOf, inkOf, type Row } from '../layers.ts';
import type { Layout } from './layout.ts';

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly hollow: boolean;
}
export interface Line {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly colour: string;
  readonly width: number;
}
export interface Word {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly colour: string;
  readonly anchor: 'start' | 'middle' | 'end';
}
export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** Rectangles by the custom property of their colour, so that a canvas changes its brush once per hue. */
  readonly fills: Readonly<Record<string, readonly Rect[]>>;
  readonly lines: readonly Line[];
  readonly words: readonly Word[];
}

export interface Measures {
  readonly width: number;
  readonly rowHeight: number;
  /** Height of a full bar; the rest of the row is room for words. */
  readonly barHeight: number;
}

/** Baseline of a row's bars. Row 0 is the hardware, at the bottom. */
const baseOf = (row: number, rows: number, rowHeight: number): number => (rows - row) * rowHeight - 3;

export function draw(
  layout: Layout,
  rows: readonly Row[],
  { width, rowHeight, barHeight }: Measures,
  wordFor: (label: Layout['labels'][number]) => string,
): Drawing {
  const fills: Record<string, Rect[]> = {};
  for (const bar of layout.bars) {
    const height = Math.max(0.75, bar.share * barHeight);
    const rects = (fills[hueOf(rows[bar.row]!.layer)] ??= []);
    rects.push({
      x: bar.x,
      y: baseOf(bar.row, rows.length, rowHeight) - height,
      width: bar.width,
      height,
      hollow: bar.idle,
    });
  }
  const middle = (row: number) => baseOf(row, rows.length, rowHeight) - barHeight / 2;
  const hairlines = rows.map((_, row): Line => {
    const y = Math.round((row + 1) * rowHeight) - 0.5;
    return { x1: 0, y1: y, x2: width, y2: y, colour: '--hairline', width: 1 };
  });
  const steps = layout.steps.map(({ x, from, to }): Line => {
    return { x1: x, y1: middle(from), x2: x, y2: middle(to), colour: '--ink', width: 1.25 };
  });
  const words = layout.labels.flatMap((label): Word[] => {
    const text = fit(wordFor(label), label.width - 6);
    const y = baseOf(label.row, rows.length, rowHeight) - barHeight - 4;
    return text === ''
      ? []
      : [{ x: label.x + 3, y, text, colour: inkOf(rows[label.row]!.layer), anchor: 'start' }];
  });
  return { width, height: rows.length * rowHeight, fills, lines: [...hairlines, ...steps], words };
}

/** Width of small type in pixels: generous, so that words never run into their neighbours. */
export function textWidth(text: string): number {
  const wide = text.match(/[\u2e80-\uffff]/g)?.length ?? 0;
  return wide * 12 + (text.length - wide) * 6.6;
}

/** The text if it fits, else its first word if that does, else nothing. */
export function fit(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const first = text.split(/ · |、/)[0] ?? '';
  return first !== text && textWidth(first) <= width ? first : '';
}

export type Colours = (property: string) => string;

export function paint(context: CanvasRenderingContext2D, drawing: Drawing, colours: Colours): void {
  context.clearRect(0, 0, drawing.width, drawing.height);
  for (const line of drawing.lines) stroke(context, line, colours);
  for (const [property, rects] of Object.entries(drawing.fills)) {
    context.fillStyle = colours(property);
    context.strokeStyle = colours(property);
    context.lineWidth = 1;
    for (const { x, y, width, height, hollow } of rects)
      if (!hollow) context.fillRect(x, y, width, height);
      else if (width > 3) context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
      else context.fillRect(x, y, width, 1);
  }
}

function stroke(context: CanvasRenderingContext2D, line: Line, colours: Colours): void {
  context.strokeStyle = colours(line.colour);
  context.lineWidth = line.width;
  context.beginPath();
  context.moveTo(line.x1, line.y1);
  context.lineTo(line.x2, line.y2);
  context.stroke();
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** A complete SVG document, with the names of the rows at the left and `title` for those who cannot see it. */
export function toSvg(
  drawing: Drawing,
  names: readonly { readonly text: string; readonly colour: string }[],
  axis: readonly Word[],
  colours: Colours,
  title: string,
): string {
  const left = 16 + Math.max(...names.map(({ text }) => Math.ceil(textWidth(text))));
  const rowHeight = drawing.height / Math.max(1, names.length);
  const n = (value: number) => Number(value.toFixed(2));
  const word = ({ x, y, text, colour, anchor }: Word) =>
    `<text x="${n(x)}" y="${n(y)}" fill="${colours(colour)}" text-anchor="${anchor}">${escape(text)}</text>`;
  const rects = Object.entries(drawing.fills).flatMap(([property, list]) =>
    list.map(({ x, y, width, height, hollow }) => {
      const look = hollow ? `fill="none" stroke="${colours(property)}"` : `fill="${colours(property)}"`;
      return `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" ${look}/>`;
    }),
  );
  const lines = drawing.lines.map(
    ({ x1, y1, x2, y2, colour, width }) =>
      `<line x1="${n(x1)}" y1="${n(y1)}" x2="${n(x2)}" y2="${n(y2)}" stroke="${colours(colour)}" stroke-width="${width}"/>`,
  );
  const labels = names.map(({ text, colour }, row) =>
    word({ x: -8, y: (names.length - row) * rowHeight - 9, text, colour, anchor: 'end' }),
  );
  const body = [...lines, ...rects, ...drawing.words.map(word), ...axis.map(word), ...labels].join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${drawing.width + left}" height="${drawing.height + 28}" viewBox="${-left} 0 ${drawing.width + left} ${drawing.height + 28}" font-family="IBM Plex Sans, sans-serif" font-size="12">
<title>${escape(title)}</title>
<rect x="${-left}" width="100%" height="100%" fill="${colours('--paper')}"/>
${body}
</svg>
`;
}
