/**
 * Varve, the teaching kernel of the PC chapters, ready to boot: its image, a disk with its programs, and the workloads
 * that chapters run on it. Everything comes from `built/`, which `npm run guests` makes from the sources beside it.
 */
import { fromBase64url } from '../../../src/base/base64url.ts';
import { makeDisk, type DiskEntry, type DiskOptions } from './disk.ts';

type Files = Record<string, string>;

// The bundler hands a binary file over as a data: address.
const KERNEL = import.meta.glob<string>('./built/varve*.elf', {
  query: '?url&inline',
  import: 'default',
  eager: true,
}) as Files;
const PROGRAMS = import.meta.glob<string>('./built/programs/*.elf', {
  query: '?url&inline',
  import: 'default',
  eager: true,
}) as Files;
const SOURCES = import.meta.glob<string>('./programs/*.c', {
  query: '?raw',
  import: 'default',
  eager: true,
}) as Files;
const TEXTS = import.meta.glob<string>('./disk/**/*', {
  query: '?raw',
  import: 'default',
  eager: true,
}) as Files;

/** The bytes of a data: address. */
export function bytesOf(address: string): Uint8Array {
  const base64 = address
    .slice(address.indexOf(',') + 1)
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
  const bytes = fromBase64url(base64);
  if (!bytes) throw new Error('an image under labs/+shared/pc/built is damaged: run npm run guests');
  return bytes;
}

const stem = (path: string): string => /([^/]+)\.[^./]+$/.exec(path)![1]!;
const textBytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The kernel: a multiboot 1 ELF file. */
export const varveKernel = (): Uint8Array => bytesOf(KERNEL['./built/varve.elf']!);

/** The same kernel as a guest of Xen: an ELF file with Xen's notes. */
export const varveXenKernel = (): Uint8Array => bytesOf(KERNEL['./built/varve-xen.elf']!);

/** Names of the programs in /bin. */
export const PROGRAM_NAMES: readonly string[] = Object.keys(PROGRAMS).map(stem).sort();

/** A program, which is a static ELF file for Linux on IA-32 as well. @throws RangeError for an unknown name */
export function varveProgram(name: string): Uint8Array {
  const address = PROGRAMS[`./built/programs/${name}.elf`];
  if (address === undefined)
    throw new RangeError(`there is no program ${name}; there are ${PROGRAM_NAMES.join(', ')}`);
  return bytesOf(address);
}

// Numbers of character devices as Linux has them: major number in the upper byte.
const DEVICES: readonly DiskEntry[] = [
  { path: '/dev/null', device: 0x103 },
  { path: '/dev/port', device: 0x104 },
  { path: '/dev/zero', device: 0x105 },
  { path: '/dev/tty', device: 0x500 },
  { path: '/dev/console', device: 0x501 },
];

/** What the system disk holds: programs, their sources (which `compile` works on), devices, and a few texts. */
export const systemFiles = (): readonly DiskEntry[] => [
  ...PROGRAM_NAMES.map((name) => ({ path: `/bin/${name}`, content: varveProgram(name), program: true })),
  ...DEVICES,
  ...Object.entries(TEXTS).map(([path, text]) => ({
    path: path.slice('./disk'.length),
    content: textBytes(text),
  })),
  ...Object.entries(SOURCES).map(([path, text]) => ({
    path: `/src/${stem(path)}.c`,
    content: textBytes(text),
  })),
  { path: '/proc', directory: true },
  { path: '/tmp', directory: true },
];

/** The system disk, with more files if wanted. @throws RangeError when they do not fit */
export const varveDisk = (more: readonly DiskEntry[] = [], options: DiskOptions = {}): Uint8Array =>
  makeDisk([...systemFiles(), ...more], options);
