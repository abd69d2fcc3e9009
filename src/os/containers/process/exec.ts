/** execve: another program in the same process. execve(2); the stack as the System V ABI, figure 3-31, has it. */
import { fail } from '../abi/errno.ts';
import { MAY_EXEC, S_ISGID, S_ISUID } from '../abi/modes.ts';
import { RegularFile } from '../files/inode.ts';
import { MS_NOEXEC, MS_NOSUID, pathOf, type Place } from '../files/mounts.ts';
import { Walker, type Standpoint } from '../files/walk.ts';
import type { Kernel } from '../kernel.ts';
import { AddressSpace } from '../memory/address-space.ts';
import { PAGE } from '../memory/frames.ts';
import { PROT_EXEC, PROT_READ, PROT_WRITE, USER_END } from '../memory/regions.ts';
import { UserMemory } from '../memory/user.ts';
import { EXEC, SERVICE } from '../paths.ts';
import { freshRegisters } from '../processor.ts';
import { afterExec, permits, toInside, type Credentials } from './credentials.ts';
import { load, readProgram, type Loaded, type Program } from './elf.ts';
import { exitThread, releaseVfork } from './exit.ts';
import type { Process, Thread } from './process.ts';
import { SIG_IGN } from './signals.ts';

/** Where movable programs go. */
const PROGRAM_BASE = 0x56555000;
const STACK_TOP = USER_END - PAGE;
const MOST_ARGUMENTS = 0x80000;
const MOST_INTERPRETERS = 4;
const HZ = 100;
/** What CPUID leaf 1 tells of: AT_HWCAP. The features of the P6 line without MMX and SSE. */
const HARDWARE = 0x0183fbff & ~0x01800000;

const AT = {
  ...{
    NULL: 0,
    PHDR: 3,
    PHENT: 4,
    PHNUM: 5,
    PAGESZ: 6,
    BASE: 7,
    FLAGS: 8,
    ENTRY: 9,
    UID: 11,
    EUID: 12,
    GID: 13,
  },
  ...{ EGID: 14, PLATFORM: 15, HWCAP: 16, CLKTCK: 17, SECURE: 23, RANDOM: 25, EXECFN: 31 },
} as const;

export const standpointOf = ({ namespaces, fs, credentials }: Process): Standpoint => ({
  mounts: namespaces.mounts,
  root: fs.root,
  cwd: fs.cwd,
  credentials,
});

export interface ExecRequest {
  readonly path: string;
  readonly argv: readonly Uint8Array[];
  readonly envp: readonly Uint8Array[];
  /** The program itself, where it is known already (execveat). */
  readonly place?: Place;
}

interface Found {
  readonly place: Place;
  readonly file: RegularFile;
  readonly program: Program;
  readonly argv: readonly Uint8Array[];
  readonly interpreter: {
    readonly file: RegularFile;
    readonly program: Program;
    readonly name: string;
  } | null;
}

const encoder = new TextEncoder();

export function exec(kernel: Kernel, thread: Thread, request: ExecRequest): void {
  const { process } = thread;
  const found = findProgram(kernel, process, request);
  const total = [...found.argv, ...request.envp].reduce((sum, { length }) => sum + length + 5, 0);
  if (total > MOST_ARGUMENTS) fail('E2BIG');
  kernel.system.work(SERVICE, EXEC);
  const space = new AddressSpace(kernel, process.cgroup);
  const memory = new UserMemory(kernel.system, space);
  let ready: { entry: number; stack: number };
  const credentials = elevated(process, found, thread.noNewPrivileges);
  try {
    ready = prepare(kernel, process, memory, found, request, credentials);
  } catch (failure) {
    space.release();
    throw failure;
  }
  replace(kernel, thread, space, memory);
  process.credentials = credentials;
  process.executable = found.place;
  process.command = found.argv.map((bytes) => new TextDecoder().decode(bytes));
  thread.name = (found.place.found?.name ?? request.path.split('/').at(-1) ?? '').slice(0, 15);
  thread.registers = freshRegisters(ready.entry, ready.stack);
}

/** The old program goes: other threads, its space, handlers, and descriptors that were to be closed. */
function replace(kernel: Kernel, thread: Thread, space: AddressSpace, memory: UserMemory): void {
  const { process } = thread;
  for (const other of [...process.threads]) if (other !== thread) exitThread(kernel, other, 0);
  if (process.leader !== thread) {
    for (const [namespace, number] of process.leader.numbers) namespace.threads.set(number, thread);
    for (const [namespace, number] of thread.numbers)
      if (process.leader.numbers.get(namespace) !== number) namespace.threads.delete(number);
    for (const [namespace, number] of process.leader.numbers) thread.numbers.set(namespace, number);
    process.leader = thread;
  }
  const { space: old } = process;
  process.space = space;
  process.memory = memory;
  kernel.processor.leave(old);
  old?.release();
  releaseVfork(kernel, thread);
  if (process.files.users > 1) {
    const own = process.files.copy();
    process.files.release();
    process.files = own;
  }
  process.files.closeForExec();
  process.actions = new Map([...process.actions].filter(([, { handler }]) => handler === SIG_IGN));
  process.hasExecuted = true;
  thread.tls = new Int32Array(6);
  kernel.processor.forget(thread);
  [thread.float, thread.clearChildTid, thread.robustList] = [null, 0, 0];
  thread.floatsBelow.length = 0;
  thread.alternateStack = { address: 0, size: 0, flags: 2 };
}

/** Set-user-ID bits, where mount and no_new_privs let them count, and what execve does to capabilities. */
function elevated(process: Process, { place }: Found, noNewPrivileges: boolean): Credentials {
  let { credentials } = process;
  const { mode, uid, gid } = place.node;
  const mapped =
    toInside(credentials.users.uidMap, uid) !== 65534 && toInside(credentials.users.gidMap, gid) !== 65534;
  if ((place.mount.flags & MS_NOSUID) === 0 && !noNewPrivileges && mapped) {
    if ((mode & S_ISUID) !== 0) credentials = { ...credentials, euid: uid, suid: uid, fsuid: uid };
    if ((mode & S_ISGID) !== 0 && (mode & 0o10) !== 0)
      credentials = { ...credentials, egid: gid, sgid: gid, fsgid: gid };
  }
  return afterExec(credentials);
}

/** Follows #! lines to a program, and finds its loader. */
function findProgram(kernel: Kernel, process: Process, request: ExecRequest): Found {
  let { path, argv } = request;
  let given: Place | null = request.place ?? null;
  for (let depth = 0; depth <= MOST_INTERPRETERS; depth++) {
    const place = given ?? new Walker(standpointOf(process)).find(path);
    given = null;
    const file = executable(process, place);
    const script = scriptOf(file);
    if (script) {
      const rest = argv.slice(1);
      argv = [script.interpreter, ...script.argument, path].map((part) => encoder.encode(part));
      argv = [...argv, ...rest];
      path = script.interpreter;
      continue;
    }
    const program = readProgram(file);
    if (typeof program === 'string') {
      if (program !== 'not an ELF file') kernel.say(`${path}: ${program}`);
      return fail('ENOEXEC');
    }
    return { place, file, program, argv, interpreter: loaderOf(process, program) };
  }
  return fail('ELOOP');
}

function loaderOf(process: Process, { interpreter }: Program): Found['interpreter'] {
  if (interpreter === null) return null;
  const place = new Walker(standpointOf(process)).find(interpreter);
  const file = executable(process, place);
  const program = readProgram(file);
  if (typeof program === 'string') return fail('ENOEXEC');
  return { file, program, name: interpreter };
}

function executable({ credentials }: Process, { node, mount }: Place): RegularFile {
  if (!(node instanceof RegularFile)) return fail('EACCES');
  if ((mount.flags & MS_NOEXEC) !== 0 || !permits(credentials, node, MAY_EXEC) || (node.mode & 0o111) === 0)
    return fail('EACCES');
  return node;
}

function scriptOf(file: RegularFile): { interpreter: string; argument: readonly string[] } | null {
  const head = file.read(0, 256);
  if (head[0] !== 0x23 || head[1] !== 0x21) return null;
  const end = head.indexOf(10);
  const line = new TextDecoder().decode(head.subarray(2, end < 0 ? head.length : end)).trim();
  const cut = line.search(/[ \t]/);
  if (line === '') return fail('ENOEXEC');
  return cut < 0
    ? { interpreter: line, argument: [] }
    : { interpreter: line.slice(0, cut), argument: [line.slice(cut).trim()] };
}

function prepare(
  kernel: Kernel,
  process: Process,
  memory: UserMemory,
  found: Found,
  request: ExecRequest,
  credentials: Credentials,
): { entry: number; stack: number } {
  const { space } = memory;
  const stack = { protection: PROT_READ | PROT_WRITE | PROT_EXEC, shared: false, file: null, offset: 0 };
  space.map({ ...stack, grows: true, name: '[stack]' }, STACK_TOP - 33 * PAGE, 33 * PAGE);
  const name = pathOf(found.place, process.fs.root);
  const program = load(memory, found.file, found.program, { at: PROGRAM_BASE, name });
  space.breakStart = space.breakEnd = program.end;
  const { interpreter } = found;
  const loader =
    interpreter && load(memory, interpreter.file, interpreter.program, { at: 0, name: interpreter.name });
  const auxiliary = vector(found.program, program, loader, credentials);
  const pointer = pushAll(kernel, memory, { ...request, argv: found.argv }, auxiliary);
  return { entry: loader?.entry ?? program.entry, stack: pointer };
}

function vector(program: Program, at: Loaded, loader: Loaded | null, c: Credentials): [number, number][] {
  const secure = c.uid !== c.euid || c.gid !== c.egid;
  const { uidMap, gidMap } = c.users;
  return [
    [AT.HWCAP, HARDWARE],
    [AT.PAGESZ, PAGE],
    [AT.CLKTCK, HZ],
    [AT.PHDR, at.headers],
    [AT.PHENT, 32],
    [AT.PHNUM, program.headers.count],
    [AT.BASE, loader?.base ?? 0],
    [AT.FLAGS, 0],
    [AT.ENTRY, at.entry],
    [AT.UID, toInside(uidMap, c.uid)],
    [AT.EUID, toInside(uidMap, c.euid)],
    [AT.GID, toInside(gidMap, c.gid)],
    [AT.EGID, toInside(gidMap, c.egid)],
    [AT.SECURE, secure ? 1 : 0],
  ];
}

/** Strings at the top, below them the vectors; the stack pointer at the count of arguments. */
function pushAll(
  kernel: Kernel,
  memory: UserMemory,
  request: ExecRequest,
  auxiliary: [number, number][],
): number {
  let top = STACK_TOP - 4;
  const push = (bytes: Uint8Array): number => {
    top -= bytes.length + 1;
    const ended = new Uint8Array(bytes.length + 1);
    ended.set(bytes);
    memory.write(top, ended);
    return top;
  };
  const { space } = memory;
  const name = push(encoder.encode(request.path));
  const environmentEnd = top;
  const envp = [...request.envp].reverse().map(push).reverse();
  const environment = top;
  const argv = [...request.argv].reverse().map(push).reverse();
  space.arguments = { start: top, end: environment, environment: environmentEnd };
  const platform = push(encoder.encode('i686'));
  top = (top - 16) & -16;
  top >>>= 0;
  const seed = top;
  memory.setWords(
    seed,
    [0, 0, 0, 0].map(() => kernel.random.word()),
  );
  const rows = [...auxiliary, [AT.RANDOM, seed], [AT.EXECFN, name], [AT.PLATFORM, platform], [AT.NULL, 0]];
  const words = [argv.length, ...argv, 0, ...envp, 0, ...rows.flat()];
  const pointer = ((top - 4 * words.length) & -16) >>> 0;
  memory.setWords(pointer, words);
  return pointer;
}
