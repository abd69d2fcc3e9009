/** A race as numbers: what each runner's machine did, without its waits, and who was done first. */
import type { Measurement } from '../../protocol/session.ts';
import { programOf, withoutIdle } from '../../protocol/work.ts';

export interface Standing {
  readonly technique: string;
  /** 1 for the first at the finish; null for who did not get there. */
  readonly place: number | null;
  /** Of what counts. */
  readonly busy: number;
  /** Cycles until the program began; null where nothing booted. */
  readonly boot: number | null;
  /** Against the first runner that was entered and finished. */
  readonly ratio: number | null;
  readonly cycles: number;
  readonly instructions: number;
  readonly failure: string;
}

/** Of a run what counts in the race: without waits, and with boot and shutdown only where that is asked for. */
export const counted = (measurement: Measurement, whole: boolean): Measurement =>
  withoutIdle(whole ? measurement : programOf(measurement));

/** In order of the finish; who did not get there comes last, in the order in which they were entered. */
export function standings(measurements: readonly Measurement[], whole = false): readonly Standing[] {
  const entered = measurements.map((each) => {
    const { cycles: busy, instructions } = counted(each, whole);
    const boot = each.boot ? counted({ ...each, ...each.boot }, true).cycles : null;
    return { ...each, busy, instructions, boot };
  });
  const base = entered.find(({ ok }) => ok)?.busy ?? null;
  const finished = entered.filter(({ ok }) => ok).sort((a, b) => a.busy - b.busy);
  const others = entered.filter(({ ok }) => !ok);
  return [...finished, ...others].map(({ technique, ok, busy, boot, cycles, instructions, failure }) => ({
    ...{ technique, busy, boot, cycles, instructions, failure },
    place: ok ? 1 + finished.filter((other) => other.busy < busy).length : null,
    ratio: ok && base ? busy / base : null,
  }));
}

const HEAD = ['place', 'technique', 'busy cycles', 'ratio', 'instructions', 'boot', 'whole run', 'failure'];
const quoted = (field: string): string => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);

const fieldsOf = (row: Standing): readonly string[] => [
  String(row.place ?? ''),
  row.technique,
  String(row.busy),
  row.ratio?.toFixed(4) ?? '',
  String(row.instructions),
  String(row.boot ?? ''),
  String(row.cycles),
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
