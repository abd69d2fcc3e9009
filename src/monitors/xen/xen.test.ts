import { describe, expect, test } from 'vitest';
import { hostileCalls } from '../../../tests/fuzz/xen.ts';
import { readXenKernel } from '../../worlds/pc/monitors/xen-kernel.ts';
import { varveKernel } from '../../../labs/+shared/pc/varve.ts';
import { audit } from './audit.ts';
import type { Domain } from './domain.ts';
import { writeWords } from './guest-memory.ts';
import { callHypercall } from './hypercalls/table.ts';
import { EINVAL, EPERM } from './interface.ts';
import { BASE, domainOf, kernelOf, rig, SCRATCH, SPIN, twoDomains, type Rig } from './testing.ts';

const PAGE = 4096;

/** Prints by Xen's console and switches off. */
const HELLO = kernelOf(`
  mov ebx, 0
  mov ecx, 6
  mov edx, words
  mov eax, console_io
  call eax
  mov ebx, 2
  mov ecx, reason
  mov eax, sched_op
  call eax
words: db "hello", 10
reason: dd 0
`);

/** A program at level 3 whose INT 80h goes to the handler at level 1 without Xen, a thousand times. */
const DIRECT = kernelOf(`
  mov ebx, table
  mov eax, ${BASE}
  call eax
  mov ebx, 0xe021
  mov ecx, esp
  mov eax, ${BASE + 32 * 3}
  call eax
  mov esi, 0
  push dword 0xe033
  push esp
  push dword 0x202
  push dword 0xe02b
  push dword program
  iret
program:
  int 0x80
  jmp program
handler:
  inc esi
  cmp esi, 1000
  je done
  iret
done:
  mov ebx, 2
  mov ecx, reason
  mov eax, sched_op
  call eax
table:
  db 0x80, 3
  dw 0xe019
  dd handler, 0, 0
reason: dd 0
`);

function run({ pc, xen }: Rig, cycles = 1e9): ReturnType<typeof pc.run> {
  xen.run();
  return pc.run(cycles);
}

const frameOf = ({ xen }: Rig, domain: Domain, linear: number): number =>
  xen.system.loadPhysical(xen.tables.entryAddress(domain.cr3, linear)) >>> 12;

describe('Xen', () => {
  test('starts a kernel, prints what it says, and switches off when it has', () => {
    const machine = rig();
    domainOf(machine.xen, HELLO);
    expect(run(machine)).toEqual({ kind: 'exit', code: 0 });
    expect(machine.pc.chipset.com1.text).toContain('hello\r\n');
    expect(machine.xen.state.calls).toEqual({ console_io: 1, sched_op: 1 });
    expect(audit(machine.xen)).toEqual([]);
  });

  test('is not entered by a system call', () => {
    const machine = rig();
    // Programs may reach what their kernel maps for them: here all of it.
    const domain = domainOf(machine.xen, DIRECT);
    for (let page = 0; page < 3; page++) {
      const at = machine.xen.tables.entryAddress(domain.cr3, BASE + page * PAGE);
      machine.xen.system.storePhysical(at, machine.xen.system.loadPhysical(at) | 4);
    }
    expect(run(machine), domain.reason).toEqual({ kind: 'exit', code: 0 });
    expect(domain.context.registers[6]).toBe(1000);
    expect(Object.values(machine.xen.state.calls).reduce((sum, n) => sum + n, 0)).toBe(3);
  });

  test('crashes the domain alone that faults without a handler, and says why', () => {
    const machine = rig();
    const bad = domainOf(machine.xen, kernelOf('cli\n'));
    const good = domainOf(machine.xen, HELLO);
    run(machine);
    expect(bad).toMatchObject({ state: 'crashed', reason: expect.stringContaining('vector 13') as string });
    expect(good).toMatchObject({ state: 'shutdown', reason: 'poweroff' });
  });

  test('says what a domain reached for that faults without a handler', () => {
    const machine = rig();
    const lost = domainOf(machine.xen, kernelOf('mov eax, [0x12345678]\n'));
    run(machine);
    expect(lost.reason).toBe(
      'vector 14 at c0001000 for address 12345678, and its kernel has set no handler for it',
    );
  });

  test('refuses a kernel that was not written for it, and says why', () => {
    expect(readXenKernel(varveKernel())).toContain('not written for Xen');
  });

  test('gives each of sixteen domains its share by weight', { timeout: 60_000 }, () => {
    const machine = rig(64 << 20);
    const domains = Array.from({ length: 16 }, (_, k) =>
      domainOf(machine.xen, SPIN, { weight: 128 * (1 + (k % 4)) }),
    );
    run(machine, 733e6 * 2.5);
    const all = domains.reduce((sum, { ran }) => sum + ran, 0);
    const weights = domains.reduce((sum, { weight }) => sum + weight, 0);
    for (const { ran, weight } of domains)
      expect(Math.abs((ran * weights) / (all * weight) - 1)).toBeLessThan(0.05);
  });

  test('shares by weight under virtual time, too, to within a turn; and who slept has saved nothing', () => {
    const machine = rig(8 << 20, 'bvt');
    const weights = [256, 512, 768];
    const domains = weights.map((weight) => domainOf(machine.xen, SPIN, { weight }));
    const late = domainOf(machine.xen, SPIN);
    late.state = 'paused';
    run(machine, 733e6 * 0.3);
    const turn = 733e6 * 0.005;
    const all = domains.reduce((sum, { ran }) => sum + ran, 0);
    domains.forEach(({ ran, weight }) => {
      expect(Math.abs(ran - (all * weight) / 1536)).toBeLessThan(2 * turn);
    });
    late.state = 'running';
    run(machine, 733e6 * 0.1);
    expect(late.ran).toBeLessThan(all / 10 + 2 * turn);
    expect(late.ran).toBeGreaterThan(turn);
  });

  test('holds a domain to its cap', { timeout: 60_000 }, () => {
    const machine = rig();
    const capped = domainOf(machine.xen, SPIN, { cap: 20 });
    domainOf(machine.xen, SPIN);
    run(machine, 733e6);
    expect(capped.ran / machine.pc.clock).toBeGreaterThan(0.15);
    expect(capped.ran / machine.pc.clock).toBeLessThan(0.21);
  });

  test('has every frame back after a hundred domains', { timeout: 60_000 }, () => {
    const { xen } = rig();
    const free = xen.frames.state.free.length;
    for (let k = 0; k < 100; k++) xen.destroy(domainOf(xen, SPIN, { pages: 150 }));
    expect(xen.frames.state.free.length).toBe(free);
    expect(audit(xen)).toEqual([]);
  });

  test('goes on from a saved state as it would have gone on', () => {
    const machine = rig();
    domainOf(machine.xen, SPIN);
    domainOf(machine.xen, SPIN);
    run(machine, 1e8);
    const [pc, xen] = [machine.pc.save(), machine.xen.save()];
    machine.pc.run(2e8);
    const ran = machine.xen.state.domains.map((domain) => domain.ran);
    machine.pc.restore(pc);
    machine.xen.restore(xen);
    machine.pc.run(2e8);
    expect(machine.xen.state.domains.map((domain) => domain.ran)).toEqual(ran);
  });
});

describe('attacks', () => {
  test("cannot map another domain's frame", () => {
    const machine = twoDomains();
    const { xen, attacker, victim } = machine;
    const stolen = frameOf(machine, victim, BASE + PAGE);
    expect(callHypercall(xen, attacker, 14, [SCRATCH | 0, (stolen * PAGE) | 7, 0, 1, 0])).toBe(EINVAL);
    expect(xen.state.refused).toEqual({ 'frame-owner': 1 });
  });

  test('cannot load a page table that was not checked, nor write one that was', () => {
    const machine = twoDomains();
    const { xen, attacker } = machine;
    const forged = frameOf(machine, attacker, SCRATCH);
    writeWords(xen.system, SCRATCH + PAGE, [5, forged, 0]);
    // The forged directory is still mapped writable.
    expect(callHypercall(xen, attacker, 26, [(SCRATCH + PAGE) | 0, 1, 0, 0x7ff0, 0])).toBe(EINVAL);
    expect(callHypercall(xen, attacker, 14, [SCRATCH | 0, (attacker.cr3 * PAGE) | 3, 0, 1, 0])).toBe(EINVAL);
    expect(xen.state.refused).toEqual({ 'page-type': 2 });
  });

  test("cannot forge a descriptor that reaches Xen, nor one in another's memory", () => {
    const machine = twoDomains();
    const { xen, attacker, victim } = machine;
    const at = frameOf(machine, attacker, SCRATCH) * PAGE;
    expect(callHypercall(xen, attacker, 10, [at, 0, 0xffff, 0xfdcf9300 | 0, 0])).toBe(EINVAL);
    expect(callHypercall(xen, attacker, 10, [victim.cr3 * PAGE, 0, 0xffff, 0x00cf9300, 0])).toBe(EINVAL);
    expect(xen.state.refused).toEqual({ descriptor: 1, 'frame-owner': 1 });
  });

  test('cannot send to a port that is not theirs, nor act for another domain', () => {
    const { xen, attacker, victim } = twoDomains();
    writeWords(xen.system, SCRATCH, [77]);
    expect(callHypercall(xen, attacker, 32, [4, SCRATCH | 0, 0, 0, 0])).toBe(EINVAL);
    expect(callHypercall(xen, attacker, 1, [SCRATCH | 0, 1, 0, victim.id, 0])).toBe(EPERM);
    expect(xen.state.refused).toEqual({ 'event-port': 1, 'foreign-domain': 1 });
  });

  test('leave every frame accounted for, whatever calls are drawn', { timeout: 60_000 }, () => {
    for (let seed = 1; seed <= 40; seed++) expect(hostileCalls(seed), `seed ${seed}`).toBeNull();
  });
});
