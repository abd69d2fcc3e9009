/** Numbers, addresses and times as the page prints them. */
import type { Locale } from './i18n/index.ts';

/** `digits` hexadecimal digits, as the manuals print them. */
export const hex = (value: number, digits: number): string =>
  value.toString(16).toUpperCase().padStart(digits, '0');

/** A storage address: six digits for 24 bits, eight beyond. */
export const hexAddress = (address: number): string => hex(address, address > 0xff_ffff ? 8 : 6);

/** Reads `1F40`, `0x1f40`, `X'1F40'`; null when it is no address. */
export function parseAddress(text: string): number | null {
  const digits = /^\s*(?:0x|x')?([0-9a-f]{1,12})'?\s*$/i.exec(text)?.[1];
  return digits === undefined ? null : Number.parseInt(digits, 16);
}

const formats: Partial<Record<string, Intl.NumberFormat>> = {};

function format(locale: Locale, digits: number): Intl.NumberFormat {
  return (formats[`${locale}${digits}`] ??= new Intl.NumberFormat(locale, {
    maximumFractionDigits: digits,
    minimumFractionDigits: digits,
  }));
}

export const formatNumber = (value: number, locale: Locale, digits = 0): string =>
  format(locale, digits).format(value);

/** `1.00×`, with the precision that the size deserves. */
export const formatRatio = (ratio: number, locale: Locale): string =>
  `${formatNumber(ratio, locale, ratio < 10 ? 2 : ratio < 100 ? 1 : 0)}×`;

const UNITS = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
] as const;

/** Time of the simulated machine, in the unit that keeps three significant figures. */
export function formatTime(nanoseconds: number, locale: Locale): string {
  const [size, unit] = UNITS.find(([least]) => nanoseconds >= least) ?? [1, 'ns'];
  const value = nanoseconds / size;
  const digits = size === 1 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${formatNumber(value, locale, digits)} ${unit}`;
}
