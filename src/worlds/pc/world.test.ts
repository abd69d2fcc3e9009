// A PC as a session and its panels see it.
import { expect, test } from 'vitest';
import { kernelCalled } from '../../../tests/conformance/ia32/kernels/kernels.ts';
import { LabSession } from '../../session/session.ts';
import type { EventView, StrataSegment, View } from '../../protocol/frame.ts';
import { SCREEN, SERIAL, PcWorld } from './world.ts';

const VIEW: View = {
  parts: [
    'registers',
    'code',
    'storage',
    'translation',
    'ledger',
    'terminals',
    'devices',
    'strata',
    'events',
  ],
  subject: '',
  storageAt: 0x100000,
  storageLength: 16,
  walk: null,
  strataWindow: null,
  strataCycles: 100_000,
  strataGrain: 0,
  events: 50,
};

function world(name: string): PcWorld {
  const { elf } = kernelCalled(name);
  const made = PcWorld.create({
    memory: 16 << 20,
    program: { kind: 'kernel', file: elf, name, append: '', modules: [], ramdisk: null },
  });
  if (typeof made === 'string') throw new Error(made);
  return made;
}

/** Runs until the kernel has switched paging on. */
function withPaging(): PcWorld {
  const pc = world('paging');
  while (!pc.machine.cpu.paging) pc.step();
  return pc;
}

test('shows registers with their fields, and the code around the instruction pointer', () => {
  const pc = world('segments');
  const { registers, code } = pc.parts(VIEW);
  const flags = registers![0]!.groups[0]!.registers.find(({ name }) => name === 'EFLAGS')!;
  expect(flags.fields!.find(({ name }) => name === 'IF')).toEqual({
    name: 'IF',
    value: '0',
    explain: 'eflags.if',
  });
  expect(pc.register('EIP')).toBe(code!.instructionAddress);
  const next = code!.lines.find(({ address }) => address === code!.instructionAddress)!;
  expect(next.text).not.toMatch(/^db/);
});

test('walks an address through the page tables and lists what they map', () => {
  const pc = withPaging();
  const { translation } = pc.parts({ ...VIEW, walk: 0x100000 });
  expect(translation!.steps.map(({ text }) => text)).toEqual(
    expect.arrayContaining(['cr3', 'directory-entry', 'physical']),
  );
  expect(translation!.steps.at(-1)).toMatchObject({ text: 'physical', address: 0x100000 });
  expect(translation!.tables[0]!.rows.length).toBeGreaterThan(0);
  // Looking does not touch: no miss of the buffers, no accessed bit.
  const misses = pc.machine.cpu.dataTlb.misses;
  pc.parts({ ...VIEW, walk: 0x100000, storageAt: 0x400000 });
  expect(pc.machine.cpu.dataTlb.misses).toBe(misses);
});

test('tells exceptions with the instruction that caused them, and segments that fill the clock', () => {
  const pc = world('segments');
  const start = pc.clock;
  const events: EventView[] = [];
  const segments: StrataSegment[] = [];
  pc.observe({ segment: (segment) => segments.push(segment), event: (event) => events.push(event) });
  pc.run(1e9);
  pc.flush();
  expect(events.find(({ detail }) => detail['name'] === '#GP')).toMatchObject({ kind: 'exception' });
  expect(events.some(({ detail }) => detail['mnemonic'] === 'MOV')).toBe(true);
  expect(segments.reduce((sum, { cycles }) => sum + cycles, 0)).toBe(pc.clock - start);
});

test('takes keys at the serial line and at the keyboard', () => {
  const pc = world('segments');
  pc.input({ kind: 'keys', terminal: SERIAL, text: 'a\n' });
  pc.input({ kind: 'type', terminal: SCREEN, text: 'b' });
  const { com1, keyboard } = pc.machine.chipset.save();
  expect(com1.incoming).toEqual([0x61, 0x0d]);
  expect(keyboard.strokes).toHaveLength(2);
});

test('runs in a session, which ends where the kernel ends', async () => {
  const session = new LabSession({
    lab: 'test',
    pace: { now: () => 0, breathe: () => Promise.resolve() },
    factory: {
      offer: { workloads: ['segments'], techniques: ['bare'], constants: [] },
      create: () => ({ loaded: { ok: true, source: '', diagnostics: [] }, world: world('segments') }),
      verdict: () => '',
    },
  });
  await session.load({ workload: 'segments', technique: 'bare', source: null, constants: {}, seed: 1 });
  await session.run(null);
  const frame = await session.view(VIEW);
  expect(frame.stop).toEqual({ kind: 'exit', code: 1 });
  expect(frame.terminals![0]!.text).toBe(kernelCalled('segments').printed);
  const back = await session.stepBack();
  expect(back.clock).toBeLessThan(frame.clock);
});
