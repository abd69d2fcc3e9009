// What each hypercall answers and does, for a domain that calls it: by number, with words in registers and in memory.
import { beforeEach, describe, expect, test } from 'vitest';
import { audit } from '../audit.ts';
import type { Domain } from '../domain.ts';
import { readBytes, readWords, writeWords } from '../guest-memory.ts';
import type { Xen } from '../hypervisor.ts';
import { EFAULT, EINVAL, ENOSYS, EPERM, ESRCH, SHARED_INFO, VIRQ_TIMER } from '../interface.ts';
import { PAGE } from '../layout.ts';
import { BASE, SCRATCH, twoDomains } from '../testing.ts';
import { callHypercall } from './table.ts';

const SELF = 0x7ff0;
/** Not mapped in any domain. */
const NOWHERE = 0x10000000;

let xen: Xen;
let me: Domain;
let other: Domain;

beforeEach(() => {
  const machine = twoDomains();
  ({ xen, attacker: me, victim: other } = machine);
});

const call = (number: number, ...words: number[]): number | null =>
  callHypercall(
    xen,
    me,
    number,
    words.map((word) => word | 0),
  );
const put = (...words: number[]): number => {
  writeWords(xen.system, SCRATCH, words);
  return SCRATCH;
};
const got = (offset = 0): number => readWords(xen.system, SCRATCH + offset, 1)![0]!;
const shared = (domain: Domain, offset: number): number =>
  xen.system.loadPhysical(domain.sharedInfo * PAGE + offset);
const frameAt = (linear: number): number =>
  xen.system.loadPhysical(xen.tables.entryAddress(me.cr3, linear)) >>> 12;

describe('memory_op', () => {
  const reservation = (count: number, frame: number, id = SELF): number =>
    put(SCRATCH + 64, count, 0, 0, id, ...Array<number>(11).fill(0), frame);

  test('gives a frame back and takes one again', () => {
    const frame = frameAt(BASE + 20 * PAGE);
    const pages = me.pages;
    call(14, BASE + 20 * PAGE, 0, 0, 1);
    expect(call(12, 1, reservation(1, frame))).toBe(1);
    expect(me.pages).toBe(pages - 1);
    expect(xen.frames.owns(me.id, frame)).toBe(false);
    expect(call(12, 6, reservation(1, 20))).toBe(1);
    expect(me.pages).toBe(pages);
    expect(xen.frames.pseudo(got(64))).toBe(20);
    expect(audit(xen)).toEqual([]);
  });

  test('gives no more than the domain may have, and nothing of another', () => {
    expect(call(12, 0, reservation(1, 0))).toBe(0);
    expect(call(12, 1, reservation(1, other.cr3))).toBe(0);
    expect(call(12, 1, reservation(1, 0, other.id))).toBe(EPERM);
    expect(xen.state.refused).toEqual({ reservation: 1, 'frame-owner': 1, 'foreign-domain': 1 });
  });

  test('says how much memory there is, and where', () => {
    expect(call(12, 2)).toBe(xen.frames.count - 1);
    expect(call(12, 3)).toBe(me.pages);
    expect(call(12, 4)).toBe(me.maxPages);
    expect(call(12, 9, put(1, SCRATCH + 16))).toBe(0);
    expect(got(16 + 8)).toBe(me.maxPages * PAGE);
    expect(call(12, 12, put(0, 0, 0))).toBe(0);
    expect(got()).toBe(0xfc000000);
    expect(call(12, 63)).toBe(ENOSYS);
  });
});

describe('event_channel_op', () => {
  test('leads from one domain to another once both have agreed', () => {
    expect(call(32, 6, put(SELF | (other.id << 16), 0))).toBe(0);
    const mine = got(4);
    const theirs = (operation: number, ...words: number[]): number | null => {
      put(...words);
      return callHypercall(xen, other, 32, [operation, SCRATCH | 0, 0, 0, 0]);
    };
    expect(theirs(0, me.id, mine, 0)).toBe(0);
    const port = got(8);
    expect(call(32, 4, put(mine))).toBe(0);
    expect(shared(other, SHARED_INFO.pending) & (1 << port)).not.toBe(0);
    expect(call(32, 5, put(SELF, mine, 0, 0, 0, 0))).toBe(0);
    expect([got(8), got(16), got(20)]).toEqual([2, other.id, port]);
    expect(call(32, 3, put(mine))).toBe(0);
    expect(other.ports[port]).toEqual({ kind: 'unbound', remote: me.id });
  });

  test('binds the timer once, in both forms of the call', () => {
    expect(call(16, put(1, VIRQ_TIMER, 0, 0))).toBe(0);
    expect(call(32, 1, put(VIRQ_TIMER, 0, 0))).toBe(EINVAL);
    expect(call(32, 1, put(99, 0, 0))).toBe(EINVAL);
  });

  test('announces on unmasking what came meanwhile', () => {
    call(32, 7, put(0, 0));
    const port = got(4);
    expect(call(32, 4, put(port))).toBe(0);
    expect(shared(me, 0) & 0xff).toBe(0);
    expect(call(32, 9, put(port))).toBe(0);
    expect(shared(me, 0) & 0xff).toBe(1);
  });

  test('gives nobody the interrupts of the machine', () => {
    expect(call(32, 2, put(4, 0, 0))).toBe(EPERM);
    expect(call(33, 0, put(0))).toBe(EPERM);
    expect(call(19, put(0))).toBe(EPERM);
    expect(call(32, 0, put(77, 1, 0))).toBe(ESRCH);
  });
});

describe('time and scheduling', () => {
  test('set_timer_op, in two words, and vcpu_op set when the timer is due', () => {
    call(15, 5, 1);
    expect(me.deadline).toBe(0x1_0000_0005);
    call(15, 0, 0);
    expect(me.deadline).toBe(Infinity);
    expect(call(24, 8, 0, put(7, 0, 0))).toBe(0);
    expect(me.deadline).toBe(7);
    expect(call(24, 9, 0)).toBe(0);
    expect(me.deadline).toBe(Infinity);
  });

  test('vcpu_op changes the period, which has a least', () => {
    expect(call(24, 6, 0, put(2_000_000, 0))).toBe(0);
    expect(me.period).toBe(2_000_000);
    expect(call(24, 6, 0, put(10, 0))).toBe(EINVAL);
    expect(call(24, 7, 0)).toBe(0);
    expect(me.period).toBe(0);
    expect([call(24, 3, 0), call(24, 3, 1), call(24, 40, 0)]).toEqual([1, EINVAL, ENOSYS]);
    expect(call(24, 4, 0, put(9))).toBe(0);
    expect(got()).toBe(0);
  });

  test('sched_op blocks until an event comes, and polls without one', () => {
    expect(call(29, 3, put(SCRATCH + 16, 1, 1, 0, 5))).toBe(0);
    expect(call(29, 0)).toBe(0);
    expect(call(29, 1)).toBe(0);
    expect(me.state).toBe('blocked');
    expect(call(29, 99)).toBe(ENOSYS);
  });

  test.each([
    ['sched_op', (reason: number) => call(29, 2, put(reason))],
    ['sched_op_compat', (reason: number) => call(6, 2, reason)],
  ])('%s ends the domain with its reason', (_name, shutDown) => {
    expect(shutDown(9)).toBe(EINVAL);
    shutDown(1);
    expect(me).toMatchObject({ state: 'shutdown', reason: 'reboot' });
  });

  test('a domain that says that it has crashed is one that has crashed', () => {
    call(29, 2, put(3));
    expect(me).toMatchObject({ state: 'crashed', reason: 'its own kernel says so' });
  });
});

describe('traps and segments', () => {
  test('no handler, stack or callback is in a segment of level 0', () => {
    call(0, put(14 | (4 << 8) | (0x8 << 16), 0xc0001000, 0, 0));
    expect(me.traps[14]).toEqual({ level: 0, masksEvents: true, cs: 0x9, address: 0xc0001000 | 0 });
    call(3, 0x10, 0x1234);
    expect(me.kernelStack).toEqual({ selector: 0x11, pointer: 0x1234 });
    call(4, 0x8, 0x100, 0x8, 0x200);
    expect(me.eventCallback).toEqual({ cs: 0x9, eip: 0x100 });
    expect(me.failsafeCallback).toEqual({ cs: 0x9, eip: 0x200 });
    call(0, 0);
    expect(me.traps[14]).toBeNull();
  });

  test('set_gdt takes pages that nobody writes, and gives back the old ones', () => {
    const frame = frameAt(BASE + 30 * PAGE);
    expect(call(2, put(frame), 512)).toBe(EINVAL);
    call(14, BASE + 30 * PAGE, (frame * PAGE) | 1, 0, 2);
    expect(call(2, put(frame), 512)).toBe(0);
    expect(call(14, BASE + 30 * PAGE, (frame * PAGE) | 3, 0, 2)).toBe(EINVAL);
    expect(call(2, put(), 0)).toBe(0);
    expect(call(14, BASE + 30 * PAGE, (frame * PAGE) | 3, 0, 2)).toBe(0);
    expect(audit(xen)).toEqual([]);
  });

  test('fpu_taskswitch sets what CLTS clears', () => {
    call(5, 1);
    expect(me.taskSwitched).toBe(true);
    call(5, 0);
    expect(me.taskSwitched).toBe(false);
  });

  test('iret crashes the domain that would return to level 0', () => {
    const top = put(0, 0xc0001000, 0x8, 0x202, 0, 0);
    xen.system.registers[4] = top | 0;
    expect(call(23)).toBeNull();
    expect(me.reason).toContain('HYPERVISOR_iret: CS 8');
  });
});

describe('the rest', () => {
  test('a list of hypercalls has an answer in each entry, and is not part of a list', () => {
    const entry = (number: number, ...words: number[]): number[] =>
      [number, 77, ...words, ...Array<number>(6).fill(0)].slice(0, 8);
    expect(call(13, put(...entry(17, 0), ...entry(14, NOWHERE, 0), ...entry(13, 0, 1)), 3)).toBe(0);
    expect([got(4) >> 16, got(36) | 0, got(68) | 0]).toEqual([3, EINVAL, EINVAL]);
    expect(call(13, NOWHERE, 1)).toBe(EFAULT);
  });

  test('the grant table is made once, with entries of the first version', () => {
    expect(call(20, 8, put(1))).toBe(0);
    expect(call(20, 8, put(2))).toBe(EINVAL);
    expect(call(20, 10, put(SELF, 0))).toBe(0);
    expect(got(4)).toBe(1);
    expect(call(20, 2, put(SELF, 2, 99, SCRATCH + 32))).toBe(0);
    expect([got(8), xen.frames.owns(me.id, got(32))]).toEqual([0, true]);
    expect(call(20, 6, put(SELF, 0, 0, 9))).toBe(0);
    expect([got(4), got(8)]).toEqual([2, 4]);
    expect(call(20, 2, put(other.id, 1, 99, SCRATCH + 32))).toBe(0);
    expect(got(8) | 0).toBe(0xfffe);
    expect(audit(xen)).toEqual([]);
  });

  test('xen_version names the interface and its features', () => {
    expect(call(17, 3, SCRATCH)).toBe(0);
    expect(new TextDecoder().decode(readBytes(xen.system, SCRATCH, 14)!)).toBe('xen-3.0-x86_32');
    expect(call(17, 6, put(0, 0))).toBe(0);
    expect(got(4) & 1).toBe(1);
    expect([call(17, 7), call(17, 3, NOWHERE), call(17, 99)]).toEqual([PAGE, EFAULT, ENOSYS]);
  });

  test('the assist of writable page tables can be switched, and others are unknown', () => {
    expect(call(21, 0, 2)).toBe(0);
    expect(me.assists).toBe(4);
    expect(call(21, 1, 2)).toBe(0);
    expect([me.assists, call(21, 0, 9)]).toEqual([0, EINVAL]);
  });

  test('nobody acts for another domain', () => {
    expect(call(22, BASE + 20 * PAGE, 0, 0, 0, other.id)).toBe(EPERM);
    expect(call(26, put(6, 0, 0), 1, 0, other.id)).toBe(EPERM);
    expect(call(22, BASE + 20 * PAGE, 0, 0, 1, SELF)).toBe(0);
  });

  test('what is not there is answered as such', () => {
    expect([call(7), call(99), call(36)]).toEqual([ENOSYS, ENOSYS, EPERM]);
  });

  test('a domain that ends is heard to its last byte, though it told nobody', () => {
    const ring = me.consolePage * PAGE;
    xen.system.storePhysical(ring + 1024, 0x0a657962); // "bye" and the end of the line
    xen.system.storePhysical(ring + 3084, 4);
    call(29, 2, put(0));
    expect(String.fromCharCode(...xen.console.state.waiting)).toContain('bye\n');
  });
});
