// Pages that one domain lends another, and what the domain gets that drives the machine's devices.
import { beforeEach, describe, expect, test } from 'vitest';
import { audit } from '../audit.ts';
import type { Domain } from '../domain.ts';
import { readWords, writeWords } from '../guest-memory.ts';
import type { Xen } from '../hypervisor.ts';
import { EINVAL, SHARED_INFO } from '../interface.ts';
import { PAGE } from '../layout.ts';
import { BASE, domainOf, rig, SCRATCH, SPIN } from '../testing.ts';
import { callHypercall } from './table.ts';

const PLACE = BASE + 20 * PAGE;
const REF = 3;
const READ_ONLY = 4;

let xen: Xen;
/** Domain 0, which runs. */
let back: Domain;
let front: Domain;
/** A frame of the front end's. */
let lent: number;

beforeEach(() => {
  ({ xen } = rig(4 << 20));
  back = domainOf(xen, SPIN, { privileged: true, pages: 160 });
  front = domainOf(xen, SPIN, { pages: 160 });
  front.state = 'paused';
  xen.run();
  lent = xen.system.loadPhysical(xen.tables.entryAddress(front.cr3, PLACE)) >>> 12;
});

const call = (number: number, ...words: number[]): number | null =>
  callHypercall(
    xen,
    back,
    number,
    words.map((word) => word | 0),
  );
const put = (...words: number[]): number => {
  writeWords(xen.system, SCRATCH, words);
  return SCRATCH;
};
const got = (offset: number): number => readWords(xen.system, SCRATCH + offset, 1)![0]!;

/** The front end's table, with one entry. */
function grant(flags: number, to = back.id): number {
  const frame = front.grantFrames[0] ?? xen.frames.allocate(front.id);
  if (front.grantFrames.length === 0) {
    xen.frames.state.type[frame] = 4;
    xen.frames.state.uses[frame] = 1;
    front.grantFrames.push(frame);
  }
  const at = frame * PAGE + 8 * REF;
  xen.system.storePhysical(at, flags | (to << 16));
  xen.system.storePhysical(at + 4, lent);
  return at;
}
const map = (flags = 2, ref = REF, place = PLACE): number => {
  call(20, 0, put(place, 0, flags, ref, front.id, 0, 0, 0), 1);
  return got(16) >> 16;
};
const unmap = (handle: number, place = PLACE): number => {
  call(20, 1, put(place, 0, 0, 0, handle, 0), 1);
  return got(20) << 16 >> 16; // prettier-ignore
};

describe('grants', () => {
  test('a page is seen by both, and held until it is given back', () => {
    const at = grant(1);
    expect(map()).toBe(0);
    const handle = got(20);
    expect(got(24)).toBe(lent * PAGE);
    writeWords(xen.system, PLACE, [0x1234]);
    expect(xen.system.loadPhysical(lent * PAGE)).toBe(0x1234);
    expect(xen.system.loadPhysical(at) & 0xffff).toBe(1 | 8 | 16);
    expect(audit(xen)).toEqual([]);
    expect(unmap(handle)).toBe(0);
    expect(xen.system.loadPhysical(at) & 0xffff).toBe(1);
    expect(writeWords(xen.system, PLACE, [1])).toBe(false);
    expect(unmap(handle)).toBe(-4);
    expect(audit(xen)).toEqual([]);
  });

  test.each([
    ['what was not granted', () => grant(0), () => map(), -3],
    ['what was granted to another', () => grant(1, 9), () => map(), -1],
    ['for writing what was granted for reading', () => grant(1 | READ_ONLY), () => map(), -1],
    ['beyond the table', () => grant(1), () => map(2, 600), -3],
    ['at a place without a page table', () => grant(1), () => map(2, REF, 0x10000000), -5],
  ])('nobody maps %s', (_what, lend, attempt, status) => {
    lend();
    expect(attempt()).toBe(status);
    expect(xen.state.refused['grant']).toBe(1);
    expect(audit(xen)).toEqual([]);
  });

  test('a page table is lent for reading, and never for writing', () => {
    lent = front.cr3;
    grant(1);
    expect(map()).toBe(-1);
    expect(map(2 | READ_ONLY)).toBe(0);
    expect(writeWords(xen.system, PLACE, [1])).toBe(false);
    expect(audit(xen)).toEqual([]);
  });

  test('a mapping ends with its entry, and a lent page outlives its domain as long as it is mapped', () => {
    grant(1);
    map();
    call(14, PLACE, 0, 0, 2);
    expect(xen.state.mappings).toEqual([]);
    expect(audit(xen)).toEqual([]);
    map();
    xen.destroy(front);
    expect(xen.frames.state.free).not.toContain(lent);
    expect(audit(xen)).toEqual([]);
    unmap(xen.state.mappings[0]!.handle);
    expect(xen.frames.state.free).toContain(lent);
    expect(audit(xen)).toEqual([]);
  });

  test('a domain that ends leaves no mapping behind', () => {
    grant(1);
    map();
    xen.destroy(back);
    expect([xen.state.mappings, audit(xen)]).toEqual([[], []]);
  });
});

describe('a copy between two pages', () => {
  const OWN = 0x7ff0;
  /** Which end is lent. */
  const FROM = 1;
  const TO = 2;
  const page = (linear: number): number =>
    xen.system.loadPhysical(xen.tables.entryAddress(back.cr3, linear)) >>> 12;
  const copy = (from: number, whose: number, to: number, theirs: number, how: number): number => {
    call(20, 5, put(from, whose, to, theirs, how, 0), 1);
    return (got(20) << 16) >> 16;
  };

  test('needs no mapping, and leaves no reference behind', () => {
    grant(1);
    xen.system.storePhysical(lent * PAGE + 100, 0x2003);
    expect(copy(REF, front.id | (100 << 16), page(PLACE), OWN | (4 << 16), 8 | (FROM << 16))).toBe(0);
    expect(readWords(xen.system, PLACE + 4, 1)).toEqual([0x2003]);
    writeWords(xen.system, PLACE, [0x77]);
    expect(copy(page(PLACE), OWN, REF, front.id | (4092 << 16), 4 | (TO << 16))).toBe(0);
    expect(xen.system.loadPhysical(lent * PAGE + 4092)).toBe(0x77);
    expect([xen.state.mappings, audit(xen)]).toEqual([[], []]);
  });

  const fromFront = (offset = 0): number =>
    copy(REF, front.id | (offset << 16), page(PLACE), OWN, 8 | (FROM << 16));
  test.each([
    ['beyond the end of a page', 1, () => fromFront(4092), -10],
    ['out of what was not granted', 0, () => fromFront(), -3],
    ['into what was granted for reading', 5, () => copy(page(PLACE), OWN, REF, front.id, 8 | (TO << 16)), -1],
    ['out of a frame of another domain', 0, () => copy(lent, front.id, page(PLACE), OWN, 8), -2],
    ['into an own page table', 1, () => copy(REF, front.id, back.cr3, OWN, 8 | (FROM << 16)), -1],
  ])('nobody copies %s', (_what, flags, attempt, status) => {
    grant(flags);
    expect(attempt()).toBe(status);
    expect(xen.state.refusals).toHaveLength(1);
    expect(audit(xen)).toEqual([]);
  });
});

describe('the machine’s devices', () => {
  test('a line interrupts once, as an event, until its domain says that it is done', () => {
    expect(call(32, 2, put(14, 0, 0))).toBe(0);
    const port = got(8);
    expect(call(32, 2, put(14, 0, 0))).toBe(EINVAL);
    expect(call(32, 2, put(4, 0, 0))).toBe(EINVAL); // Xen's own
    const { machine } = xen;
    expect(machine.masks & (1 << 14)).toBe(0);
    xen.interrupt({ kind: 'external', vector: 0x2e, error: -1 });
    expect(machine.masks & (1 << 14)).not.toBe(0);
    expect(xen.system.loadPhysical(back.sharedInfo * PAGE + SHARED_INFO.pending) & (1 << port)).not.toBe(0);
    expect(call(33, 12, put(14))).toBe(0);
    expect(machine.masks & (1 << 14)).toBe(0);
    expect(call(32, 3, put(port))).toBe(0);
    expect(machine.masks & (1 << 14)).not.toBe(0);
  });

  test('the privileged domain is the first one, number 0', () => {
    expect([back.id, front.id]).toEqual([0, 1]);
    expect(call(33, 6, put(1))).toBe(0);
    expect(back.iopl).toBe(1);
    const second = { name: 'x', kernel: SPIN, module: null, commandLine: '', pages: 300, privileged: true };
    expect(xen.create(second)).toContain('not the first');
  });
});
