/**
 * What a command of CP is: a name with its shortest abbreviation, who may give it, and what it does with its operands.
 * After GC20-1820 (CP Command Reference for General Users); error messages after GC20-1808 (System Messages).
 */
import { hex } from '../../../base/bits.ts';
import type { ControlProgram } from '../control-program.ts';
import type { Directory } from './directory.ts';
import type { SpooledDevice, VirtualDevice } from '../state.ts';
import type { VirtualMachine } from '../virtual-machine.ts';

/** A program that IPL can load by name: what a core image holds, and the PSW to begin with. */
export interface SavedSystem {
  readonly segments: readonly { readonly address: number; readonly bytes: ArrayLike<number> }[];
  readonly psw: readonly [number, number];
}

export interface Installation {
  readonly directory: Directory;
  /** The saved system of that name, if there is one. */
  readonly savedSystem?: (name: string) => SavedSystem | null;
}

export interface Context {
  readonly cp: ControlProgram;
  readonly vm: VirtualMachine;
  readonly installation: Installation;
  /** The command as it was given, operands in capitals. */
  readonly operands: readonly string[];
  /** Everything behind the command's name, as typed. */
  readonly rest: string;
}

export interface Command {
  readonly name: string;
  /** Letters that are enough. */
  readonly shortest: number;
  /** Privilege classes that may give it; absent: every user. */
  readonly classes?: string;
  run(context: Context): string;
}

/** Ends a command with an error message; nothing has been changed. */
export class CommandError extends Error {
  readonly code: string;

  constructor(code: string, text: string) {
    super(text);
    this.code = code;
  }
}

export function fail(code: string, text: string): never {
  throw new CommandError(code, text);
}

/** Whether `word` is `name` or an abbreviation of at least `shortest` letters. */
export const abbreviates = (word: string, name: string, shortest: number): boolean =>
  word.length >= shortest && name.startsWith(word);

// ---------------------------------------------------------------- operands

const HEXADECIMAL = /^[0-9A-F]+$/;

/** A hexadecimal number of at most `digits` digits, or null. */
export function hexadecimal(word: string | undefined, digits = 6): number | null {
  return word !== undefined && word.length <= digits && HEXADECIMAL.test(word) ? parseInt(word, 16) : null;
}

/** A virtual device address, or the error message of `module`. */
export function addressOf(word: string | undefined, module: string): number {
  const address = hexadecimal(word, 3);
  return address ?? fail(`${module}022E`, 'VADDR MISSING OR INVALID');
}

export function deviceAt(context: Context, address: number, module: string): VirtualDevice {
  const device = context.cp.virtualIo.device(context.vm, address);
  return device ?? fail(`${module}040E`, `DEV ${cuu(address)} DOES NOT EXIST`);
}

const SPOOLED = [
  ['reader', 'READER', 1],
  ['reader', 'RDR', 3],
  ['printer', 'PRINTER', 2],
  ['printer', 'PRT', 3],
  ['punch', 'PUNCH', 2],
  ['punch', 'PCH', 3],
] as const;

/** The kind of spooled device that a word names, or null. */
export function spooledKind(word: string | undefined): SpooledDevice['type'] | null {
  if (word === undefined) return null;
  return SPOOLED.find(([, name, shortest]) => abbreviates(word, name, shortest))?.[0] ?? null;
}

/** The spooled devices that READER, PRINTER, PUNCH or an address names. */
export function spooledDevices(context: Context, word: string | undefined, module: string): SpooledDevice[] {
  const kind = spooledKind(word);
  if (kind) return context.vm.state.devices.filter((d): d is SpooledDevice => d.type === kind);
  const address = addressOf(word, module);
  const device = deviceAt(context, address, module);
  if (device.type === 'disk' || device.type === 'console')
    fail(`${module}006E`, `INVALID DEVICE TYPE - ${cuu(address)}`);
  return [device];
}

/** Nothing may be left over. */
export function noMore(words: readonly string[], module: string): void {
  if (words.length > 0) fail(`${module}003E`, `INVALID OPTION - ${words[0]}`);
}

// ---------------------------------------------------------------- answers

export const cuu = (address: number): string => hex(address, 3);
export const word8 = (value: number): string => hex(value >>> 0, 8);
export const address6 = (value: number): string => hex(value & 0xffffff, 6);
export const decimal = (value: number, digits: number): string => String(value).padStart(digits, '0');

export const KIND_NAMES: Readonly<Record<VirtualDevice['type'], string>> = {
  console: 'CONS',
  reader: 'RDR ',
  punch: 'PUN ',
  printer: 'PRT ',
  disk: 'DASD',
};
export const kindName = (device: VirtualDevice): string => KIND_NAMES[device.type];
