// xenstore by its wire protocol: what a domain may read and write there, and what it is told.
import { beforeEach, describe, expect, test } from 'vitest';
import type { Domain } from '../domain.ts';
import type { Xen } from '../hypervisor.ts';
import { PAGE } from '../layout.ts';
import { domainOf, rig, SPIN } from '../testing.ts';
import { ANSWER, REQUEST, RingBytes } from './ring.ts';

const [DIRECTORY, READ, WATCH, START, END, WRITE, REMOVE, ACCESS] = [1, 2, 4, 6, 7, 11, 13, 14];
const NEWS = 15;
const ERROR = 16;

let xen: Xen;
let zero: Domain;
let one: Domain;
let two: Domain;

beforeEach(() => {
  ({ xen } = rig(4 << 20));
  zero = domainOf(xen, SPIN, { privileged: true, pages: 100 });
  one = domainOf(xen, SPIN, { pages: 100 });
  two = domainOf(xen, SPIN, { pages: 100 });
});

const words = (...list: number[]): number[] =>
  list.flatMap((w) => [w & 255, (w >> 8) & 255, (w >> 16) & 255, w >>> 24]);

/** Puts bytes into the requests of a domain's ring, as its kernel would. */
function put({ storePage }: Domain, bytes: readonly number[]): void {
  new RingBytes(xen.system, storePage).put(REQUEST, bytes);
}
/** All messages that wait for a domain: types and payloads. */
function heard({ storePage }: Domain): (readonly [number, string])[] {
  const bytes = new RingBytes(xen.system, storePage).take(ANSWER);
  const found: (readonly [number, string])[] = [];
  while (bytes.length > 0) {
    const [type, , , , , , , , , , , , low, high] = bytes.splice(0, 16);
    found.push([type!, String.fromCharCode(...bytes.splice(0, low! | (high! << 8)))]);
  }
  return found;
}
/** One request, and what came back for it. */
function ask(domain: Domain, type: number, payload: string, transaction = 0): readonly [number, string] {
  put(domain, [
    ...words(type, 1, transaction, payload.length),
    ...Array.from(payload, (c) => c.charCodeAt(0)),
  ]);
  xen.serve(domain, 'store');
  return heard(domain).find(([kind]) => kind !== NEWS)!;
}

describe('xenstore', () => {
  test('tells a domain what was written of it, from its own place on', () => {
    expect(ask(one, READ, 'name\0')).toEqual([READ, 'test']);
    expect(ask(one, READ, '/local/domain/1/domid\0')).toEqual([READ, '1']);
    expect(ask(zero, DIRECTORY, '/local/domain\0')).toEqual([DIRECTORY, '0\x001\x002\0']);
    expect(ask(one, READ, 'nothing\0')).toEqual([ERROR, 'ENOENT\0']);
    expect(ask(one, READ, 'a//b\0')).toEqual([ERROR, 'EINVAL\0']);
    expect(ask(one, 99, '\0')).toEqual([ERROR, 'ENOSYS\0']);
  });

  test('lets nobody write what is another’s, nor read what was not opened to it', () => {
    expect(ask(one, WRITE, 'data/key\0mine')).toEqual([WRITE, 'OK\0']);
    expect(ask(two, WRITE, '/local/domain/1/data/key\0yours')).toEqual([ERROR, 'EACCES\0']);
    expect(ask(two, READ, '/local/domain/1/data/key\0')).toEqual([ERROR, 'EACCES\0']);
    expect(ask(one, WRITE, 'name\0other')).toEqual([ERROR, 'EACCES\0']);
    expect(xen.state.refused['store']).toBe(3);
    expect(ask(one, ACCESS, `data/key\0n1\0r2\0`)).toEqual([ACCESS, 'OK\0']);
    expect(ask(two, READ, '/local/domain/1/data/key\0')).toEqual([READ, 'mine']);
    expect(ask(one, ACCESS, `data/key\0n2\0`)).toEqual([ERROR, 'EACCES\0']);
  });

  test('tells who watches of changes, and of a removal above', () => {
    ask(zero, WATCH, '/local/domain/1/data/key\0token\0');
    ask(one, WRITE, 'data/key\0v');
    expect(heard(zero)).toEqual([[NEWS, '/local/domain/1/data/key\0token\0']]);
    ask(one, REMOVE, 'data\0');
    expect(heard(zero)).toEqual([[NEWS, '/local/domain/1/data/key\0token\0']]);
    expect(ask(one, WRITE, 'data/key\0v')).toEqual([ERROR, 'EACCES\0']);
  });

  test('takes over a transaction whole, or not at all if something changed meanwhile', () => {
    const [, id] = ask(one, START, '\0');
    const number = parseInt(id, 10);
    ask(one, WRITE, 'data/a\0new', number);
    expect(ask(one, READ, 'data/a\0')).toEqual([ERROR, 'ENOENT\0']);
    expect(ask(one, READ, 'data/a\0', number)).toEqual([READ, 'new']);
    expect(ask(one, END, 'T\0', number)).toEqual([END, 'OK\0']);
    expect(ask(one, READ, 'data/a\0')).toEqual([READ, 'new']);
    const late = parseInt(ask(one, START, '\0')[1], 10);
    ask(one, WRITE, 'data/a\0lost', late);
    ask(zero, WRITE, '/tool/x\0y');
    expect(ask(one, END, 'T\0', late)).toEqual([ERROR, 'EAGAIN\0']);
    expect(ask(two, END, 'T\0', late)).toEqual([ERROR, 'ENOENT\0']);
  });

  test('is not stopped by a message that is too long, or by counters that lie', () => {
    put(one, words(READ, 1, 0, 70000));
    xen.serve(one, 'store');
    expect(xen.state.refused['store']).toBe(1);
    xen.system.storePhysical(one.storePage * PAGE + REQUEST.put, 0x7fffffff);
    xen.serve(one, 'store');
    expect(ask(two, READ, 'name\0')).toEqual([READ, 'test']);
  });

  test('has nothing left of a domain that was destroyed', () => {
    ask(one, WATCH, 'data\0t\0');
    xen.destroy(one);
    expect(Object.keys(xen.store.tree.state.nodes).filter((path) => path.includes('/1'))).toEqual([]);
    expect(xen.state.store.watches).toEqual([]);
  });
});
