/** Sockets as open files: what all kinds have in common, and those that carry datagrams. socket(7), udp(7), unix(7). */
import { fail } from '../abi/errno.ts';
import { POLLIN, POLLOUT } from '../abi/modes.ts';
import { OpenFile, type Asker } from '../files/open-file.ts';
import { FIONREAD } from '../files/pipe.ts';
import { AF_INET, AF_UNIX, ANY, type Address } from './address.ts';
import { interfaceRequest } from './interfaces.ts';
import type { Network, Protocol } from './network.ts';

/** Bytes that wait at one end at most. */
export const CAPACITY = 212_992;

export abstract class Socket extends OpenFile {
  readonly network: Network;
  readonly family: number;
  /** SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET. */
  readonly kind: number;
  readonly number: number;
  local: Address | null = null;
  remote: Address | null = null;
  readonly options = new Map<string, number>();

  constructor(flags: number, network: Network, family: number, kind: number, number: number) {
    super(flags | 2);
    [this.network, this.family, this.kind, this.number] = [network, family, kind, number];
  }
  override get label(): string {
    return `socket:[${this.number}]`;
  }
  get protocol(): Protocol {
    return this.kind === 1 ? 'tcp' : 'udp';
  }
  /** Its address, or that of a socket without one. */
  get name(): Address {
    return (
      this.local ??
      (this.family === AF_INET ? { family: AF_INET, ip: ANY, port: 0 } : { family: AF_UNIX, path: '' })
    );
  }
  /** Bytes that wait. */
  abstract get waiting(): number;

  override ioctl(request: number, argument: number, asker: Asker): number {
    if (request === FIONREAD) {
      asker.memory.setWord(argument, this.waiting);
      return 0;
    }
    return interfaceRequest(this.network, request, argument, asker.memory);
  }
  override closed(): void {
    this.network.release(this);
  }
}

export interface Datagram {
  readonly bytes: Uint8Array;
  readonly from: Address;
}

export class DatagramSocket extends Socket {
  private readonly queue: Datagram[] = [];
  private held = 0;
  /** Its peer of a socketpair, or where connect(2) has led. */
  peer: DatagramSocket | null = null;
  private ended = false;

  get waiting(): number {
    return this.queue[0]?.bytes.length ?? 0;
  }
  get isOpen(): boolean {
    return !this.ended;
  }
  /** False where there is no room. */
  deliver(datagram: Datagram): boolean {
    if (this.held + datagram.bytes.length > CAPACITY) return false;
    this.queue.push(datagram);
    this.held += datagram.bytes.length;
    return true;
  }
  /** The next one, or null; `peeks` leaves it there. */
  take(peeks: boolean): Datagram | null {
    const first = this.queue[0] ?? null;
    if (first && !peeks) {
      this.queue.shift();
      this.held -= first.bytes.length;
    }
    return first;
  }
  /** UDP drops what finds no room; a Unix socket makes the sender wait: null. */
  sendTo(to: DatagramSocket, bytes: Uint8Array): number | null {
    if (bytes.length > 65_507) return fail('EMSGSIZE');
    if (!to.isOpen) return fail('ECONNREFUSED');
    const room = to.deliver({ bytes: bytes.slice(), from: this.name });
    return room || this.family === AF_INET ? bytes.length : null;
  }
  read(length: number): Uint8Array | null {
    return this.take(false)?.bytes.subarray(0, length) ?? null;
  }
  write(bytes: Uint8Array): number | null {
    if (!this.peer) return fail(this.family === AF_INET ? 'EDESTADDRREQ' : 'ENOTCONN');
    return this.sendTo(this.peer, bytes);
  }
  override poll(): number {
    return (this.queue.length > 0 ? POLLIN : 0) | POLLOUT;
  }
  override closed(): void {
    super.closed();
    this.ended = true;
  }
}

/** A descriptor's socket; ENOTSOCK where it is none. */
export const socketOf = (file: OpenFile): Socket => (file instanceof Socket ? file : fail('ENOTSOCK'));
