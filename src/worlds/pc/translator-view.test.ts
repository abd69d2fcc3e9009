// Where the guest stands while other code runs in its place, and what is told of it.
import { expect, test } from 'vitest';
import { assembleIa32 } from '../../assembler/ia32/assemble.ts';
import type { EventView, View } from '../../protocol/frame.ts';
import { PcWorld } from './world.ts';

const VIEW: View = {
  parts: ['units', 'code', 'translation'],
  subject: '',
  storageAt: 0,
  storageLength: 0,
  walk: null,
  strataWindow: null,
  strataCycles: 0,
  strataGrain: 0,
  events: 0,
};

const AT = 0x100000;
const LOOP = `org 0x100000
        mov esp, 0x90000
        mov ecx, 5
again:  pushfd
        add esp, 4
        dec ecx
        jnz again
        in al, 0x21
        cli
        hlt`;

/** Each address of the source as if it were its line. */
function worldOf(source: string, under?: 'translator' | 'translator-unchained'): PcWorld {
  const { segments } = assembleIa32(source, { file: 'source' });
  const images = segments.map(({ address, bytes }) => ({ at: address, bytes }));
  const world = PcWorld.create(
    { memory: 16 << 20, program: { kind: 'flat', images, entry: AT }, ...(under && { under }) },
    { lineAt: (address) => (address < AT || address > AT + 0x100 ? null : address - AT) },
  );
  if (typeof world === 'string') throw new Error(world);
  return world;
}

function stepTo(world: PcWorld, address: number): void {
  for (let k = 0; k < 500 && world.instructionAddress() !== address; k++) world.step();
}

/** Addresses of the guest's instructions in the order in which they are reached. */
function way(world: PcWorld): number[] {
  const at: number[] = [];
  for (let k = 0; k < 500 && !world.idle; k++) {
    const address = world.instructionAddress() - AT;
    if (at.at(-1) !== address) at.push(address);
    world.step();
  }
  return at;
}

test.each(['translator', 'translator-unchained'] as const)(
  'under %s the guest is seen to go the way that it goes on the bare machine',
  (under) => {
    const bare = way(worldOf(LOOP));
    expect(bare).toHaveLength(25);
    expect(way(worldOf(LOOP, under))).toEqual(bare);
  },
);

test('the panel shows the unit that runs, its place in it, and the code beside each instruction', () => {
  const world = worldOf(LOOP, 'translator');
  stepTo(world, AT + 10);
  const { units, code } = world.parts(VIEW);
  const { unit, next } = units!;
  const current = unit!.guest.find(({ from, to }) => next >= from && next < to)!;
  expect([current.text, current.treatment, current.line]).toEqual(['pushf', 'inline', 10]);
  expect(unit!.code[next]!.text).toBe('pushf');
  expect(code).toMatchObject({ instructionAddress: AT + 10, line: 10 });
  expect(units).toMatchObject({
    running: 'translated',
    cache: { units: 1, current: 64, places: [64, expect.any(Number)] },
  });
});

test('an instruction is met once, however long the code is that stands for it', () => {
  const world = worldOf(LOOP, 'translator');
  let met = 0;
  for (let k = 0; k < 500 && !world.idle; k++) {
    if (world.instructionAddress() === AT + 10 && !world.midInstruction) met++;
    world.step();
  }
  // Five rounds; the first one begins anew after a page fault of the stack, of which the guest does not hear.
  expect(met).toBe(5);
});

test('a register that is typed in is the guest’s, even while translated code uses the real one', () => {
  const world = worldOf(LOOP, 'translator');
  stepTo(world, AT + 10);
  const typed: (number | null)[] = [];
  for (let k = 0; k < 40; k++) {
    world.input({ kind: 'set-register', register: 0, value: 0x5000 + k });
    if (world.register('eax') !== 0x5000 + k) typed.push(world.register('eax'));
    world.step();
  }
  expect(typed).toEqual([]);
});

test('an exit that has been taken once leads to the next unit without the monitor', () => {
  const chained = (under: 'translator' | 'translator-unchained'): number => {
    const world = worldOf(LOOP, under);
    world.run(1e6);
    return world.parts(VIEW).units!.cache.chained;
  };
  expect(chained('translator')).toBeGreaterThan(1);
  expect(chained('translator-unchained')).toBe(0);
});

test('the guest’s registers are told as it would find them, wherever the translation keeps them', () => {
  const source = `org 0x100000
        mov esp, 0x90000
        push eax
        pop eax
        mov eax, 0x1111
        mov ecx, 0x2222
        cmp eax, ecx
        cli
        pushfd
        popfd
        sti
        hlt`;
  const seen = (world: PcWorld): Map<number, string> => {
    const at = new Map<number, string>();
    for (let k = 0; k < 200 && !world.idle; k++) {
      const values = ['eax', 'ecx', 'esp', 'eip', 'eflags', 'cs', 'ds'].map((name) => world.register(name));
      // In the midst of a translation too: the guest has not gone on.
      if (!at.has(world.instructionAddress())) at.set(world.instructionAddress(), values.join(' '));
      world.step();
    }
    return at;
  };
  const bare = seen(worldOf(source));
  expect(bare.size).toBe(11);
  expect([...seen(worldOf(source, 'translator'))]).toEqual([...bare]);
});

test('in the midst of a translation too the guest’s registers are what they were before the instruction', () => {
  const world = worldOf(LOOP, 'translator');
  stepTo(world, AT + 10);
  const registers = () => ['eax', 'ecx', 'eip', 'eflags'].map((name) => world.register(name)).join(' ');
  const before = registers();
  for (let k = 0; world.instructionAddress() === AT + 10; k++) {
    expect([k, registers()]).toEqual([k, before]);
    world.step();
  }
  const [virtual, real] = worldOf(LOOP, 'translator').parts({ ...VIEW, parts: ['registers'] }).registers!;
  expect([virtual!.title, real!.title]).toEqual(['virtual machine', 'real machine']);
});

test('events of the monitor tell the guest’s address, not that of the code in its place', () => {
  const world = worldOf(LOOP, 'translator');
  const events: EventView[] = [];
  world.observe({ segment: () => undefined, event: (event) => events.push(event) });
  world.run(1e6);
  const of = (kind: string) => events.filter((event) => event.kind === kind);
  expect(of('simulate').map(({ detail, address }) => [detail['mnemonic'], address! - AT])).toContainEqual([
    'IN',
    17,
  ]);
  expect(of('translate').map(({ address }) => address! - AT)).toContain(10);
});

test('the guest’s page tables stand beside the shadow that the processor goes by', () => {
  const world = worldOf(
    `org 0x100000
        mov dword [0x200000], 0x83
        mov eax, 0x200000
        mov cr3, eax
        mov eax, cr4
        or eax, 0x10
        mov cr4, eax
        mov eax, cr0
        or eax, 0x80000000
        mov cr0, eax
        mov eax, [0x3000]
        cli
        hlt`,
    'translator',
  );
  world.run(1e6);
  const [guest, shadow] = world.parts(VIEW).translation!.tables;
  expect([guest!.title, guest!.rows.map(({ virtual }) => virtual)]).toEqual(['guest', [0]]);
  const pages = shadow!.rows.map(({ virtual }) => virtual);
  expect(shadow!.title).toBe('shadow');
  expect(pages).toContain(0x3000);
  expect(pages).not.toContain(0x5000);
});

test('on a bare machine nothing is translated', () => {
  expect(worldOf(LOOP).parts(VIEW).units).toBeNull();
});
