/** Sockets: what one end sends arrives at the other, and nobody is reached whom no way leads to. */
import { describe, expect, test } from 'vitest';
import { POLLHUP, POLLIN, POLLOUT } from '../abi/modes.ts';
import { UserNamespace } from '../process/credentials.ts';
import { BROKEN } from '../files/pipe.ts';
import { EventCounter, EventPoll } from '../files/event-files.ts';
import { AF_INET, ANY, LOOPBACK, type InetAddress } from './address.ts';
import { Bridge, Network } from './network.ts';
import { DatagramSocket } from './socket.ts';
import { StreamSocket } from './stream.ts';

const users = new UserNamespace(null, 0, 1);
const network = (): Network => new Network(2, users);
const inet = (ip: number, port: number): InetAddress => ({ family: AF_INET, ip, port });
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (read: Uint8Array | null): string | null => read && new TextDecoder().decode(read);
const stream = (on: Network): StreamSocket => new StreamSocket(0, on, AF_INET, 1, 3);

function listening(on: Network, address: InetAddress, backlog = 8): StreamSocket {
  const socket = stream(on);
  socket.local = on.bind('tcp', address, socket);
  socket.listen(backlog);
  return socket;
}
function connected(on: Network, to: InetAddress): StreamSocket {
  const socket = stream(on);
  const found = on.find('tcp', to);
  if (!(found instanceof StreamSocket)) throw new Error('nobody answers');
  expect(socket.connect(found, 4)).toBe(true);
  return socket;
}

describe('a connection', () => {
  test('carries bytes both ways in order, and ends when one side has shut down', () => {
    const here = network();
    const server = listening(here, inet(ANY, 80));
    const client = connected(here, inet(LOOPBACK, 80));
    expect(server.poll()).toBe(POLLIN);
    const end = server.accept()!;
    expect([client.write(bytes('ab')), client.write(bytes('cd'))]).toEqual([2, 2]);
    expect([textOf(end.receive(3, true)), textOf(end.read(3)), textOf(end.read(3)), end.read(3)]).toEqual([
      'abc',
      'abc',
      'd',
      null,
    ]);
    expect(end.write(bytes('answer'))).toBe(6);
    end.shutdown(1);
    expect([textOf(client.read(9)), textOf(client.read(9))]).toEqual(['answer', '']);
    expect(end.write(bytes('more'))).toBe(BROKEN);
    client.closed();
    expect(end.poll() & (POLLIN | POLLHUP)).toBe(POLLIN | POLLHUP);
  });

  test('waits when its buffer is full, and goes on when something has been read', () => {
    const here = network();
    const server = listening(here, inet(ANY, 80));
    const client = connected(here, inet(LOOPBACK, 80));
    const end = server.accept()!;
    const much = new Uint8Array(300_000);
    expect(client.write(much)).toBe(212_992);
    expect([client.write(much), client.poll() & POLLOUT]).toEqual([null, 0]);
    end.read(10_000);
    expect(client.write(much)).toBe(10_000);
  });

  test('that is closed with something unread tells the other end; a full queue lets nobody in', () => {
    const here = network();
    const server = listening(here, inet(ANY, 80), 1);
    const clients = [1, 2].map(() => connected(here, inet(LOOPBACK, 80)));
    expect(stream(here).connect(server, 5)).toBe(false);
    const end = server.accept()!;
    clients[0]!.write(bytes('lost'));
    end.closed();
    expect(() => clients[0]!.read(4)).toThrow('ECONNRESET');
    server.closed();
    expect(textOf(clients[1]!.read(4))).toBe('');
    expect(here.find('tcp', inet(LOOPBACK, 80))).toBeNull();
  });
});

test('datagrams keep their bounds and their sender; what finds no room is dropped', () => {
  const here = network();
  const [one, other] = [1, 2].map(() => new DatagramSocket(0, here, AF_INET, 2, 6)) as [
    DatagramSocket,
    DatagramSocket,
  ];
  one.local = here.bind('udp', inet(LOOPBACK, 53), one);
  expect([one.sendTo(other, bytes('a')), one.sendTo(other, bytes('bc'))]).toEqual([1, 2]);
  expect([other.take(true)?.bytes.length, other.take(false)?.from]).toEqual([1, inet(LOOPBACK, 53)]);
  expect(textOf(other.read(1))).toBe('b');
  expect(other.read(1)).toBeNull();
  for (let k = 0; k < 5; k++) expect(one.sendTo(other, new Uint8Array(60_000))).toBe(60_000);
  expect([1, 2, 3, 4].map(() => other.take(false)?.bytes.length)).toEqual([
    60_000,
    60_000,
    60_000,
    undefined,
  ]);
});

describe('namespaces', () => {
  test('have ports of their own, and take none twice', () => {
    const [one, other] = [network(), network()];
    listening(one, inet(ANY, 80));
    listening(other, inet(ANY, 80));
    expect(() => listening(one, inet(LOOPBACK, 80))).toThrow('EADDRINUSE');
    expect(() => listening(one, inet(0x0a000001, 80))).toThrow('EADDRNOTAVAIL');
    expect(one.find('tcp', inet(LOOPBACK, 80))).not.toBe(other.find('tcp', inet(LOOPBACK, 80)));
    expect(() => one.find('tcp', inet(0xac110002, 80))).toThrow('ENETUNREACH');
  });

  test('reach each other over a bridge, by address; a port of the host can be handed on', () => {
    const [host, one, two, outside] = [network(), network(), network(), network()];
    const bridge = new Bridge('docker0', host, 0xac110001);
    const [first, second] = [bridge.join(one), bridge.join(two)];
    const server = listening(one, inet(ANY, 80));
    expect([host, two].map((from) => from.find('tcp', inet(first, 80)))).toEqual([server, server]);
    expect([two.sourceFor(first), host.sourceFor(first)]).toEqual([second, 0xac110001]);
    expect(two.find('tcp', inet(LOOPBACK, 80))).toBeNull();
    expect(() => two.find('tcp', inet(0x08080808, 53))).toThrow('EHOSTUNREACH');
    expect(() => outside.find('tcp', inet(first, 80))).toThrow('ENETUNREACH');
    host.published.set('tcp:8080', { to: one, address: inet(first, 80) });
    expect([host.find('tcp', inet(LOOPBACK, 8080)), two.find('tcp', inet(0xac110001, 8080))]).toEqual([
      server,
      server,
    ]);
  });
});

test('a poll of events tells levels as long as they hold, edges once, and forgets what is closed', () => {
  const [poll, counter, other] = [new EventPoll(2), new EventCounter(0, 0), new EventCounter(0, 1)];
  counter.users = other.users = 1;
  poll.control(1, 5, counter, POLLIN, [50, 0]);
  poll.control(1, 6, other, POLLIN | 0x80000000, [60, 0]);
  const told = (): number[] => poll.collect(9).map(({ data }) => data[0]);
  expect([told(), told()]).toEqual([[60], []]);
  counter.write(new Uint8Array([3, 0, 0, 0, 0, 0, 0, 0]));
  expect([told(), told(), poll.poll()]).toEqual([[50], [50], POLLIN]);
  expect(counter.read(8)?.[0]).toBe(3);
  expect(told()).toEqual([]);
  expect(() => poll.control(1, 5, counter, POLLIN, [0, 0])).toThrow('EEXIST');
  counter.write(new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]));
  counter.users = 0;
  expect(told()).toEqual([]);
  expect(() => poll.control(3, 5, counter, POLLIN, [0, 0])).toThrow('ENOENT');
});
