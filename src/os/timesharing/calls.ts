/**
 * The supervisor calls, one row each: what a program asks with SVC. Arguments and results are in general registers 1 to
 * 3; −1 in register 1 says that it could not be done. A call that has to wait is executed anew when its wait is over.
 */
import { fromEbcdic } from '../../base/ebcdic.ts';
import { NAME_BYTES, PIPE_BYTES } from './files.ts';
import type { Open, Process, Waiting } from './process.ts';
import type { Supervisor } from './supervisor.ts';

export interface Call {
  readonly name: string;
  /** Registers that it takes and gives, for the reference. */
  readonly use: string;
  /** Does it; or gives what is to be waited for first. */
  readonly act: (s: Supervisor, p: Process) => Waiting | null;
}

const MOST_OPEN = 8;
const FAILED = -1;

const give = (p: Process, value: number): null => {
  p.gr[1] = value;
  return null;
};
const nameAt = (s: Supervisor, p: Process): string =>
  fromEbcdic(s.storage.fetch(p, p.gr[1]! & 0xffffff, NAME_BYTES)).trim();

/** Puts the bytes at R1, R2 of them, into what is open as `fd`. */
function put(s: Supervisor, p: Process, fd: number, address: number, length: number): Waiting | null {
  const open = p.open[fd];
  if (!open || length < 0) return give(p, FAILED);
  switch (open.kind) {
    case 'terminal':
      s.typed(p, fromEbcdic(s.storage.fetch(p, address, length)));
      return give(p, length);
    case 'file':
      return putFile(s, p, open, address, length);
    case 'pipe':
      return putPipe(s, p, open, address, length);
  }
}

function putFile(
  s: Supervisor,
  p: Process,
  open: Open & { kind: 'file' },
  address: number,
  length: number,
): Waiting | null {
  const found = s.files.locate(open.name, open.at, p.id, s.system.clock, true);
  if (!found) return { kind: 'block', slot: 0 };
  if (found.room === 0) return give(p, FAILED); // the disk is full
  const bytes = s.storage.fetch(p, address, Math.min(length, found.room));
  s.system.store(found.real, bytes);
  open.at += bytes.length;
  s.files.grown(open.name, open.at);
  return give(p, bytes.length);
}

function putPipe(
  s: Supervisor,
  p: Process,
  open: Open & { kind: 'pipe' },
  address: number,
  length: number,
): Waiting | null {
  const pipe = s.files.state.pipes[open.pipe]!;
  if (open.end !== 'write' || pipe.readers === 0) return give(p, FAILED);
  const room = PIPE_BYTES - pipe.bytes.length;
  if (room === 0) return { kind: 'pipe', pipe: open.pipe };
  const bytes = s.storage.fetch(p, address, Math.min(length, room));
  pipe.bytes.push(...bytes);
  s.wakeWaiting((w) => w.kind === 'pipe' && w.pipe === open.pipe);
  return give(p, bytes.length);
}

/** Gets up to `length` bytes from what is open as `fd`; 0 at the end of it. */
function get(s: Supervisor, p: Process, fd: number, address: number, length: number): Waiting | null {
  const open = p.open[fd];
  if (!open || length < 0) return give(p, FAILED);
  switch (open.kind) {
    case 'terminal': {
      const line = s.lineFor(p);
      if (line === null) return { kind: 'line' };
      const bytes = line.slice(0, length);
      s.storage.store(p, address, bytes);
      s.takeLine(p);
      return give(p, bytes.length);
    }
    case 'file': {
      const left = s.files.lengthOf(open.name) - open.at;
      if (left <= 0) return give(p, 0);
      const found = s.files.locate(open.name, open.at, p.id, s.system.clock, false);
      if (!found) return { kind: 'block', slot: 0 };
      const bytes = s.system.fetch(found.real, Math.min(length, left, found.room));
      s.storage.store(p, address, bytes);
      open.at += bytes.length;
      return give(p, bytes.length);
    }
    case 'pipe': {
      const pipe = s.files.state.pipes[open.pipe]!;
      if (open.end !== 'read') return give(p, FAILED);
      if (pipe.bytes.length === 0) return pipe.writers === 0 ? give(p, 0) : { kind: 'pipe', pipe: open.pipe };
      const bytes = pipe.bytes.slice(0, length);
      s.storage.store(p, address, bytes);
      pipe.bytes.splice(0, bytes.length);
      s.wakeWaiting((w) => w.kind === 'pipe' && w.pipe === open.pipe);
      return give(p, bytes.length);
    }
  }
}

/** The lowest number under which nothing is open, or −1. */
const freeNumber = ({ open }: Process): number => {
  const at = open.findIndex((each) => each === null);
  return at >= 0 ? at : open.length < MOST_OPEN ? open.length : FAILED;
};

export const CALLS: Readonly<Record<number, Call>> = {
  0: { name: 'EXIT', use: 'R1 = code', act: (s, p) => (s.processes.end(p, p.gr[1]! | 0, ''), null) },
  1: {
    name: 'WRITE',
    use: 'R1 → bytes, R2 = how many',
    act: (s, p) => put(s, p, 1, p.gr[1]! & 0xffffff, p.gr[2]!),
  },
  2: {
    name: 'READ',
    use: 'R1 → room, R2 = how much; gives R1 = bytes',
    act: (s, p) => get(s, p, 0, p.gr[1]! & 0xffffff, p.gr[2]!),
  },
  3: {
    name: 'TIME',
    use: 'gives R1 = milliseconds since power-on, R2 = of processor time that the process has had',
    act: (s, p) => {
      const millisecond = 1e9 / s.system.cyclePicoseconds;
      p.gr[2] = Math.floor(p.total / millisecond);
      return give(p, Math.floor(s.system.clock / millisecond));
    },
  },
  4: {
    name: 'SPAWN',
    use: 'R1 → name of a program, R2 = its argument; gives R1 = process',
    act: (s, p) => give(p, s.processes.spawn(p.user, nameAt(s, p), p.gr[2]!, p)),
  },
  5: {
    name: 'WAIT',
    use: 'R1 = process; gives R1 = its exit code',
    act: (s, p) => {
      const child = s.process(p.gr[1]!);
      if (child?.parent !== p.id) return give(p, FAILED);
      if (child.state !== 'ended') return { kind: 'child', id: child.id };
      const { exitCode } = child;
      s.processes.forget(child);
      return give(p, exitCode);
    },
  },
  6: {
    name: 'OPEN',
    use: 'R1 → name of a file, made if there is none; gives R1 = number',
    act: (s, p) => {
      const name = nameAt(s, p);
      const number = freeNumber(p);
      if (number < 0) return give(p, FAILED);
      s.files.open(name);
      p.open[number] = { kind: 'file', name, at: 0 };
      return give(p, number);
    },
  },
  7: {
    name: 'GET',
    use: 'R1 → room, R2 = how much, R3 = number; gives R1 = bytes',
    act: (s, p) => get(s, p, p.gr[3]!, p.gr[1]! & 0xffffff, p.gr[2]!),
  },
  8: {
    name: 'PUT',
    use: 'R1 → bytes, R2 = how many, R3 = number; gives R1 = how many were taken',
    act: (s, p) => put(s, p, p.gr[3]!, p.gr[1]! & 0xffffff, p.gr[2]!),
  },
  9: {
    name: 'CLOSE',
    use: 'R3 = number',
    act: (s, p) => {
      s.processes.close(p, p.gr[3]!);
      return give(p, 0);
    },
  },
  10: {
    name: 'FORK',
    use: 'gives R1 = 0 in the child, the child in the parent',
    act: (s, p) => give(p, s.processes.fork(p)),
  },
  11: {
    name: 'EXEC',
    use: 'R1 → name of a program, R2 = its argument; returns only when there is none',
    act: (s, p) => (s.processes.exec(p, nameAt(s, p), p.gr[2]!) ? null : give(p, FAILED)),
  },
  12: {
    name: 'PIPE',
    use: 'gives R1 = number to read from, R2 = number to write to',
    act: (s, p) => {
      const pipe = s.files.pipe();
      const read = freeNumber(p);
      if (read >= 0) p.open[read] = { kind: 'pipe', pipe, end: 'read' };
      const write = freeNumber(p);
      if (read < 0 || write < 0) {
        if (read >= 0) p.open[read] = null;
        return give(p, FAILED);
      }
      p.open[write] = { kind: 'pipe', pipe, end: 'write' };
      p.gr[2] = write;
      return give(p, read);
    },
  },
  13: {
    name: 'DUP',
    use: 'R1 = number, R2 = another, which means the same from now on',
    act: (s, p) => {
      const open = p.open[p.gr[1]!];
      const to = p.gr[2]!;
      if (!open || to < 0 || to >= MOST_OPEN) return give(p, FAILED);
      s.processes.close(p, to);
      while (p.open.length < to) p.open.push(null);
      p.open[to] = s.processes.opened({ ...open });
      return give(p, to);
    },
  },
};
