// Several guests of a hypervisor by VT-x: what each prints, what each gets of the processor, and what none can take.
import { describe, expect, test } from 'vitest';
import { PENTIUM_4 } from '../../machines/pc/models/pentium4.ts';
import { SKYLAKE } from '../../machines/pc/models/skylake.ts';
import { varveDisk, varveKernel } from '../../../labs/+shared/pc/varve.ts';
import type { DomainConfiguration, PcConfiguration } from './configuration.ts';
import { PcWorld } from './world.ts';

const LOAD = 0x100000;
const HEADER = 32;

/** A multiboot kernel of nothing but these instructions. Multiboot Specification 0.6.96, section 3.1.3. */
function kernelOf(code: string): Uint8Array {
  const bytes = code.split(' ').map((digits) => parseInt(digits, 16));
  const [magic, flags, end] = [0x1badb002, 0x10000, LOAD + HEADER + bytes.length];
  const header = Int32Array.of(magic, flags, -(magic + flags), LOAD, LOAD, end, end, LOAD + HEADER);
  return Uint8Array.of(...new Uint8Array(header.buffer), ...bytes);
}

/** A slow processor: more turns in fewer cycles. */
const SLOW = { ...SKYLAKE, frequency: 100_000_000 };

const KERNELS = {
  /** mov ecx, 1; 1: xor edx, edx; div ecx; jmp 1b */
  works: kernelOf('b9 01 00 00 00 31 d2 f7 f1 eb fa'),
  /** 1: cpuid; jmp 1b */
  'storms exits': kernelOf('0f a2 eb fc'),
  /** 1: in al, 40h; jmp 1b */
  'storms the device model': kernelOf('e4 40 eb fc'),
  /** mov ecx, 10h; 1: wrmsr; rdmsr; jmp 1b */
  'turns its clock back': kernelOf('b9 10 00 00 00 0f 30 0f 32 eb fa'),
  /** A page fault without a table of gates: triple fault. */
  crashes: kernelOf('cd 80'),
} as const;

const small = (name: keyof typeof KERNELS, weight = 1024): DomainConfiguration => ({
  ...{ name, weight, kernel: KERNELS[name], append: '', ramdisk: null, memory: 4 << 20 },
});
const program = (name: string): DomainConfiguration => ({
  ...{ name, kernel: varveKernel(), append: `init=/bin/${name}`, ramdisk: varveDisk(), memory: 10 << 20 },
});

function world(domains: readonly DomainConfiguration[], more: Partial<PcConfiguration> = {}): PcWorld {
  const made = PcWorld.create({
    ...{ model: SKYLAKE, under: 'vmx', program: { kind: 'domains', domains } },
    ...more,
  });
  if (typeof made === 'string') throw new Error(made);
  return made;
}
const domainsOf = ({ domains }: PcWorld) => domains;
const sharesOf = (made: PcWorld): readonly number[] => {
  const ran = domainsOf(made).map(({ cycles }) => cycles);
  const whole = ran.reduce((sum, cycles) => sum + cycles, 0);
  return ran.map((cycles) => cycles / whole);
};
const booked = ({ machine }: PcWorld): number =>
  machine.ledger.rows().reduce((sum, { cycles }) => sum + cycles, 0);

const PAGINGS = [
  { under: 'vmx', model: SKYLAKE },
  { under: 'vmx-shadow', model: PENTIUM_4 },
] as const;

test.each(PAGINGS)('two guests under $under print their own results', (how) => {
  const made = world([program('syscall'), program('forkwait')], how);
  const stop = made.run(2e9);
  const [first, second] = domainsOf(made);
  expect(stop).toEqual({ kind: 'wait' });
  expect(first!.console).toContain('syscall: 10000 calls, 10000 of them right: ok');
  expect(second!.console).toContain('forkwait: 200 processes, 200 of them ended as they should: ok');
  expect(first).toMatchObject({ state: 'shutdown', pages: 2560 });
  expect(booked(made)).toBe(made.clock);
});

describe('the host', () => {
  test('shares the processor out by weight', () => {
    const made = world([small('works'), small('works', 2048), small('works')], { model: SLOW });
    made.run(4e7);
    const shares = sharesOf(made);
    for (const [k, wanted] of [0.25, 0.5, 0.25].entries())
      expect(Math.abs(shares[k]! / wanted - 1)).toBeLessThan(0.05);
    expect(booked(made)).toBe(made.clock);
  });

  test.each(['storms exits', 'storms the device model', 'turns its clock back'] as const)(
    'lets nobody take the time of another: one %s',
    (hostile) => {
      const made = world([small(hostile), small('works')], { model: SLOW });
      made.run(4e7);
      expect(sharesOf(made)[1]! / 0.5).toBeGreaterThan(0.95);
    },
  );

  test('goes on when a guest crashes', () => {
    const made = world([small('crashes'), small('works')]);
    made.run(1e7);
    expect(domainsOf(made)).toMatchObject([
      { state: 'crashed', reason: 'triple fault' },
      { state: 'running' },
    ]);
  });

  test('does the same however the run is cut', () => {
    const begin = (): PcWorld => world([program('syscall'), small('works')]);
    const [whole, cut] = [begin(), begin()];
    const end = whole.clock + 6e6;
    whole.run(end - whole.clock);
    while (cut.clock < end) cut.run(Math.min(77_777, end - cut.clock));
    expect(cut.clock).toBe(whole.clock);
    expect(domainsOf(cut)).toEqual(domainsOf(whole));
    expect(cut.machine.ledger.rows()).toEqual(whole.machine.ledger.rows());
  });

  test('goes on from a state as the run does, with the time booked to whom it belongs', () => {
    const guests = [program('syscall'), small('storms exits'), small('works', 512)];
    const begin = (): PcWorld => world(guests, { model: SLOW });
    const [whole, other] = [begin(), begin()];
    whole.run(3e6);
    other.run(5e6);
    other.restore(whole.save());
    for (const each of [whole, other]) each.run(5e6);
    expect(other.clock).toBe(whole.clock);
    expect(domainsOf(other)).toEqual(domainsOf(whole));
    expect(other.machine.ledger.rows()).toEqual(whole.machine.ledger.rows());
  });

  test.each([
    ['too much memory', { ...small('works'), memory: 80 << 20 }, 'give more --ram'],
    ['a disk of domain 0', { ...small('works'), disk: 'hda2' }, 'disk belongs to --under xen'],
    ['no memory', { ...small('works'), memory: 0 }, 'a guest needs memory'],
    ['no kernel', { ...small('works'), kernel: new Uint8Array(64) }, 'multiboot'],
  ] as const)('refuses a guest that asks for %s', (_what, asked, words) => {
    expect(() => world([asked])).toThrow(words);
  });
});
