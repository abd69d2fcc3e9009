import { expect, test } from 'vitest';
import type { Frame } from '../../protocol/frame.ts';
import { FRAME } from '../fixtures/frames.ts';
import { FrameGate, type Part } from './frame-gate.ts';

const running = (clock: number): Frame => ({ ...FRAME, clock, stop: { kind: 'running' } });

/** A page that draws every 16 milliseconds, of which `busy` go by in drawing. */
function page(busy = 0) {
  let time = 0;
  let callbacks: (() => void)[] = [];
  const shown: [number, number, Part][] = [];
  const gate = new FrameGate(
    (frame, part) => {
      shown.push([frame.clock, time, part]);
      time += busy;
    },
    { now: () => time, nextDrawing: (callback) => callbacks.push(callback) },
  );
  const draw = () => {
    time += 16;
    const due = callbacks;
    callbacks = [];
    for (const callback of due) callback();
  };
  return { gate, draw, shown };
}

test('of the frames between two drawings the latest is shown', () => {
  const { gate, draw, shown } = page();
  for (const clock of [1, 2, 3]) gate.give(running(clock));
  draw();
  expect(shown.map(([clock]) => clock)).toEqual([3]);
});

test('no drawing is for the panels and the diagram at once', () => {
  const { gate, draw, shown } = page();
  gate.give(running(1));
  for (let drawings = 0; drawings < 4; drawings++) draw();
  expect(shown).toEqual([
    [1, 16, 'panels'],
    [1, 32, 'diagram'],
  ]);
});

test('the frame at which a run stops is shown at once, and none after it', () => {
  const { gate, draw, shown } = page();
  gate.give(running(1));
  gate.give({ ...FRAME, clock: 2 });
  draw();
  expect(shown.map(([clock]) => clock)).toEqual([2]);
});

test('a page that takes long to draw is given time to rest', () => {
  const { gate, draw, shown } = page(100);
  for (let clock = 1; clock <= 40; clock++) {
    gate.give(running(clock));
    draw();
  }
  const gaps = shown.slice(1).map(([, at], n) => at - shown[n]![1]);
  for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(200);
});

test('the panels skip frames of a run at full speed, and get the one at which it stops', () => {
  const { gate, draw, shown } = page();
  for (let clock = 0; clock < 62; clock++) {
    gate.give(running(clock));
    draw();
  }
  const times = (part: Part) => shown.filter((frame) => frame[2] === part).length;
  expect(times('diagram')).toBeGreaterThanOrEqual(16);
  expect(times('panels')).toBeGreaterThanOrEqual(6);
  expect(times('panels')).toBeLessThanOrEqual(8);
  gate.give({ ...running(1), stop: { kind: 'paused' } });
  expect(shown.at(-1)?.[2]).toBe('everywhere');
});
