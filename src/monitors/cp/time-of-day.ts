/** Date and time of day in words, from the time-of-day clock (bit 51 is one microsecond since 1900-01-01). */

const two = (n: number): string => String(Math.floor(n)).padStart(2, '0');
const DAY = 86_400_000_000n;

/** hh:mm:ss of the clock. */
export function timeAt(clock: bigint): string {
  const seconds = Number(((clock >> 12n) % DAY) / 1_000_000n);
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** mm/dd/yy of the clock. */
export function dateAt(clock: bigint): string {
  const { year, month, day } = calendar(clock);
  return `${two(month)}/${two(day)}/${two(year % 100)}`;
}

const DAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];
/** Day of the week of the clock: 1900-01-01 was a Monday. */
export const dayAt = (clock: bigint): string => DAYS[Number(((clock >> 12n) / DAY) % 7n)]!;

function calendar(clock: bigint): { readonly year: number; readonly month: number; readonly day: number } {
  let days = Number((clock >> 12n) / DAY);
  let year = 1900;
  const leap = (y: number): boolean => y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0);
  while (days >= (leap(year) ? 366 : 365)) days -= leap(year++) ? 366 : 365;
  const months = [31, leap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  let month = 0;
  while (days >= months[month]!) days -= months[month++]!;
  return { year, month: month + 1, day: days + 1 };
}
