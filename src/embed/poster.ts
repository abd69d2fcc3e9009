/** The picture of a lab's default run, for whoever has not started it or cannot: an SVG that follows the theme. */
import type { Frame } from '../protocol/frame.ts';
import { formatNumber } from '../ui/format.ts';
import { wordsIn, type Locale } from '../ui/i18n/index.ts';
import type { LabTexts } from '../ui/lab/texts.ts';
import { rowName, rowsOf } from '../ui/layers.ts';
import { labelOf } from '../ui/strata/labels.ts';
import { strataSvg } from '../ui/strata/svg.ts';
import { axisTicks } from '../ui/strata/window.ts';

const WIDTH = 720;

/** A colour in each theme, by the custom property that names it. */
export type Tokens = Readonly<Record<string, readonly [light: string, dark: string]>>;

/** The colours among the design tokens. @param css text of tokens.css */
export const tokensIn = (css: string): Tokens =>
  Object.fromEntries(
    [...css.matchAll(/(--[\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(
      ([, name = '', light = '', dark = '']) => [name, [light, dark] as const],
    ),
  );

/** Drawn in light; rules for dark go by the colour itself, and by whether it is one of text. */
function darkRules(tokens: Tokens): string {
  const rules = Object.entries(tokens).flatMap(([name, [light, dark]]) => {
    const ofText = name.includes('ink') ? `text[fill="${light}"]{fill:${dark}}` : '';
    const ofShape = name.endsWith('-ink')
      ? ''
      : `rect[fill="${light}"]{fill:${dark}}:is(rect,line)[stroke="${light}"]{stroke:${dark}}`;
    return [ofText, ofShape];
  });
  return `<style>@media (prefers-color-scheme: dark){${rules.join('')}}</style>`;
}

export function posterSvg(
  { strata, events }: Pick<Frame, 'strata' | 'events'>,
  locale: Locale,
  texts: LabTexts,
  title: string,
  tokens: Tokens,
): string {
  const segments = strata?.segments ?? [];
  const window = strata?.window ?? ([0, 1] as const);
  const rows = rowsOf(segments);
  const words = wordsIn[locale];
  const parts = {
    ...{ segments, rows, window, locale, width: WIDTH, measures: { rowHeight: 44, barHeight: 18 } },
    wordFor: labelOf(events ?? [], words),
    nameOf: (row: (typeof rows)[number]) => rowName(row, texts.layers ?? {}, words, rows),
    ticks: axisTicks(window, WIDTH, 48 + 8 * formatNumber(window[1], locale).length),
  };
  const svg = strataSvg(parts, (property) => tokens[property]?.[0] ?? '#000000', title);
  return svg.replace('</title>', `</title>${darkRules(tokens)}`);
}

/** Its measures in pixels. */
export function sizeOf(svg: string): { readonly width: number; readonly height: number } {
  const [, width = '', height = ''] = /<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  return { width: Number(width), height: Number(height) };
}
