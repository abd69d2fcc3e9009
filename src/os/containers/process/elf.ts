/** ELF programs for Linux on IA-32: what is mapped where. System V ABI, chapter 5; elf(5). */
import { fail } from '../abi/errno.ts';
import type { RegularFile } from '../files/inode.ts';
import { PAGE } from '../memory/frames.ts';
import { PROT_EXEC, PROT_READ, PROT_WRITE, USER_END } from '../memory/regions.ts';
import type { UserMemory } from '../memory/user.ts';

const MAGIC = 0x464c457f;
const CLASS_32 = 1;
const MACHINE_386 = 3;
const EXECUTABLE = 2;
const SHARED_OBJECT = 3;
const PT_LOAD = 1;
const PT_INTERP = 3;
const HEADER = 32;
const MOST_HEADERS = 128;

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly stored: number;
  readonly size: number;
  readonly flags: number;
  readonly alignment: number;
}

export interface Program {
  readonly movable: boolean;
  readonly entry: number;
  readonly headers: { readonly offset: number; readonly count: number };
  readonly segments: readonly Segment[];
  /** Path of the interpreter that loads it, or null. */
  readonly interpreter: string | null;
}

/** Where a program has come to lie. */
export interface Loaded {
  readonly base: number;
  readonly entry: number;
  /** Linear address of its program headers, 0 if no segment holds them. */
  readonly headers: number;
  readonly end: number;
}

/** What another architecture's number means, for the message. */
const MACHINES: Readonly<Record<number, string>> = {
  ...{ 2: 'SPARC', 8: 'MIPS', 20: 'PowerPC', 21: 'PowerPC64', 22: 'S/390', 40: 'ARM' },
  ...{ 62: 'x86-64', 183: 'AArch64', 243: 'RISC-V', 258: 'LoongArch' },
};

/** Reads the headers; a string says why the file is no program for this machine. */
export function readProgram(file: RegularFile): Program | string {
  const head = file.read(0, 52);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < 52 || view.getUint32(0, true) !== MAGIC) return 'not an ELF file';
  const machine = view.getUint16(18, head[5] !== 2);
  if (head[4] !== CLASS_32 || machine !== MACHINE_386)
    return `a program for ${MACHINES[machine] ?? `ELF machine ${machine}`}, ${head[4] === 2 ? 64 : 32} bits; this machine runs IA-32 (linux/386)`;
  const type = view.getUint16(16, true);
  if (type !== EXECUTABLE && type !== SHARED_OBJECT) return 'neither an executable nor a shared object';
  const [offset, size, count] = [
    view.getUint32(28, true),
    view.getUint16(42, true),
    view.getUint16(44, true),
  ];
  if (size !== HEADER || count === 0 || count > MOST_HEADERS) return 'its program headers are malformed';
  const table = file.read(offset, count * HEADER);
  if (table.length < count * HEADER) return 'its program headers lie beyond the end of the file';
  const segments = readSegments(table, count);
  const interpreter = segments.find(({ type: kind }) => kind === PT_INTERP);
  if (interpreter && (interpreter.stored > 4096 || interpreter.stored < 2))
    return 'the name of its interpreter is malformed';
  return {
    movable: type === SHARED_OBJECT,
    entry: view.getUint32(24, true),
    headers: { offset, count },
    segments,
    interpreter: interpreter
      ? new TextDecoder().decode(file.read(interpreter.offset, interpreter.stored - 1))
      : null,
  };
}

function readSegments(table: Uint8Array, count: number): Segment[] {
  const view = new DataView(table.buffer, table.byteOffset);
  return Array.from({ length: count }, (_, k) => {
    const word = (index: number): number => view.getUint32(k * HEADER + 4 * index, true);
    return {
      ...{ type: word(0), offset: word(1), address: word(2) },
      ...{ stored: word(4), size: word(5), flags: word(6), alignment: word(7) },
    };
  });
}

const down = (address: number): number => address - (address % PAGE);
const up = (address: number): number => Math.ceil(address / PAGE) * PAGE;
const protectionOf = (flags: number): number =>
  ((flags & 4) !== 0 ? PROT_READ : 0) |
  ((flags & 2) !== 0 ? PROT_WRITE : 0) |
  ((flags & 1) !== 0 ? PROT_EXEC : 0);

/** Maps a program; `at` is where a movable one goes, 0: wherever there is room. */
export function load(
  memory: UserMemory,
  file: RegularFile,
  program: Program,
  { at, name }: { readonly at: number; readonly name: string },
): Loaded {
  const { space } = memory;
  const loads = program.segments.filter(({ type, size }) => type === PT_LOAD && size > 0);
  if (loads.length === 0) return fail('ENOEXEC');
  const first = down(loads[0]!.address);
  const end = Math.max(...loads.map(({ address, size }) => up(address + size)));
  if (end > USER_END || end <= first) return fail('ENOEXEC');
  let base = 0;
  if (program.movable) {
    const zeros = { protection: 0, shared: false, file: null, offset: 0, grows: false, name };
    base = (at === 0 ? space.map(zeros, 0, end - first) : at) - first;
  }
  for (const segment of loads) mapSegment(memory, file, segment, base, name);
  const { offset, count } = program.headers;
  const holder = loads.find((s) => offset >= s.offset && offset + count * HEADER <= s.offset + s.stored);
  return {
    base,
    entry: base + program.entry,
    headers: holder ? base + holder.address + offset - holder.offset : 0,
    end: base + end,
  };
}

function mapSegment(memory: UserMemory, file: RegularFile, s: Segment, base: number, name: string): void {
  const { space } = memory;
  if (s.stored > s.size || (s.address - s.offset) % PAGE !== 0) fail('ENOEXEC');
  const protection = protectionOf(s.flags);
  const [start, fileEnd] = [down(base + s.address), base + s.address + s.stored];
  const memoryEnd = up(base + s.address + s.size);
  const common = { protection, shared: false, grows: false, name };
  if (s.stored > 0)
    space.map({ ...common, file: file.backing, offset: down(s.offset) }, start, up(fileEnd) - start);
  const zeroStart = s.stored > 0 ? up(fileEnd) : start;
  if (memoryEnd > zeroStart)
    space.map({ ...common, file: null, offset: 0 }, zeroStart, memoryEnd - zeroStart);
  // The rest of the last page of the file is not the program's.
  if (s.size > s.stored && fileEnd % PAGE !== 0 && s.stored > 0) clear(memory, fileEnd, protection);
}

function clear(memory: UserMemory, from: number, protection: number): void {
  const page = down(from);
  if ((protection & PROT_WRITE) === 0) return;
  memory.write(from, new Uint8Array(page + PAGE - from));
}
