/** Sockets that are connected: TCP, and Unix streams and sequences of packets. tcp(7), unix(7). */
import { ERRNO, fail } from '../abi/errno.ts';
import { POLLERR, POLLHUP, POLLIN, POLLOUT } from '../abi/modes.ts';
import { BROKEN, ByteQueue } from '../files/pipe.ts';
import type { Address } from './address.ts';
import { CAPACITY, Socket } from './socket.ts';

const SEQPACKET = 5;
/** What /proc/sys/net/core/somaxconn allows. */
const MOST_WAITING = 4096;

export class StreamSocket extends Socket {
  private readonly incoming = new ByteQueue();
  /** Lengths of packets, where they are kept apart. */
  private readonly packets: number[] = [];
  peer: StreamSocket | null = null;
  /** Connections that nobody has accepted yet; null while it does not listen. */
  private pending: StreamSocket[] | null = null;
  private backlog = 0;
  /** The other end sends no more; this end takes, or sends, no more. */
  private finished = false;
  private shutRead = false;
  private shutWrite = false;
  /** What SO_ERROR answers once. */
  error = 0;

  get listens(): boolean {
    return this.pending !== null;
  }
  get waiting(): number {
    return this.kind === SEQPACKET ? (this.packets[0] ?? 0) : this.incoming.length;
  }
  get connected(): boolean {
    return this.remote !== null;
  }

  listen(backlog: number): void {
    if (this.connected) fail('EINVAL');
    this.pending ??= [];
    this.backlog = Math.max(1, Math.min(backlog < 0 ? MOST_WAITING : backlog, MOST_WAITING));
  }

  /** Connects to one that listens; false where its queue is full. */
  connect(to: StreamSocket, number: number): boolean {
    if (!to.pending || to.kind !== this.kind) return fail('ECONNREFUSED');
    if (!to.hasRoom) return false;
    const end = new StreamSocket(0, to.network, to.family, to.kind, number);
    end.local = to.local;
    join(this, end, this.name, to.name);
    to.pending.push(end);
    return true;
  }

  /** Whether another connection would be taken, or refused at once. */
  get hasRoom(): boolean {
    return !this.pending || this.pending.length <= this.backlog;
  }

  /** The next connection, or null. */
  accept(): StreamSocket | null {
    if (!this.pending) return fail('EINVAL');
    return this.pending.shift() ?? null;
  }

  read(length: number): Uint8Array | null {
    return this.receive(length, false);
  }

  receive(length: number, peeks: boolean): Uint8Array | null {
    const { incoming, packets } = this;
    if (!this.connected) return fail('ENOTCONN');
    if (this.shutRead) return new Uint8Array();
    if (incoming.length > 0 || packets.length > 0) {
      if (this.kind !== SEQPACKET) return peeks ? incoming.peek(length) : incoming.take(length);
      const packet = peeks ? incoming.peek(packets[0]!) : incoming.take(packets.shift()!);
      return packet.subarray(0, length);
    }
    if (this.error !== 0) return this.failOnce();
    return this.finished ? new Uint8Array() : null;
  }

  private failOnce(): never {
    this.error = 0;
    return fail('ECONNRESET');
  }

  write(bytes: Uint8Array): number | null {
    const { peer } = this;
    if (!this.connected) return fail('ENOTCONN');
    if (this.shutWrite || !peer || peer.shutRead) return BROKEN;
    const room = CAPACITY - peer.incoming.length;
    if (this.kind === SEQPACKET) {
      if (bytes.length > CAPACITY) return fail('EMSGSIZE');
      if (room < bytes.length) return null;
      peer.packets.push(bytes.length);
    } else if (room === 0) return null;
    const some = bytes.subarray(0, room);
    peer.incoming.push(some);
    return some.length;
  }

  shutdown(how: number): void {
    if (!this.connected) fail('ENOTCONN');
    if (how < 0 || how > 2) fail('EINVAL');
    if (how !== 1) this.shutRead = true;
    if (how === 0) return;
    this.shutWrite = true;
    if (this.peer) this.peer.finished = true;
  }

  override poll(): number {
    if (this.pending) return this.pending.length > 0 ? POLLIN : 0;
    if (!this.connected) return POLLOUT | POLLHUP;
    const { peer } = this;
    const over = this.finished || this.shutRead;
    let bits = this.incoming.length > 0 || over ? POLLIN : 0;
    if (!peer || CAPACITY - peer.incoming.length >= 4096) bits |= POLLOUT;
    if (over && (this.shutWrite || !peer)) bits |= POLLHUP;
    return bits | (this.error !== 0 ? POLLERR : 0);
  }

  override closed(): void {
    super.closed();
    for (const waiting of this.pending ?? []) waiting.closed();
    const { peer } = this;
    if (!peer) return;
    // What arrived and was never read is lost, and the other end hears of it.
    if (this.incoming.length > 0) peer.error = ERRNO.ECONNRESET;
    peer.finished = true;
    peer.peer = null;
    this.peer = null;
  }
}

/** Makes two sockets the ends of one connection. */
export function join(one: StreamSocket, other: StreamSocket, oneName: Address, otherName: Address): void {
  [one.peer, other.peer] = [other, one];
  [one.remote, other.remote] = [otherName, oneName];
}
