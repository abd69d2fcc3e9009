/** Calls about open files: open(2), read(2), write(2), lseek(2), dup(2), pipe(2), fcntl(2), ioctl(2). */
import { fail } from '../abi/errno.ts';
import * as modes from '../abi/modes.ts';
import { RegularFile } from '../files/inode.ts';
import type { Place } from '../files/mounts.ts';
import { OpenDirectory, OpenRegular, type OpenFile } from '../files/open-file.ts';
import { open, truncate } from '../files/opening.ts';
import { BROKEN, Pipe, PipeEnd } from '../files/pipe.ts';
import { Walker } from '../files/walk.ts';
import { post } from '../process/delivery.ts';
import { standpointOf } from '../process/exec.ts';
import type { Process, Waiting } from '../process/process.ts';
import { SIGNALS } from '../process/signals.ts';
import { until, type Call, type Handler } from './call.ts';
import { Joined, Ready } from './waits.ts';

/** Bytes that one call moves at most; what is beyond takes another. */
const MOST = 1 << 24;

/** Where a path of an …at call begins. */
export function baseOf(process: Process, descriptor: number): Place {
  if (descriptor === modes.AT_FDCWD) return process.fs.cwd;
  return process.file(descriptor).place ?? fail('ENOTDIR');
}

/** What a call that waits has opened already is kept by its thread: its presence is what the other end waits for. */
function opened(c: Call, from: Place, path: string, flags: number, mode: number): number | Waiting {
  const { kernel, process, thread } = c;
  const file = thread.opening ?? open(kernel, process, from, path, flags, mode);
  if (file instanceof PipeEnd && file.alone && blocks(file)) {
    thread.opening = file;
    return until(new Joined(file));
  }
  thread.opening = null;
  return process.files.add(file, (flags & modes.O_CLOEXEC) !== 0);
}
const openPath: Handler = (c) =>
  opened(c, c.process.fs.cwd, c.memory.path(c.args[0]!), c.args[1]!, c.args[2]!);
const openat: Handler = (c) => {
  const path = c.memory.path(c.args[1]!);
  const from = path.startsWith('/') ? c.process.fs.root : baseOf(c.process, c.args[0]!);
  return opened(c, from, path, c.args[2]!, c.args[3]!);
};
const creat: Handler = (c) =>
  opened(
    c,
    c.process.fs.cwd,
    c.memory.path(c.args[0]!),
    modes.O_CREAT | modes.O_WRONLY | modes.O_TRUNC,
    c.args[1]!,
  );

const close: Handler = ({ process, args }) => {
  process.files.close(args[0]!);
  return 0;
};

const blocks = (file: OpenFile): boolean => (file.flags & modes.O_NONBLOCK) === 0;

function readFrom(
  c: Call,
  file: OpenFile,
  length: number,
  deliver: (bytes: Uint8Array) => void,
): number | Waiting {
  if (!file.mayRead) return fail('EBADF');
  if (length < 0) return fail('EINVAL');
  const bytes = file.read(Math.min(length, MOST));
  if (bytes) {
    deliver(bytes);
    return bytes.length;
  }
  return blocks(file) ? until(new Ready(file, modes.POLLIN | modes.POLLHUP)) : fail('EAGAIN');
}

function writeTo(c: Call, file: OpenFile, bytes: Uint8Array): number | Waiting {
  if (!file.mayWrite) return fail('EBADF');
  const count = file.write(bytes);
  if (count === BROKEN) {
    post(c.kernel, c.process, { signal: SIGNALS.PIPE, code: 0, fields: [] });
    return fail('EPIPE');
  }
  if (count !== null) return count;
  return blocks(file) ? until(new Ready(file, modes.POLLOUT | modes.POLLERR)) : fail('EAGAIN');
}

const read: Handler = (c) =>
  readFrom(c, c.process.file(c.args[0]!), c.args[2]!, (bytes) => c.memory.write(c.args[1]!, bytes));
const write: Handler = (c) => {
  const file = c.process.file(c.args[0]!);
  if (c.args[2]! < 0) return fail('EINVAL');
  return writeTo(c, file, c.memory.read(c.args[1]!, Math.min(c.args[2]!, 1 << 20)));
};

export function vectors({ memory }: Call, at: number, count: number): { base: number; length: number }[] {
  if (count < 0 || count > 1024) return fail('EINVAL');
  const words = memory.words(at, 2 * count);
  return Array.from({ length: count }, (_, k) => ({ base: words[2 * k]!, length: words[2 * k + 1]! >>> 0 }));
}
const total = (parts: readonly { length: number }[]): number =>
  parts.reduce((sum, { length }) => sum + length, 0);

const readv: Handler = (c) => {
  const parts = vectors(c, c.args[1]!, c.args[2]!);
  return readFrom(c, c.process.file(c.args[0]!), Math.min(total(parts), MOST), (bytes) => {
    let at = 0;
    for (const { base, length } of parts) {
      c.memory.write(base, bytes.subarray(at, at + length));
      at += length;
    }
  });
};
const writev: Handler = (c) => {
  const file = c.process.file(c.args[0]!);
  const parts = vectors(c, c.args[1]!, c.args[2]!);
  const bytes = new Uint8Array(Math.min(total(parts), 1 << 20));
  let at = 0;
  for (const { base, length } of parts) {
    const some = c.memory.read(base, Math.min(length, bytes.length - at));
    bytes.set(some, at);
    at += some.length;
  }
  return writeTo(c, file, bytes);
};

const offsetOf = (low: number, high: number): number => {
  const offset = (low >>> 0) + high * 0x1_0000_0000;
  return offset < 0 ? fail('EINVAL') : offset;
};
const regular = (file: OpenFile): OpenRegular => (file instanceof OpenRegular ? file : fail('ESPIPE'));
const pread64: Handler = ({ process, memory, args }) => {
  const file = regular(process.file(args[0]!));
  if (!file.mayRead) return fail('EBADF');
  const bytes = file.readAt(offsetOf(args[3]!, args[4]!), args[2]! >>> 0);
  memory.write(args[1]!, bytes);
  return bytes.length;
};
const pwrite64: Handler = ({ process, memory, args }) => {
  const file = regular(process.file(args[0]!));
  if (!file.mayWrite) return fail('EBADF');
  const bytes = memory.read(args[1]!, Math.min(args[2]! >>> 0, 1 << 20));
  file.writeAt(offsetOf(args[3]!, args[4]!), bytes);
  return bytes.length;
};

function seek(file: OpenFile, offset: number, whence: number): number {
  if (!file.seekable()) return fail('ESPIPE');
  const size = file instanceof OpenDirectory ? 0 : (file.inode?.size ?? 0);
  const base = [0, file.offset, size][whence];
  if (base === undefined || base + offset < 0) return fail('EINVAL');
  file.offset = base + offset;
  return file.offset;
}
const lseek: Handler = ({ process, args }) => seek(process.file(args[0]!), args[1]!, args[2]!) | 0;
const llseek: Handler = ({ process, memory, args }) => {
  const at = seek(process.file(args[0]!), args[1]! * 0x1_0000_0000 + (args[2]! >>> 0), args[4]!);
  memory.setWords(args[3]!, [at, Math.floor(at / 0x1_0000_0000)]);
  return 0;
};

const dup: Handler = ({ process, args }) => process.files.add(process.file(args[0]!));
const dup2: Handler = ({ process, args }) => {
  const file = process.file(args[0]!);
  if (args[0] !== args[1]) process.files.put(args[1]!, file);
  return args[1]!;
};
const dup3: Handler = ({ process, args }) => {
  if (args[0] === args[1]) return fail('EINVAL');
  process.files.put(args[1]!, process.file(args[0]!), (args[2]! & modes.O_CLOEXEC) !== 0);
  return args[1]!;
};

function makePipe({ kernel, process, memory, args }: Call, flags: number): number {
  const pipe = new Pipe(kernel.number());
  const kept = flags & modes.O_NONBLOCK;
  const closes = (flags & modes.O_CLOEXEC) !== 0;
  const ends = [new PipeEnd(kept, pipe), new PipeEnd(kept | modes.O_WRONLY, pipe)] as const;
  memory.setWords(
    args[0]!,
    ends.map((end) => process.files.add(end, closes)),
  );
  return 0;
}
const pipe: Handler = (c) => makePipe(c, 0);
const pipe2: Handler = (c) => makePipe(c, c.args[1]!);

const SETTABLE = modes.O_APPEND | modes.O_NONBLOCK;
const fcntl: Handler = ({ process, memory, args }) => {
  const [descriptor, command, argument] = args as unknown as [number, number, number];
  const file = process.file(descriptor);
  switch (command) {
    case 0:
    case 1030:
      return argument < 0 ? fail('EINVAL') : process.files.add(file, command === 1030, argument);
    case 1:
      return process.files.closesOnExec(descriptor) ? 1 : 0;
    case 2:
      process.files.setClosesOnExec(descriptor, (argument & 1) !== 0);
      return 0;
    case 3:
      return file.flags;
    case 4:
      file.flags = (file.flags & ~SETTABLE) | (argument & SETTABLE);
      return 0;
    case 5:
    case 12:
      // Nobody else holds a lock: F_GETLK answers F_UNLCK.
      memory.write(argument, Uint8Array.of(2, 0));
      return 0;
    case 6:
    case 7:
    case 13:
    case 14:
      return 0;
    default:
      return fail('EINVAL');
  }
};

const FIONBIO = 0x5421;
const FIOCLEX = 0x5451;
const ioctl: Handler = ({ process, memory, args }) => {
  const file = process.file(args[0]!);
  if (args[1] === FIONBIO) {
    file.flags = memory.word(args[2]!) !== 0 ? file.flags | modes.O_NONBLOCK : file.flags & ~modes.O_NONBLOCK;
    return 0;
  }
  if (args[1] === FIOCLEX) {
    process.files.setClosesOnExec(args[0]!, true);
    return 0;
  }
  return file.ioctl(args[1]!, args[2]!, { memory, process });
};

function cut({ kernel }: Call, node: unknown, size: number): number {
  if (!(node instanceof RegularFile)) return fail('EINVAL');
  node.prepareToWrite();
  truncate(kernel, node, size);
  return 0;
}
const cutPath = (c: Call, size: number): number => {
  const { node } = new Walker(standpointOf(c.process)).find(c.memory.path(c.args[0]!));
  return cut(c, node, size);
};
const cutOpen = (c: Call, size: number): number => {
  const file = c.process.file(c.args[0]!);
  return file.mayWrite ? cut(c, file.inode, size) : fail('EINVAL');
};
const truncateOld: Handler = (c) => cutPath(c, c.args[1]! >>> 0);
const truncate64: Handler = (c) => cutPath(c, offsetOf(c.args[1]!, c.args[2]!));
const ftruncate: Handler = (c) => cutOpen(c, c.args[1]! >>> 0);
const ftruncate64: Handler = (c) => cutOpen(c, offsetOf(c.args[1]!, c.args[2]!));

/** sendfile(2): from a regular file to whatever takes bytes. */
const sendfile64: Handler = (c) => {
  const { process, memory, args } = c;
  const from = regular(process.file(args[1]!));
  const at = args[2] === 0 ? from.offset : memory.word(args[2]!) >>> 0;
  const bytes = from.readAt(at, Math.min(args[3]! >>> 0, 1 << 16));
  const count = bytes.length === 0 ? 0 : writeTo(c, process.file(args[0]!), bytes);
  if (typeof count !== 'number') return count;
  if (args[2] === 0) from.offset = at + count;
  else memory.setWord(args[2]!, at + count);
  return count;
};

export const FILE_CALLS = {
  ...{ openPath, openat, creat, close, read, write, readv, writev, pread64, pwrite64, lseek, llseek },
  ...{
    dup,
    dup2,
    dup3,
    pipe,
    pipe2,
    fcntl,
    ioctl,
    truncateOld,
    truncate64,
    ftruncate,
    ftruncate64,
    sendfile64,
  },
};
