/** Calls about sockets: socket(2), connect(2), accept(2), send(2), recv(2), and socketcall(2), through which older programs make them. */
import { fail } from '../abi/errno.ts';
import { O_CLOEXEC, O_NONBLOCK, POLLHUP, POLLIN, POLLOUT, S_IFSOCK, MAY_WRITE } from '../abi/modes.ts';
import { Special } from '../files/inode.ts';
import { make } from '../files/opening.ts';
import { BROKEN } from '../files/pipe.ts';
import { Walker } from '../files/walk.ts';
import { AF_INET, AF_UNIX, readAddress, writeAddress, type Address } from '../net/address.ts';
import { DatagramSocket, socketOf, type Socket } from '../net/socket.ts';
import { join, StreamSocket } from '../net/stream.ts';
import { capable, permits } from '../process/credentials.ts';
import { post } from '../process/delivery.ts';
import { standpointOf } from '../process/exec.ts';
import type { Waiting } from '../process/process.ts';
import { SIGNALS } from '../process/signals.ts';
import { deadlineOf, passed, until, type Call, type Handler } from './call.ts';
import { vectors } from './files.ts';
import { Backlog, Ready } from './waits.ts';

const [STREAM, DGRAM, SEQPACKET] = [1, 2, 5] as const;
const FIRST_FREE_PORT = 1024;
const MSG = {
  PEEK: 2,
  TRUNC: 0x20,
  DONTWAIT: 0x40,
  WAITALL: 0x100,
  NOSIGNAL: 0x4000,
  CMSG_CLOEXEC: 0x40000000,
} as const;

function fresh(c: Call, family: number, type: number): Socket {
  const kind = type & 0xf;
  const flags = type & O_NONBLOCK;
  const { network } = c.process.namespaces;
  const number = c.kernel.number();
  if (family !== AF_UNIX && family !== AF_INET) return fail('EAFNOSUPPORT');
  if (kind === DGRAM) return new DatagramSocket(flags, network, family, kind, number);
  if (kind !== STREAM && !(kind === SEQPACKET && family === AF_UNIX)) return fail('EPROTONOSUPPORT');
  return new StreamSocket(flags, network, family, kind, number);
}

const socket: Handler = (c) =>
  c.process.files.add(fresh(c, c.args[0]!, c.args[1]!), (c.args[1]! & O_CLOEXEC) !== 0);

const socketpair: Handler = (c) => {
  const [family, type, , at] = c.args as unknown as [number, number, number, number];
  if (family !== AF_UNIX) return fail('EOPNOTSUPP');
  const [one, other] = [fresh(c, family, type), fresh(c, family, type)];
  if (one instanceof StreamSocket && other instanceof StreamSocket) join(one, other, one.name, other.name);
  if (one instanceof DatagramSocket && other instanceof DatagramSocket)
    [one.peer, other.peer, one.remote, other.remote] = [other, one, other.name, one.name];
  const closes = (type & O_CLOEXEC) !== 0;
  c.memory.setWords(
    at,
    [one, other].map((end) => c.process.files.add(end, closes)),
  );
  return 0;
};

const at = (c: Call, descriptor = c.args[0]!): Socket => socketOf(c.process.file(descriptor));

const bind: Handler = (c) => {
  const end = at(c);
  const address = readAddress(c.memory, c.args[1]!, c.args[2]!);
  if (end.local) return fail('EINVAL');
  if (address.family !== end.family) return fail('EAFNOSUPPORT');
  if (address.family === AF_INET) {
    const low = address.port > 0 && address.port < FIRST_FREE_PORT;
    if (low && !capable(c.process.credentials, 'NET_BIND_SERVICE', end.network.users)) return fail('EACCES');
    end.local = end.network.bind(end.protocol, address, end);
    return 0;
  }
  if (address.path === '') return fail('EINVAL');
  if (address.path.startsWith('\0')) {
    if (end.network.abstract.has(address.path)) return fail('EADDRINUSE');
    end.network.abstract.set(address.path, end);
  } else standAt(c, address.path, end);
  end.local = address;
  return 0;
};

/** A socket's name in the file system. */
function standAt(c: Call, path: string, end: Socket): void {
  const from = c.process.fs.cwd;
  if (new Walker(standpointOf(c.process)).target(path, { follow: false }).place) fail('EADDRINUSE');
  const { node } = make(c.kernel, c.process, from, path, {
    kind: 'special',
    mode: S_IFSOCK | 0o777,
    rdev: 0,
  });
  if (node instanceof Special) node.socket = end;
}

/** Who listens at an address, or would take a datagram; ECONNREFUSED where nobody does. */
function answering(c: Call, end: Socket, address: Address): Socket {
  if (address.family !== end.family) return fail('EAFNOSUPPORT');
  if (address.family === AF_INET) return end.network.find(end.protocol, address) ?? fail('ECONNREFUSED');
  if (address.path.startsWith('\0')) return end.network.abstract.get(address.path) ?? fail('ECONNREFUSED');
  const { node } = new Walker(standpointOf(c.process)).find(address.path);
  if (!(node instanceof Special) || node.type !== S_IFSOCK) return fail('ECONNREFUSED');
  if (!permits(c.process.credentials, node, MAY_WRITE)) return fail('EACCES');
  const found = node.socket;
  return found && found.users > 0 ? found : fail('ECONNREFUSED');
}

/** A socket of the Internet that has no address yet is given one. */
function named(end: Socket, to: Address): void {
  if (end.local || to.family !== AF_INET) return;
  const ip = end.network.sourceFor(to.ip);
  end.local = end.network.bind(end.protocol, { family: AF_INET, ip, port: 0 }, end);
}

const blocks = (end: Socket, flags = 0): boolean =>
  (end.flags & O_NONBLOCK) === 0 && (flags & MSG.DONTWAIT) === 0;

const connect: Handler = (c) => {
  const end = at(c);
  if (end instanceof DatagramSocket && (c.memory.word(c.args[1]!) & 0xffff) === 0) {
    [end.peer, end.remote] = [null, null];
    return 0;
  }
  const address = readAddress(c.memory, c.args[1]!, c.args[2]!);
  if (end instanceof StreamSocket && end.connected) return fail('EISCONN');
  const to = answering(c, end, address);
  named(end, address);
  if (end instanceof DatagramSocket) {
    if (!(to instanceof DatagramSocket)) return fail('EPROTOTYPE');
    [end.peer, end.remote] = [to, address];
    return 0;
  }
  if (!(end instanceof StreamSocket) || !(to instanceof StreamSocket)) return fail('EPROTOTYPE');
  if (end.connect(to, c.kernel.number())) return 0;
  return blocks(end) ? until(new Backlog(to)) : fail('EAGAIN');
};

const listen: Handler = (c) => {
  const end = at(c);
  if (!(end instanceof StreamSocket)) return fail('EOPNOTSUPP');
  if (!end.local && end.family === AF_INET)
    end.local = end.network.bind('tcp', { family: AF_INET, ip: 0, port: 0 }, end);
  end.listen(c.args[1]!);
  return 0;
};

/** Time that SO_RCVTIMEO or SO_SNDTIMEO gives a call, over and it is EAGAIN. */
const [SO_RCVTIMEO, SO_SNDTIMEO] = [20, 21];
function waitOn(c: Call, end: Socket, bits: number, flags: number): Waiting {
  if (!blocks(end, flags) || passed(c)) return fail('EAGAIN');
  const limit = end.options.get(`1:${(bits & POLLIN) !== 0 ? SO_RCVTIMEO : SO_SNDTIMEO}`) ?? 0;
  return until(new Ready(end, bits), limit === 0 ? Infinity : deadlineOf(c, BigInt(limit)));
}

function accepted(c: Call, flags: number): number | Waiting {
  const end = at(c);
  if (!(end instanceof StreamSocket)) return fail('EOPNOTSUPP');
  const next = end.accept();
  if (!next) return waitOn(c, end, POLLIN, 0);
  next.flags |= flags & O_NONBLOCK;
  const descriptor = c.process.files.add(next, (flags & O_CLOEXEC) !== 0);
  writeAddress(c.memory, next.remote ?? next.name, c.args[1]!, c.args[2]!);
  return descriptor;
}
const accept: Handler = (c) => accepted(c, 0);
const accept4: Handler = (c) => accepted(c, c.args[3]!);

const getsockname: Handler = (c) => {
  writeAddress(c.memory, at(c).name, c.args[1]!, c.args[2]!);
  return 0;
};
const getpeername: Handler = (c) => {
  writeAddress(c.memory, at(c).remote ?? fail('ENOTCONN'), c.args[1]!, c.args[2]!);
  return 0;
};

// ---------------------------------------------------------------- data

function sent(c: Call, end: Socket, bytes: Uint8Array, flags: number, to: Address | null): number | Waiting {
  const count = end instanceof DatagramSocket && to ? sentTo(c, end, bytes, to) : end.write(bytes);
  if (count === null) return waitOn(c, end, POLLOUT, flags);
  if (count !== BROKEN) return count;
  if ((flags & MSG.NOSIGNAL) === 0) post(c.kernel, c.process, { signal: SIGNALS.PIPE, code: 0, fields: [] });
  return fail('EPIPE');
}
function sentTo(c: Call, end: DatagramSocket, bytes: Uint8Array, to: Address): number | null {
  named(end, to);
  if (to.family === AF_INET && !end.network.find('udp', to)) return bytes.length;
  const receiver = answering(c, end, to);
  return receiver instanceof DatagramSocket ? end.sendTo(receiver, bytes) : fail('EPROTOTYPE');
}

interface Received {
  readonly bytes: Uint8Array;
  readonly from: Address | null;
  /** As long as the message was, where it was cut. */
  readonly length: number;
}
function received(c: Call, end: Socket, length: number, flags: number): Received | Waiting {
  const peeks = (flags & MSG.PEEK) !== 0;
  if (end instanceof DatagramSocket) {
    const datagram = end.take(peeks);
    if (!datagram) return waitOn(c, end, POLLIN, flags);
    const { bytes, from } = datagram;
    return { bytes: bytes.subarray(0, length), from, length: bytes.length };
  }
  if (!(end instanceof StreamSocket)) return fail('EOPNOTSUPP');
  const bytes = end.receive(length, peeks);
  return bytes ? { bytes, from: null, length: bytes.length } : waitOn(c, end, POLLIN | POLLHUP, flags);
}
const arrived = (got: Received | Waiting): got is Received => 'bytes' in got;
const told = (got: Received, flags: number): number =>
  (flags & MSG.TRUNC) !== 0 ? got.length : got.bytes.length;

const MOST = 1 << 20;
const sendto: Handler = (c) => {
  const [, from, length, flags, address, size] = c.args as unknown as number[] as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const to = address === 0 ? null : readAddress(c.memory, address, size);
  return sent(c, at(c), c.memory.read(from, Math.min(length >>> 0, MOST)), flags, to);
};
const send: Handler = (c) =>
  sent(c, at(c), c.memory.read(c.args[1]!, Math.min(c.args[2]! >>> 0, MOST)), c.args[3]!, null);
const recvfrom: Handler = (c) => {
  const [, to, length, flags, address, size] = c.args as unknown as number[] as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const got = received(c, at(c), Math.min(length >>> 0, MOST), flags);
  if (!arrived(got)) return got;
  c.memory.write(to, got.bytes);
  if (got.from) writeAddress(c.memory, got.from, address, size);
  return told(got, flags);
};
const recv: Handler = (c) => {
  const got = received(c, at(c), Math.min(c.args[2]! >>> 0, MOST), c.args[3]!);
  if (!arrived(got)) return got;
  c.memory.write(c.args[1]!, got.bytes);
  return told(got, c.args[3]!);
};

/** struct msghdr: name, its length, vectors, how many, control data, its length, flags. */
const header = (c: Call): readonly number[] => [...c.memory.words(c.args[1]!, 7)];
const sendmsg: Handler = (c) => {
  const [name, size, parts, count] = header(c) as [number, number, number, number];
  const pieces = vectors(c, parts, count);
  const whole = new Uint8Array(
    Math.min(
      MOST,
      pieces.reduce((sum, { length }) => sum + length, 0),
    ),
  );
  let done = 0;
  for (const { base, length } of pieces) {
    const some = c.memory.read(base, Math.min(length, whole.length - done));
    whole.set(some, done);
    done += some.length;
  }
  return sent(
    c,
    at(c),
    whole,
    c.args[2]!,
    name === 0 || size === 0 ? null : readAddress(c.memory, name, size),
  );
};
const recvmsg: Handler = (c) => {
  const [name, , parts, count] = header(c) as [number, number, number, number];
  const pieces = vectors(c, parts, count);
  const room = Math.min(
    MOST,
    pieces.reduce((sum, { length }) => sum + length, 0),
  );
  const got = received(c, at(c), room, c.args[2]!);
  if (!arrived(got)) return got;
  let done = 0;
  for (const { base, length } of pieces) {
    c.memory.write(base, got.bytes.subarray(done, done + length));
    done += length;
  }
  const message = c.args[1]!;
  if (got.from) writeAddress(c.memory, got.from, name, message + 4);
  else c.memory.setWord(message + 4, 0);
  c.memory.setWords(message + 20, [0, got.length > got.bytes.length ? MSG.TRUNC : 0]);
  return told(got, c.args[2]!);
};

const shutdown: Handler = (c) => {
  const end = at(c);
  if (end instanceof StreamSocket) end.shutdown(c.args[1]!);
  return 0;
};

// ---------------------------------------------------------------- options

const SOL_SOCKET = 1;
const [SO_TYPE, SO_ERROR, SO_PEERCRED, SO_ACCEPTCONN, SO_DOMAIN, SO_SNDBUF, SO_RCVBUF] = [
  3, 4, 17, 30, 39, 7, 8,
];
const setsockopt: Handler = (c) => {
  const [, level, name, value, length] = c.args as unknown as number[] as [
    number,
    number,
    number,
    number,
    number,
  ];
  const end = at(c);
  if (length < 4) return fail('EINVAL');
  const [first, second = 0] = c.memory.words(value, length >= 8 ? 2 : 1);
  const isTime = level === SOL_SOCKET && (name === SO_RCVTIMEO || name === SO_SNDTIMEO);
  end.options.set(`${level}:${name}`, isTime ? first! * 1e9 + second * 1e3 : first!);
  return 0;
};
const getsockopt: Handler = (c) => {
  const [, level, name, value, lengthAt] = c.args as unknown as number[] as [
    number,
    number,
    number,
    number,
    number,
  ];
  const end = at(c);
  const answer = (...words: readonly number[]): number => {
    c.memory.setWords(value, words);
    c.memory.setWord(lengthAt, 4 * words.length);
    return 0;
  };
  if (level !== SOL_SOCKET) return answer(end.options.get(`${level}:${name}`) ?? 0);
  switch (name) {
    case SO_TYPE:
      return answer(end.kind);
    case SO_DOMAIN:
      return answer(end.family);
    case SO_ACCEPTCONN:
      return answer(end instanceof StreamSocket && end.listens ? 1 : 0);
    case SO_SNDBUF:
    case SO_RCVBUF:
      return answer(212_992);
    case SO_ERROR: {
      const error = end instanceof StreamSocket ? end.error : 0;
      if (end instanceof StreamSocket) end.error = 0;
      return answer(error);
    }
    case SO_PEERCRED:
      return answer(c.process.pid, c.process.credentials.euid, c.process.credentials.egid);
    default:
      return answer(end.options.get(`${level}:${name}`) ?? 0);
  }
};

/** By the numbers of socketcall(2). include/uapi/linux/net.h. */
const BY_NUMBER: readonly (Handler | null)[] = [
  ...[null, socket, bind, connect, listen, accept, getsockname, getpeername, socketpair, send, recv],
  ...[sendto, recvfrom, shutdown, setsockopt, getsockopt, sendmsg, recvmsg, accept4],
];
const COUNTS = [0, 3, 3, 3, 2, 3, 3, 3, 4, 4, 4, 6, 6, 2, 5, 5, 3, 3, 4];
const socketcall: Handler = (c) => {
  const handler = BY_NUMBER[c.args[0]!] ?? fail('EINVAL');
  const args = new Int32Array(6);
  args.set(c.memory.words(c.args[1]!, COUNTS[c.args[0]!]!));
  return handler({ ...c, args });
};

export const SOCKET_CALLS = {
  ...{ socketcall, socket, socketpair, bind, connect, listen, accept4, getsockname, getpeername },
  ...{ sendto, sendmsg, recvfrom, recvmsg, shutdown, setsockopt, getsockopt },
};
