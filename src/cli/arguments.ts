/** What every command reads from its command line: hexadecimal addresses, sizes, counts, files. */
import { readFileSync } from 'node:fs';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { parseHexBytes } from '../base/bits.ts';
import { BadArguments } from './failure.ts';

/** `node:util`'s parser, strict, its complaint in one line. */
export function parse<Config extends ParseArgsConfig>(config: Config): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new BadArguments((error instanceof Error ? error.message : String(error)).split('\n')[0]);
  }
}

export function oneFile(positionals: readonly string[], usage: string): string {
  const [file, ...rest] = positionals;
  if (file === undefined || rest.length > 0) throw new BadArguments(`usage: strata ${usage}`);
  return file;
}

export function onlyS370(option: string, value: string | undefined): void {
  if (value !== undefined && value !== 's370') throw new BadArguments(`${option} ${value}: there is s370`);
}

/** All the storage that a System/370 can have. */
const STORAGE_LIMIT = 0x1000000;

export type Isa = 's370' | 'ia32';

/** Digits of an address as the manuals print it. */
export const ADDRESS_DIGITS: Readonly<Record<Isa, number>> = { s370: 6, ia32: 8 };

/** The instruction set that --isa names; System/370 without it. */
export function isaOf(value: string | undefined): Isa {
  if (value === undefined || value === 's370') return 's370';
  if (value === 'ia32') return value;
  throw new BadArguments(`--isa ${value}: there are s370 and ia32`);
}

/** An address in hexadecimal: of 24 bits, or of 32 for the PC. */
export function address(text: string, what: string, isa: Isa = 's370'): number {
  const value = /^[0-9a-f]{1,8}$/i.test(text) ? parseInt(text, 16) : NaN;
  const largest = 'F'.repeat(ADDRESS_DIGITS[isa]);
  if (!(value <= parseInt(largest, 16)))
    throw new BadArguments(`${what} ${text}: an address is hexadecimal, up to ${largest}`);
  return value;
}

/** A PSW: 16 hexadecimal digits, blanks allowed between them. */
export function pswWords(text: string): readonly [number, number] {
  const bytes = parseHexBytes(text);
  if (bytes?.length !== 8) throw new BadArguments(`--psw ${text}: a PSW is 16 hexadecimal digits`);
  const view = new DataView(bytes.buffer);
  return [view.getUint32(0), view.getUint32(4)];
}

export function count(text: string, what: string): number {
  const value = /^\d+(\.\d+)?(e\d+)?$/i.test(text.replaceAll('_', ''))
    ? Number(text.replaceAll('_', ''))
    : NaN;
  if (!Number.isSafeInteger(value) || value < 1)
    throw new BadArguments(`${what} ${text}: a whole number above 0 is needed`);
  return value;
}

/** Bytes of storage: a number with K or M, or bare bytes; a multiple of 2 K up to 16 M. */
export function storageSize(text: string): number {
  const parts = /^(\d+)([KM]?)$/i.exec(text);
  const factor = { '': 1, K: 1024, M: 1024 * 1024 }[parts?.[2]?.toUpperCase() ?? ''] ?? 1;
  const size = Number(parts?.[1] ?? NaN) * factor;
  if (!(size >= 4096 && size <= STORAGE_LIMIT) || size % 2048 !== 0)
    throw new BadArguments(`--storage ${text}: a multiple of 2K from 4K to 16M is needed, e.g. 512K or 1M`);
  return size;
}

/** The two halves of FILE@HEXADDR. */
export function fileAndAddress(text: string): { readonly file: string; readonly at: number } {
  const cut = text.lastIndexOf('@');
  if (cut <= 0) throw new BadArguments(`--load ${text}: FILE@HEXADDR is needed`);
  return { file: text.slice(0, cut), at: address(text.slice(cut + 1), '--load') };
}

/** HEXADDR:LEN, the length decimal or, with 0x, hexadecimal. */
export function stretch(text: string): { readonly at: number; readonly length: number } {
  const [at = '', length = ''] = text.split(':');
  const bytes = /^(0x[0-9a-f]+|\d+)$/i.test(length) ? Number(length) : NaN;
  if (!(bytes >= 1 && bytes <= STORAGE_LIMIT))
    throw new BadArguments(`--dump ${text}: HEXADDR:LEN is needed`);
  return { at: address(at, '--dump'), length: bytes };
}

export function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new BadArguments(`${file}: ${reasonOf(error)}`);
  }
}

export const readText = (file: string): string => new TextDecoder().decode(readBytes(file));

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'is a folder',
  EACCES: 'may not be accessed',
};

export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}
