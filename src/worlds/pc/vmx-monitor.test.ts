import { expect, test } from 'vitest';
import { PENTIUM_4 } from '../../machines/pc/models/pentium4.ts';
import { SKYLAKE } from '../../machines/pc/models/skylake.ts';
import { KERNELS } from '../../../tests/conformance/ia32/kernels/kernels.ts';
import { readyPc } from './build.ts';
import { PcWorld } from './world.ts';

/** SIMPLIFIED: not all of them; `devices`, `rings` and `segments` print much. */
const PIC_MASK = 0x21;
const CHOSEN = ['debug', 'identity', 'interrupts', 'pae', 'tasks'];

test('on a processor without what it needs the monitor says so', () => {
  const ready = readyPc({
    under: 'vmx',
    program: { kind: 'flat', images: [], entry: 0x100000 },
  });
  expect(ready).toMatch(/needs: choose --cpu/);
});

/** Each generation on a processor that has no more; shadow paging on few kernels, for it takes longer. */
const RUNS = [
  ...CHOSEN.map((name) => ({ name, under: 'vmx', model: SKYLAKE }) as const),
  ...['debug', 'pae', 'paging', 'tasks', 'v86', 'x87'].map(
    (name) => ({ name, under: 'vmx-shadow', model: PENTIUM_4 }) as const,
  ),
];

test.each(RUNS)('$name prints under $under what it prints on the bare machine', ({ name, under, model }) => {
  const kernel = KERNELS.find((each) => each.name === name)!;
  const ready = readyPc({
    memory: 16 << 20,
    ...{ model, under },
    program: {
      kind: 'kernel',
      file: kernel.elf,
      name: kernel.name,
      append: '',
      modules: [],
      ramdisk: null,
    },
  });
  if (typeof ready === 'string') throw new Error(ready);
  // A tick of the clock that these do not await comes while they print: each character is two ways to the device model.
  if (name === 'paging' || name === 'v86') ready.machine.chipset.bus.output(PIC_MASK, 1, 0xff);
  const stop = ready.monitor!.end(ready.machine.run(2e9));
  expect(ready.machine.chipset.com1.text).toBe(kernel.printed);
  expect(stop).toEqual({ kind: 'exit', code: 1 });
});

test.each(['vmx', 'vmx-shadow'] as const)('a state saved under %s goes on as the run does', (under) => {
  const { elf: file, name } = KERNELS.find((each) => each.name === 'pae')!;
  const begin = (): PcWorld => {
    const world = PcWorld.create({
      ...{ memory: 16 << 20, model: SKYLAKE, under },
      program: { kind: 'kernel', file, name, append: '', modules: [], ramdisk: null },
    });
    if (typeof world === 'string') throw new Error(world);
    return world;
  };
  const [whole, other] = [begin(), begin()];
  whole.run(1e6);
  other.run(3e5);
  other.restore(structuredClone(whole.save()));
  for (const world of [whole, other]) world.run(3e6);
  expect(other.clock).toBe(whole.clock);
  expect(other.machine.chipset.com1.text).toBe(whole.machine.chipset.com1.text);
  expect(other.save().monitor).toEqual(whole.save().monitor);
});

test('a sector goes to the device model and back by one exit in each direction', () => {
  // mov edx, 1F0h; mov edi, 200000h; mov ecx, 256; cld; rep insw; mov esi, 200000h; mov ecx, 256; rep outsw; cli; hlt
  const code =
    'ba f0 01 00 00 bf 00 00 20 00 b9 00 01 00 00 fc f3 66 6d be 00 00 20 00 b9 00 01 00 00 f3 66 6f fa f4';
  const bytes = Uint8Array.from(code.split(' '), (digits) => parseInt(digits, 16));
  const ready = readyPc({
    memory: 16 << 20,
    model: SKYLAKE,
    under: 'vmx',
    program: { kind: 'flat', images: [{ at: 0x100000, bytes }], entry: 0x100000 },
  });
  if (typeof ready === 'string') throw new Error(ready);
  ready.machine.run(1e7);
  expect(ready.machine.cpu.words.slice(6, 8)).toEqual(new Int32Array([0x200200, 0x200200]));
  expect(Object.values(ready.monitor!.report()).sort()).toEqual([1, 2]);
});
