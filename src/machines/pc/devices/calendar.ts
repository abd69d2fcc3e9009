/** Dates as a clock chip counts them, from 1 January 2000 on. */

export interface Moment {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

const FIRST_YEAR = 2000;
const DAY = 86400;
const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const yearLength = (year: number): number => (isLeap(year) ? 366 : 365);
const monthLengths = (year: number): readonly number[] => [
  31,
  isLeap(year) ? 29 : 28,
  ...[31, 30, 31, 30, 31, 31, 30, 31, 30, 31],
];

/** The moment that many seconds after 1 January 2000. */
export function momentOf(total: number): Moment {
  let [year, days] = [FIRST_YEAR, Math.floor(total / DAY)];
  for (; days < 0; year--) days += yearLength(year - 1);
  for (; days >= yearLength(year); year++) days -= yearLength(year);
  const lengths = monthLengths(year);
  let month = 0;
  for (; days >= lengths[month]!; month++) days -= lengths[month]!;
  const rest = ((total % DAY) + DAY) % DAY;
  return {
    year,
    month: month + 1,
    day: days + 1,
    hours: Math.floor(rest / 3600),
    minutes: Math.floor(rest / 60) % 60,
    seconds: rest % 60,
  };
}

/** Seconds from 1 January 2000 to a moment. */
export function secondsTo({ year, month, day, hours, minutes, seconds }: Moment): number {
  let days = day - 1;
  for (let y = FIRST_YEAR; y < year; y++) days += yearLength(y);
  for (let y = year; y < FIRST_YEAR; y++) days -= yearLength(y);
  days += monthLengths(year)
    .slice(0, Math.max(0, month - 1))
    .reduce((sum, length) => sum + length, 0);
  return days * DAY + hours * 3600 + minutes * 60 + seconds;
}

/** 1 Sunday … 7 Saturday. 1 January 2000 was a Saturday. */
export const weekday = (total: number): number => ((((Math.floor(total / DAY) + 6) % 7) + 7) % 7) + 1;
