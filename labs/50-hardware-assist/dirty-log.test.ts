// The log of dirty pages: every page that was written in a round is in it, by whomever, and no other.
import { expect, test } from 'vitest';
import chapterEn from './chapter.en.md?raw';
import chapterJa from './chapter.ja.md?raw';
import { WESTMERE } from '../../src/machines/pc/models/westmere.ts';
import { readyPc, type ReadyPc } from '../../src/worlds/pc/build.ts';
import { serialOf } from '../+shared/pc/testing.ts';
import { varveDisk, varveKernel } from '../+shared/pc/varve.ts';
import { commandLine, WORKLOADS } from '../+shared/pc/workloads.ts';

const PAGE = 4096;
const MEMORY = 16 << 20;

function logged(append: string, logDirty: number): ReadyPc {
  const kernel = { kind: 'kernel', file: varveKernel(), name: 'varve', modules: [], ramdisk: null } as const;
  const machine = { model: WESTMERE, memory: MEMORY, disks: [varveDisk()] };
  const built = readyPc({ ...machine, under: 'vmx', logDirty, program: { ...kernel, append } });
  if (typeof built === 'string') throw new Error(built);
  return built;
}

test('has every page that the guest, the emulator and the disk wrote in a round, and no other', () => {
  const { machine, monitor } = logged(`disk=dma ${commandLine('io', ['40'])}`, Infinity);
  const log = monitor!.dirty!;
  let rounds = 0;
  for (let stop = machine.run(1e6); stop.kind === 'budget'; stop = machine.run(4e6)) {
    const { dirty } = machine.cpu.memory;
    // The machine itself notes what was stored into since its last checkpoint: a second opinion.
    const stored = [...dirty.subarray(0, MEMORY / PAGE).keys()].filter((page) => dirty[page] !== 0);
    if (rounds > 0) expect(log.dirty, `round ${rounds}`).toEqual(stored);
    log.begin();
    machine.save();
    rounds++;
  }
  expect(rounds).toBeGreaterThan(10);
  expect(serialOf(machine)).toMatch(/^io: 40 blocks written, 40 read, .* ok$/m);
});

test('ends rounds by itself, the guest comes to the same end, and the text has the figures', () => {
  const { machine, monitor } = logged(commandLine('pgfault'), 1e6);
  while (machine.run(1e7).kind === 'budget');
  expect(serialOf(machine)).toMatch(WORKLOADS.find(({ name }) => name === 'pgfault')!.expect);
  const pages = monitor!.dirty!.rounds.map((round) => round.pages).sort((a, b) => a - b);
  const [usual, most] = [pages[pages.length >> 1], pages.at(-1)];
  for (const text of [chapterEn, chapterJa])
    expect(text).toMatch(new RegExp(`^\\| \x60pgfault\x60[^|]*\\| ${usual} \\| ${most} \\|$`, 'm'));
});
