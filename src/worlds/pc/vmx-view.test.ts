// What panels show of VT-x is what the processor does: exits as they were counted, walks reference by reference.
import { expect, test } from 'vitest';
import { assembleIa32 } from '../../assembler/ia32/assemble.ts';
import { PENTIUM } from '../../machines/pc/models/pentium.ts';
import { WESTMERE } from '../../machines/pc/models/westmere.ts';
import type { Model } from '../../machines/pc/models/classes.ts';
import type { View, VmxView } from '../../protocol/frame.ts';
import { PcWorld } from './world.ts';

const VIEW: View = {
  ...{ parts: ['vmx'], subject: '', storageAt: 0, storageLength: 0, walk: 0x300123, strataWindow: null },
  ...{ strataCycles: 0, strataGrain: 0, events: 0 },
};

/** A kernel with its first 4 M in pages of 4 K, which looks for one of them `rounds` times, and asks CPUID in the end. */
const touching = (rounds: number): string => `
        org 0x100000
        mov ecx, 1024
        mov edi, 0x201000
        mov eax, 3
fill:   mov [edi], eax
        add eax, 0x1000
        add edi, 4
        loop fill
        mov dword [0x200000], 0x201003
        mov eax, 0x200000
        mov cr3, eax
        mov eax, cr0
        or eax, 0x80000000
        mov cr0, eax
        mov ecx, ${rounds}
touch:  invlpg [0x300000]
        mov eax, [0x300000]
        loop touch
        mov eax, 0
        cpuid
        cli
        hlt`;

function ran(rounds: number, model: Model = WESTMERE): PcWorld {
  const { segments } = assembleIa32(touching(rounds), { file: 'touch' });
  const world = PcWorld.create({
    memory: 16 << 20,
    model,
    ...(model.vmx && { under: 'vmx' }),
    program: {
      kind: 'flat',
      images: segments.map(({ address, bytes }) => ({ at: address, bytes })),
      entry: 0x100000,
    },
  });
  if (typeof world === 'string') throw new Error(world);
  world.run(1e6);
  return world;
}
const seen = (world: PcWorld): VmxView => world.parts(VIEW).vmx!;

test('a walk is shown with exactly the references that the processor makes for it', () => {
  const { walk, references } = seen(ran(30));
  const more = seen(ran(40)).references;
  // Two levels of the guest’s, three extended ones with pages of 2 M: (2 + 1) × (3 + 1) − 1.
  expect(walk!.levels).toEqual({ guest: 2, host: 3 });
  expect(walk!.rows.map(({ what, host }) => [what, host.length])).toEqual([
    ['directory', 3],
    ['table', 3],
    ['data', 3],
  ]);
  expect([(more.guest - references.guest) / 10, (more.host - references.host) / 10]).toEqual([2, 9]);
  expect(walk!.rows.map(({ physical }) => physical)).toEqual([0x200000, 0x201c00, 0x300123]);
});

test('exits are counted by reason with their cycles, and go on from a saved state', () => {
  const world = ran(3);
  const { exits, operation, fields } = seen(world);
  expect(operation).toBe('guest');
  expect(exits.map(({ name, count }) => [name, count])).toEqual([
    ['CPUID', 1],
    ['HLT', 1],
  ]);
  const { entry, exit } = WESTMERE.vmx!;
  for (const { cycles } of exits) expect(cycles).toBeGreaterThan(entry.cycles + exit.cycles);
  expect(fields.find(({ name }) => name === 'EXIT_REASON')).toEqual({
    ...{ name: 'EXIT_REASON', encoding: 0x4402, kind: 'read-only', value: '0000000C' },
  });
  const other = ran(5);
  other.restore(structuredClone(world.save()));
  expect(seen(other)).toEqual(seen(world));
});

test('a processor without VT-x shows none', () => {
  expect(ran(3, PENTIUM).parts(VIEW).vmx).toBeNull();
});
