// The chapter's point: by VT-x every guest is right, and what exits is what the text says.
import { expect, test } from 'vitest';
import chapterEn from './chapter.en.md?raw';
import { assembleIa32 } from '../../src/assembler/ia32/assemble.ts';
import { en } from '../../src/ui/i18n/en.ts';
import { PcWorld } from '../../src/worlds/pc/world.ts';
import { techniquesFor, type View } from '../../src/protocol/frame.ts';
import { FLAT_ORIGIN } from '../+shared/pc/flat.ts';
import { INCLUDES } from '../+shared/pc/guests/guests.ts';
import { spentIn } from '../+shared/measure.ts';
import kernel from './guests/kernel.asm?raw';
import factory from './world.ts';

const VIEW: View = {
  ...{ parts: ['vmx'], subject: '', storageAt: 0, storageLength: 0, walk: null, strataWindow: null },
  ...{ strataCycles: 0, strataGrain: 0, events: 0 },
};

/** The world at its end, and what the lab says of it. */
function ended(workload: string, technique: string): { world: PcWorld; verdict: string; stop: string } {
  const setup = { workload, technique, source: null, constants: {}, seed: 1 };
  const { world } = factory.create(setup);
  if (!(world instanceof PcWorld)) throw new Error(`${workload} could not be built`);
  for (let k = 0; k < 300; k++) {
    const stop = world.run(1e6);
    if (stop.kind !== 'budget') return { world, verdict: factory.verdict(world, setup), stop: stop.kind };
  }
  throw new Error(`${workload} does not end under ${technique}`);
}

const exitsOf = (world: PcWorld): Record<string, number> =>
  Object.fromEntries(world.parts(VIEW).vmx!.exits.map(({ name, count }) => [name, count]));

const small = ['popf', 'hypervisor', 'kernel'].flatMap((workload) =>
  techniquesFor(factory.offer, workload).map((technique) => [workload, technique] as const),
);

test.each(small)('%s ends well under %s', (workload, technique) => {
  const { verdict, stop } = ended(workload, technique);
  expect({ verdict, stop }).toEqual({ verdict: '', stop: 'exit' });
});

test('in a virtual machine of a virtual machine the same kernel costs ten exits and more for each of its own', () => {
  const exits = exitsOf(ended('kernel', 'vmx-nested').world);
  const own = exitsOf(ended('kernel', 'vmx').world);
  expect(exits).toMatchObject({ CPUID: 1, IO: own['IO'] });
  expect(exits['VMRESUME']!).toBeGreaterThan(own['IO']!);
  const all = (each: Record<string, number>): number => Object.values(each).reduce((sum, n) => sum + n, 0);
  // The text says: about seventeen.
  expect(Math.round(all(exits) / all(own))).toBe(17);
});

test('tables, paging, flags and address spaces leave no guest: ports, HLT, CPUID and the timer do', () => {
  const exits = exitsOf(ended('kernel', 'vmx').world);
  expect(Object.keys(exits).sort()).toEqual(['CPUID', 'EXTERNAL_INTERRUPT', 'HLT', 'IO']);
  expect(exits).toMatchObject({ CPUID: 1, EXTERNAL_INTERRUPT: 3, HLT: 3 });
});

test('the seven operations end well translated and by the VT-x of 2005', () => {
  for (const technique of ['translator-2005', 'vmx-2005'])
    expect(ended('nano', technique)).toMatchObject({ verdict: '', stop: 'exit' });
});

test('with shadow page tables each store into a table exits, as each page fault and each store into a device does', () => {
  // Two thousand of each: they are run once to learn, and once to be timed.
  const { EXCEPTION_OR_NMI: faults } = exitsOf(ended('nano', 'vmx-2005').world);
  expect(faults! / 2000).toBeCloseTo(3, 1);
});

test('making processes is cheapest bare, dearer translated, and dearest by the VT-x of 2005', () => {
  const [bare, translated, vmx] = ['bare-2005', 'translator-2005', 'vmx-2005'].map((technique) => {
    const { world, verdict } = ended('forkwait', technique);
    expect(verdict).toBe('');
    return spentIn(world).busy;
  });
  expect(translated! / bare!).toBeGreaterThan(1);
  expect(vmx! / translated!).toBeGreaterThan(1.5);
});

test('with shadow page tables address spaces and page faults leave the guest too, and INVLPG does not', () => {
  const exits = exitsOf(ended('kernel', 'vmx-shadow').world);
  expect(exits).toMatchObject({ CONTROL_REGISTER: 4, EXCEPTION_OR_NMI: expect.any(Number) as number });
  expect(exits).not.toHaveProperty('INVLPG');
});

test('2000 reads of a port are 2000 exits more than none', () => {
  const [portio, syscall] = ['portio', 'syscall'].map((name) => exitsOf(ended(name, 'vmx').world)['IO']!);
  expect(portio! - syscall!).toBeGreaterThanOrEqual(2000);
  expect(portio! - syscall!).toBeLessThan(2050);
});

test('an exit costs the hypervisor in assembly several times as much on the processor of 2005', () => {
  const each = (technique: string): number => {
    const { exits } = ended('hypervisor', technique).world.parts(VIEW).vmx!;
    return exits.find(({ name }) => name === 'CPUID')!.cycles;
  };
  expect(each('bare-2005') / each('bare')).toBeGreaterThan(4);
});

test('the text runs to the loop that touches a page', () => {
  const { sourceMap } = assembleIa32(kernel, {
    ...{ file: 'kernel', origin: FLAT_ORIGIN },
    include: (name) => INCLUDES[name] ?? null,
  });
  const line = kernel.split('\n').findIndex((text) => text.startsWith('touch:')) + 1;
  const { address } = sourceMap.find((entry) => entry.file === 'kernel' && entry.line === line)!;
  expect(chapterEn).toContain(`address=${address.toString(16).toUpperCase()}}`);
});

test('every constant that the lab offers has its words', () => {
  expect(Object.keys(en.costs).sort()).toEqual(factory.offer.constants.map(({ name }) => name).sort());
});
