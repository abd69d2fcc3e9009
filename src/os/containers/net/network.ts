/**
 * Network namespaces: which addresses and ports are taken, and who answers at an address. Bridges join namespaces: what
 * is sent to an address that one of them has arrives there. Sockets are joined directly; there are no packets.
 * network_namespaces(7), bridge(8).
 */
import { fail } from '../abi/errno.ts';
import type { UserNamespace } from '../process/credentials.ts';
import { ANY, isLoopback, type InetAddress } from './address.ts';
import type { Socket } from './socket.ts';

export type Protocol = 'tcp' | 'udp';

const [FIRST_FREE, LAST_FREE] = [32768, 60999];

export interface Interface {
  readonly name: string;
  readonly ip: number;
  /** Bits of the network's part. */
  readonly prefix: number;
}

/** Joins namespaces, one of which is the host's: its address is where the others send what is for nobody of them. */
export class Bridge {
  readonly name: string;
  readonly host: Network;
  readonly ip: number;
  readonly members: Network[] = [];

  constructor(name: string, host: Network, ip: number) {
    [this.name, this.host, this.ip] = [name, host, ip];
    host.interfaces.push({ name, ip, prefix: 16 });
    host.bridges.push(this);
  }

  /** Joins a namespace by a pair of interfaces (veth); its address is the next one. */
  join(network: Network): number {
    this.members.push(network);
    const ip = (this.ip + this.members.length) >>> 0;
    network.interfaces.push({ name: 'eth0', ip, prefix: 16 });
    network.bridges.push(this);
    return ip;
  }
}

export class Network {
  readonly number: number;
  readonly users: UserNamespace;
  readonly interfaces: Interface[] = [{ name: 'lo', ip: 0x7f000001, prefix: 8 }];
  readonly bridges: Bridge[] = [];
  /** Unix sockets by their abstract names. */
  readonly abstract = new Map<string, Socket>();
  /** Ports of this namespace that are handed on to another one's: `-p` of Docker. By protocol and port. */
  readonly published = new Map<string, { readonly to: Network; readonly address: InetAddress }>();
  private readonly bound = new Map<string, Socket>();
  private nextPort = FIRST_FREE;

  constructor(number: number, users: UserNamespace) {
    [this.number, this.users] = [number, users];
  }

  private has(ip: number): boolean {
    return ip === ANY || isLoopback(ip) || this.interfaces.some((each) => each.ip === ip);
  }

  /** Takes an address for a socket, with a free port if it asks for none. */
  bind(protocol: Protocol, { family, ip, port: wanted }: InetAddress, socket: Socket): InetAddress {
    if (!this.has(ip)) return fail('EADDRNOTAVAIL');
    const port = wanted === 0 ? this.freePort(protocol) : wanted;
    for (const other of [ip, ANY]) if (this.bound.has(`${protocol}:${other}:${port}`)) fail('EADDRINUSE');
    if (ip === ANY)
      for (const key of this.bound.keys())
        if (key.startsWith(`${protocol}:`) && key.endsWith(`:${port}`)) fail('EADDRINUSE');
    this.bound.set(`${protocol}:${ip}:${port}`, socket);
    return { family, ip, port };
  }

  private freePort(protocol: Protocol): number {
    for (let tries = FIRST_FREE; tries <= LAST_FREE; tries++) {
      const port = this.nextPort;
      this.nextPort = port === LAST_FREE ? FIRST_FREE : port + 1;
      if (![...this.bound.keys()].some((key) => key.startsWith(`${protocol}:`) && key.endsWith(`:${port}`)))
        return port;
    }
    return fail('EADDRINUSE');
  }

  release(socket: Socket): void {
    for (const [key, other] of this.bound) if (other === socket) this.bound.delete(key);
    for (const [name, other] of this.abstract) if (other === socket) this.abstract.delete(name);
  }

  /** The socket that answers at an address; null where nobody does. ENETUNREACH where no way leads there. */
  find(protocol: Protocol, address: InetAddress): Socket | null {
    const { ip, port } = address;
    if (this.has(ip)) {
      const here =
        this.bound.get(`${protocol}:${ip}:${port}`) ?? this.bound.get(`${protocol}:${ANY}:${port}`) ?? null;
      if (here) return here;
      const handed = this.published.get(`${protocol}:${port}`);
      return handed ? handed.to.find(protocol, handed.address) : null;
    }
    for (const { host, members } of this.bridges)
      for (const other of [host, ...members])
        if (other !== this && other.interfaces.some((each) => each.ip === ip))
          return other.find(protocol, address);
    return this.bridges.length > 0 ? fail('EHOSTUNREACH') : fail('ENETUNREACH');
  }

  /** The address that others see when something is sent to `ip`. */
  sourceFor(ip: number): number {
    if (ip === ANY || isLoopback(ip)) return 0x7f000001;
    const same = this.interfaces.find(({ ip: own, prefix }) => (own ^ ip) >>> (32 - prefix) === 0);
    return (same ?? this.interfaces.at(-1)!).ip;
  }
}
