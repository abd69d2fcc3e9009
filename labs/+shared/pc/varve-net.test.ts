// Domains reach the network by a driver of two halves and the bridge of domain 0, which lets each speak for itself only.
import { beforeAll, describe, expect, test } from 'vitest';
import type { HypervisorView } from '../../../src/protocol/frame.ts';
import { readyPc } from '../../../src/worlds/pc/build.ts';
import { bootAndRun, runUntil, serialOf } from './testing.ts';
import { commandLine, WORKLOADS } from './workloads.ts';
import { diskFor, domainsOn } from './xen-domains.ts';

const NET = WORKLOADS.find(({ name }) => name === 'net')!;
const TENANTS = [
  { name: 'web', append: commandLine('net', NET.arguments) },
  // It takes the first one's address for its own.
  { name: 'liar', append: `ip=10.0.2.16 ${commandLine('net', [...NET.arguments, '1'])}` },
];

let serial = '';
let books: HypervisorView;

beforeAll(() => {
  const built = readyPc({
    memory: 32 << 20,
    under: 'xen',
    disks: [diskFor(TENANTS.length)],
    program: { kind: 'domains', domains: domainsOn(commandLine('xm', ['wait']), TENANTS) },
  });
  if (typeof built === 'string') throw new Error(built);
  // The other one goes on asking for seconds.
  runUntil(built.machine, 'powering off', 0, built.monitor);
  built.machine.run(2e7);
  serial = serialOf(built.machine);
  books = built.monitor!.hypervisor!();
});

const linesOf = (domain: number): string =>
  serial
    .split('\n')
    .filter((line) => line.startsWith(`(d${domain}) `))
    .map((line) => line.slice(5))
    .join('\n');

describe('two domains behind the bridge of domain 0', () => {
  test('the honest one has the same answers as on the bare machine', () => {
    const bare = bootAndRun({ append: commandLine('net', NET.arguments) }).serial;
    expect(bare).toMatch(NET.expect);
    expect(linesOf(1)).toContain(NET.expect.exec(bare)![0]);
    expect(books.refusals).toEqual([]);
  });

  test('each datagram was forwarded once and answered once, and its question for the station', () => {
    const [web] = books.interfaces;
    expect(web).toMatchObject({ domain: 1, station: '00:16:3e:00:00:01', address: '10.0.2.16' });
    expect(web!.counts).toMatchObject({ sent: 51, received: 51, address: 0, station: 0 });
  });

  test('a false address goes no further: its question is dropped and counted, and nobody answers', () => {
    expect(linesOf(0)).toContain('bridge: domain 2: a frame is dropped: address');
    expect(books.interfaces[1]!.counts).toMatchObject({ sent: 0, received: 0, address: 1 });
  });
});
