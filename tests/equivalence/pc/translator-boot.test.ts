// From the firmware in real mode to a kernel in protected mode; and a machine that is saved in the middle.
import { expect, test } from 'vitest';
import { assembleIa32 } from '../../../src/assembler/ia32/assemble.ts';
import { readyPc, type ReadyPc } from '../../../src/worlds/pc/build.ts';
import type { PcConfiguration } from '../../../src/worlds/pc/configuration.ts';
import type { PcMonitorName } from '../../../src/worlds/pc/monitors/table.ts';
import { randomGuest } from '../../fuzz/pc-guest.ts';
import { BOOT_SECTOR } from './boot-sector.ts';

const MEMORY = 16 << 20;
const LIMIT = 1e9;

function bytesOf(source: string): { readonly address: number; readonly bytes: Uint8Array } {
  const assembly = assembleIa32(source, { file: 'guest' });
  if (!assembly.ok) throw new Error(assembly.diagnostics[0]?.message);
  return assembly.segments[0]!;
}

function ready(program: Omit<PcConfiguration, 'memory'>, under?: PcMonitorName): ReadyPc {
  const built = readyPc({ memory: MEMORY, ...program, ...(under && { under }) });
  if (typeof built === 'string') throw new Error(built);
  return built;
}

function runToEnd({ machine, monitor }: ReadyPc): unknown {
  let stop = machine.run(1e6);
  while (stop.kind === 'budget' && machine.clock < LIMIT) {
    stop = machine.run(1e6);
    stop = monitor?.end(stop) ?? stop;
  }
  return stop;
}

test('a disk boots through the firmware, real mode interpreted and the kernel translated', () => {
  const disk = new Uint8Array(2880 * 512);
  disk.set(bytesOf(BOOT_SECTOR).bytes);
  disk.set([0x55, 0xaa], 510);
  disk[512] = 'A'.charCodeAt(0);
  const [bare, under] = ([undefined, 'translator'] as const).map((name) => {
    const pc = ready({ disks: [disk.slice()], program: { kind: 'media' } }, name);
    const stop = runToEnd(pc);
    const { com1, vga } = pc.machine.chipset;
    return { stop, serial: com1.text, screen: vga.screen().lines, report: pc.monitor?.report() };
  });
  expect(under).toMatchObject({ stop: bare!.stop, serial: 'A', screen: bare!.screen });
  expect(under!.screen[0]).toContain('from real mode');
  expect(under!.report!['instructions interpreted or emulated']).toBeGreaterThan(1000);
  expect(under!.report!['instructions of translated code executed']).toBeGreaterThan(5000);
});

test('a machine restored from a state in the middle goes on as the one that was saved, to the cycle', () => {
  const { address, bytes } = bytesOf(randomGuest(7));
  const program = { kind: 'flat', images: [{ at: address, bytes }], entry: address } as const;
  const first = ready({ program }, 'translator');
  first.machine.run(400_000);
  const state = structuredClone({ machine: first.machine.save(), monitor: first.monitor!.save() });
  const second = ready({ program }, 'translator');
  second.machine.run(150_000);
  second.machine.restore(state.machine);
  second.monitor!.restore(state.monitor);
  expect(runToEnd(first)).toEqual({ kind: 'exit', code: 1 });
  expect(runToEnd(second)).toEqual({ kind: 'exit', code: 1 });
  expect([second.machine.clock, second.machine.instructions]).toEqual([
    first.machine.clock,
    first.machine.instructions,
  ]);
  expect(second.monitor!.report()).toEqual(first.monitor!.report());
});
