/** DISPLAY and STORE: registers and storage of the virtual machine, for people. GC20-1820. */
import { fromEbcdic } from '../../../base/ebcdic.ts';
import { CAW, CSW } from '../../../machines/s370/assigned-storage.ts';
import { packPsw, unpackPsw } from '../../../machines/s370/psw.ts';
import type { VirtualMachine } from '../virtual-machine.ts';
import { hex } from '../../../base/bits.ts';
import { address6, fail, hexadecimal, word8, type Command, type Context } from './command.ts';

const LINE = 16;
/** Most that one command types: a terminal takes hours for more. */
const MOST_BYTES = 0x4000;

interface Range {
  readonly from: number;
  readonly to: number;
}

/** `a`, `a-b`, `a:b`, `a.n` or `a-END`, inclusive; `last` is the highest address or register there is. */
function range(text: string, last: number, defaultLength: number): Range {
  const match = /^([0-9A-F]*)(?:([-:.])([0-9A-F]+|END)?)?$/.exec(text);
  if (!match) fail('DMKCDB004E', `INVALID HEXLOC - ${text}`);
  const [, first = '', separator, second] = match;
  const from = first === '' ? 0 : parseInt(first, 16);
  if (from > last) fail('DMKCDB160E', `HEXLOC ${first} EXCEEDS STORAGE`);
  let to = first === '' && separator === undefined ? last : from + defaultLength - 1;
  if (separator !== undefined) {
    const end = second === undefined || second === 'END' ? last : parseInt(second, 16);
    to = separator === '.' && second !== undefined && second !== 'END' ? from + end - 1 : end;
  }
  if (to < from) fail('DMKCDB009E', `INVALID RANGE - ${text}`);
  return { from, to: Math.min(to, last) };
}

function registers(name: string, text: string, values: ArrayLike<number>): string {
  const { from, to } = range(text === '' ? '0-F' : text, 15, 1);
  const lines: string[] = [];
  for (let r = from; r <= to; r += 4) {
    const row = Array.from({ length: Math.min(4, to - r + 1) }, (_, i) => word8(values[r + i]!));
    lines.push(`${name} ${String(r).padStart(2)} =  ${row.join(' ')}`);
  }
  return lines.join('\n');
}

function floating(vm: VirtualMachine, text: string): string {
  const { from, to } = range(text === '' ? '0-6' : text, 6, 1);
  const lines: string[] = [];
  for (let r = from & ~1; r <= to; r += 2)
    lines.push(`FPR  ${r} =  ${word8(vm.fpr[r]!)}${word8(vm.fpr[r + 1]!)}`);
  return lines.join('\n');
}

function keys(vm: VirtualMachine, text: string): string {
  const { from, to } = range(text, vm.storageSize - 1, 1);
  const lines: string[] = [];
  let start = from & ~2047;
  for (let block = start; block <= to; block += 2048) {
    const key = vm.storageKey(block);
    const next = block + 2048;
    if (next <= to && vm.storageKey(next) === key) continue;
    lines.push(`${address6(start)} TO ${address6(next - 1)}  KEY = ${hex(key, 2)}`);
    start = next;
  }
  return lines.join('\n');
}

function storage(vm: VirtualMachine, text: string, translated: boolean): string {
  const { from, to } = range(text, vm.storageSize - 1, LINE);
  if (to - from >= MOST_BYTES)
    fail('DMKCDB009E', `INVALID RANGE - ${text}: AT MOST ${hex(MOST_BYTES, 4)} BYTES AT A TIME`);
  const lines: string[] = [];
  for (let at = from & ~3; at <= to; at += LINE) {
    const length = Math.min(LINE, ((to | 3) + 1 - at + 3) & ~3);
    const bytes = vm.fetch(at, length);
    const words = Array.from({ length: length / 4 }, (_, i) =>
      [...bytes.subarray(4 * i, 4 * i + 4)].map((b) => hex(b, 2)).join(''),
    );
    const shown = translated ? ` *${fromEbcdic(bytes).replace(/[^ -~]/g, '.')}*` : '';
    lines.push(`${address6(at)}  ${words.join(' ').padEnd(35)} ${hex(vm.storageKey(at), 2)}${shown}`);
  }
  return lines.join('\n');
}

function displayOne(vm: VirtualMachine, what: string): string {
  switch (what) {
    case 'PSW':
      return `PSW = ${packPsw(vm.state.psw).map(word8).join(' ')}`;
    case 'CAW':
      return `CAW = ${word8(vm.fetchWord(CAW))}`;
    case 'CSW':
      return `CSW = ${word8(vm.fetchWord(CSW))} ${word8(vm.fetchWord(CSW + 4))}`;
  }
  const rest = what.slice(1);
  switch (what[0]) {
    case 'G':
      return registers('GPR', rest, vm.gr);
    case 'X':
      return registers('ECR', rest, vm.state.cr);
    case 'Y':
      return floating(vm, rest);
    case 'K':
      return keys(vm, rest);
    case 'T':
      return storage(vm, rest, true);
    case 'L':
      return storage(vm, rest, false);
    default:
      return storage(vm, what, false);
  }
}

// ---------------------------------------------------------------- STORE

function words(operands: readonly string[]): number[] {
  if (operands.length === 0) fail('DMKCDS026E', 'OPERAND MISSING OR INVALID');
  return operands.map((text) => hexadecimal(text, 8) ?? fail('DMKCDS005E', `INVALID HEXDATA - ${text}`));
}

function register(what: string): number {
  const text = what.slice(1);
  const number = /^\d+$/.test(text) ? Number(text) : (hexadecimal(text, 1) ?? -1);
  return number >= 0 && number <= 15 ? number : fail('DMKCDS010E', `INVALID REGISTER - ${what}`);
}

function storeAt(vm: VirtualMachine, text: string, bytes: readonly number[], aligned: boolean): void {
  const at = hexadecimal(text);
  if (at === null) fail('DMKCDS004E', `INVALID HEXLOC - ${text}`);
  const address = aligned ? at & ~3 : at;
  if (address + bytes.length > vm.storageSize) fail('DMKCDS160E', `HEXLOC ${text} EXCEEDS STORAGE`);
  vm.store(address, bytes);
}

const bytesOf = (word: number): number[] => [
  word >>> 24,
  (word >>> 16) & 255,
  (word >>> 8) & 255,
  word & 255,
];

function storePsw(vm: VirtualMachine, operands: readonly string[]): void {
  const values = words(operands);
  if (values.length > 2) fail('DMKCDS003E', `INVALID OPTION - ${operands[2]}`);
  const [high] = packPsw(vm.state.psw);
  const [first = 0, second] = values;
  vm.state.psw = second === undefined ? unpackPsw(high, first) : unpackPsw(first, second);
}

function store({ cp, vm, operands }: Context): string {
  const [what, ...data] = operands;
  if (what === undefined) fail('DMKCDS026E', 'OPERAND MISSING OR INVALID');
  if (what === 'PSW') storePsw(vm, data);
  else if (/^S[0-9A-F]+$/.test(what)) {
    const text = data.join('');
    if (!/^([0-9A-F]{2})+$/.test(text)) fail('DMKCDS005E', `INVALID HEXDATA - ${text}`);
    storeAt(
      vm,
      what.slice(1),
      (text.match(/../g) ?? []).map((b) => parseInt(b, 16)),
      false,
    );
  } else if (/^[GX]/.test(what)) {
    const first = register(what);
    const values = words(data);
    if (first + values.length > 16) fail('DMKCDS010E', `INVALID REGISTER - ${what}`);
    values.forEach((value, i) => {
      if (what.startsWith('G')) vm.gr[first + i] = value;
      else cp.simulator.setControl(vm, first + i, value | 0);
    });
  } else if (what.startsWith('Y')) {
    const first = register(what);
    const text = data.join('').padEnd(16, '0');
    if ((first & 1) !== 0 || first > 6) fail('DMKCDS010E', `INVALID REGISTER - ${what}`);
    if (!/^[0-9A-F]{16}$/.test(text)) fail('DMKCDS005E', `INVALID HEXDATA - ${data.join(' ')}`);
    vm.fpr[first] = parseInt(text.slice(0, 8), 16);
    vm.fpr[first + 1] = parseInt(text.slice(8), 16);
  } else if (what === 'STATUS') fail('DMKCDS003E', 'INVALID OPTION - STATUS: NO MACHINE-SAVE AREA IS KEPT');
  else storeAt(vm, what, words(data).flatMap(bytesOf), true);
  return 'STORE COMPLETE';
}

export const STORAGE: readonly Command[] = [
  {
    name: 'DISPLAY',
    shortest: 1,
    run({ vm, operands }) {
      if (operands.length === 0) fail('DMKCDB026E', 'OPERAND MISSING OR INVALID');
      return operands.map((what) => displayOne(vm, what)).join('\n');
    },
  },
  { name: 'STORE', shortest: 2, run: store },
];
