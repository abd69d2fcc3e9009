/** The naive monitor as a lab drives it: what it misses is told at the instruction, and the run can be walked. */
import { expect, test } from 'vitest';
import { commandLine } from '../labs/+shared/pc/workloads.ts';
import { varveDisk, varveKernel } from '../labs/+shared/pc/varve.ts';
import type { EventView } from '../src/protocol/frame.ts';
import { Timeline } from '../src/timeline/timeline.ts';
import { PcWorld } from '../src/worlds/pc/world.ts';

function world(): PcWorld {
  const made = PcWorld.create({
    memory: 16 << 20,
    disks: [varveDisk()],
    under: 'naive',
    program: {
      kind: 'kernel',
      file: varveKernel(),
      name: 'varve',
      append: commandLine('compute'),
      modules: [],
      ramdisk: null,
    },
  });
  if (typeof made === 'string') throw new Error(made);
  return made;
}

/** Runs to its end, `events` collecting what is told. */
function watch(subject: PcWorld): EventView[] {
  const events: EventView[] = [];
  subject.observe({ segment: () => undefined, event: (event) => events.push(event) });
  for (let k = 0; k < 200 && subject.run(1e6).kind === 'budget'; k++);
  return events;
}

test('each mistake that does not trap is told where it happens', () => {
  const silent = watch(world()).filter(({ kind }) => kind === 'silent');
  const mnemonics = silent.map(({ detail }) => detail['mnemonic']);
  expect(mnemonics[0]).toBe('PUSHF');
  expect(mnemonics).toEqual(expect.arrayContaining(['SGDT', 'SIDT', 'STR', 'PUSHF', 'POPF']));
  for (const { level, layer } of silent) expect([layer, level]).toEqual(['guest-kernel', 1]);
});

test('looking on changes nothing', () => {
  const [seen, unseen] = [world(), world()];
  watch(seen);
  for (let k = 0; k < 200 && unseen.run(1e6).kind === 'budget'; k++);
  expect([seen.clock, seen.machine.ledger.rows()]).toEqual([unseen.clock, unseen.machine.ledger.rows()]);
});

test('a guest that halts with interrupts off has ended', () => {
  const subject = world();
  watch(subject);
  expect([subject.run(1e6).kind, subject.waitsDisabled]).toEqual(['wait', true]);
});

test('stepping back and forward again leads to the same state', () => {
  const subject = world();
  const timeline = new Timeline(subject);
  timeline.run(400_000);
  for (let k = 0; k < 40; k++) timeline.step();
  const { clock } = timeline;
  const [registers, guest] = [
    [...subject.machine.cpu.words.slice(0, 10)],
    JSON.stringify(subject.save().monitor),
  ];
  for (let k = 0; k < 20; k++) timeline.stepBack();
  expect(timeline.clock).toBeLessThan(clock);
  timeline.seek(clock);
  expect([[...subject.machine.cpu.words.slice(0, 10)], JSON.stringify(subject.save().monitor)]).toEqual([
    registers,
    guest,
  ]);
});
