/** A race as numbers: what each runner's machine did, without its idle time, and who was done first. */
import type { Measurement } from '../../protocol/session.ts';
import { withoutIdle } from '../panels/overhead.ts';

export interface Standing {
  readonly technique: string;
  /** 1 for the first at the finish; null for who did not get there. */
  readonly place: number | null;
  readonly busy: number;
  /** Against the first runner that was entered and finished. */
  readonly ratio: number | null;
  readonly cycles: number;
  readonly instructions: number;
  readonly failure: string;
}

/** In order of the finish; who did not get there comes last, in the order in which they were entered. */
export function standings(measurements: readonly Measurement[]): readonly Standing[] {
  const entered = measurements.map((each) => ({ ...each, busy: withoutIdle(each).cycles }));
  const base = entered.find(({ ok }) => ok)?.busy ?? null;
  const finished = entered.filter(({ ok }) => ok).sort((a, b) => a.busy - b.busy);
  const others = entered.filter(({ ok }) => !ok);
  return [...finished, ...others].map(({ technique, ok, busy, cycles, instructions, failure }) => ({
    ...{ technique, busy, cycles, instructions, failure },
    place: ok ? 1 + finished.filter((other) => other.busy < busy).length : null,
    ratio: ok && base ? busy / base : null,
  }));
}

const HEAD = ['place', 'technique', 'busy cycles', 'ratio', 'cycles', 'instructions', 'failure'];
const quoted = (field: string): string => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);

const fieldsOf = (row: Standing): readonly string[] => [
  String(row.place ?? ''),
  row.technique,
  String(row.busy),
  row.ratio?.toFixed(4) ?? '',
  String(row.cycles),
  String(row.instructions),
  row.failure,
];

const lines = (rows: readonly Standing[], line: (fields: readonly string[]) => string): string =>
  [HEAD, ...rows.map(fieldsOf)].map((fields) => `${line(fields)}\n`).join('');

/** With the techniques' ids, so that files of several languages can be put together. */
export const toCsv = (rows: readonly Standing[]): string =>
  lines(rows, (fields) => fields.map(quoted).join(','));

/** As spreadsheets take it from the clipboard. */
export const toTsv = (rows: readonly Standing[]): string =>
  lines(rows, (fields) => fields.map((field) => field.replace(/\s+/g, ' ')).join('\t'));
