/** The stretch of time that the strata diagram shows: zooming, panning, ticks. Windows are [from, to) in cycles. */
import { tickStep } from 'd3-array';

export type Window = readonly [number, number];

/** Fewest cycles that are worth the whole width. */
const CLOSEST = 20;

const within = ([from, to]: Window, [first, last]: Window): Window => {
  const length = Math.min(to - from, Math.max(last - first, CLOSEST));
  const start = Math.round(Math.max(first, Math.min(from, Math.max(first, last - length))));
  return [start, start + Math.max(CLOSEST, Math.round(length))];
};

/** `factor` below 1 zooms in; the cycle `centre` stays where it is on the screen. */
export function zoom(window: Window, factor: number, centre: number, span: Window): Window {
  const [from, to] = window;
  const length = Math.max(CLOSEST, (to - from) * factor);
  const share = to === from ? 0.5 : (centre - from) / (to - from);
  return within([centre - share * length, centre + (1 - share) * length], span);
}

/** Moves by `share` of the width; negative is back in time. */
export function pan([from, to]: Window, share: number, span: Window): Window {
  const by = (to - from) * share;
  return within([from + by, to + by], span);
}

export const whole = (span: Window): Window => within(span, span);

/** Round cycles to mark on an axis `width` pixels long, none closer than about `spacing` pixels. */
export function axisTicks([from, to]: Window, width: number, spacing = 110): readonly number[] {
  if (to <= from || width <= 0) return [];
  const step = Math.max(1, tickStep(from, to, Math.max(1, Math.floor(width / spacing))));
  const ticks: number[] = [];
  for (let tick = Math.ceil(from / step) * step; tick <= to; tick += step) ticks.push(tick);
  return ticks;
}
