// The six modes of the timer, by the counts and the output that a program sees, tick by tick.
import { expect, test } from 'vitest';
import { IntervalTimer, PIT_FREQUENCY } from './pit-8254.ts';

/** A timer whose clock counts its own ticks; counter 2 has a gate at port 61. */
function setUp() {
  const now = { clock: 0 };
  let edges = 0;
  const pit = new IntervalTimer(
    {
      frequency: PIT_FREQUENCY,
      changed: () => undefined,
      get clock() {
        return now.clock;
      },
    },
    () => edges++,
  );
  const program = (n: number, mode: number, count: number): void => {
    pit.write(0x43, (n << 6) | 0x30 | (mode << 1));
    pit.write(0x40 + n, count & 0xff);
    pit.write(0x40 + n, count >> 8);
  };
  const count = (n: number): number => {
    pit.write(0x43, n << 6);
    return pit.read(0x40 + n) | (pit.read(0x40 + n) << 8);
  };
  const pass = (ticks: number): void => {
    for (let k = 0; k < ticks; k++) {
      now.clock++;
      pit.advance();
    }
  };
  const output = (): number => (pit.read(0x61) >> 5) & 1;
  /** Output of counter 2 in each of the next ticks. */
  const wave = (ticks: number): string => {
    let text = '';
    for (let k = 0; k < ticks; k++) {
      pass(1);
      text += String(output());
    }
    return text;
  };
  return { pit, program, count, pass, wave, output, edges: () => edges };
}

const GATE = 1;

test('mode 0: the output rises a tick after the count has run out, and the count goes on', () => {
  const { pit, program, count, pass, wave } = setUp();
  pit.write(0x61, GATE);
  program(2, 0, 4);
  expect(wave(7)).toBe('0000111');
  expect(count(2)).toBe(0x10000 - 2);
  program(2, 0, 100);
  pass(11);
  pit.write(0x61, 0);
  pass(50);
  expect(count(2)).toBe(90);
  pit.write(0x61, GATE);
  pass(10);
  expect(count(2)).toBe(80);
});

test('mode 1: a rising gate starts a pulse, and starts it again', () => {
  const { pit, program, wave } = setUp();
  program(2, 1, 3);
  expect(wave(3)).toBe('111');
  pit.write(0x61, GATE);
  expect(wave(5)).toBe('00011');
  pit.write(0x61, 0);
  pit.write(0x61, GATE);
  expect(wave(2)).toBe('00');
  pit.write(0x61, 0);
  pit.write(0x61, GATE);
  expect(wave(5)).toBe('00011');
});

test('mode 2: low for one tick in each period; a new count waits for the end of the period', () => {
  const { pit, program, wave } = setUp();
  pit.write(0x61, GATE);
  program(2, 2, 4);
  expect(wave(9)).toBe('111011101');
  pit.write(0x42, 3);
  pit.write(0x42, 0);
  expect(wave(8)).toBe('11011011');
});

test('mode 3: half a period high, half low, an odd tick to the high half', () => {
  const { pit, program, wave } = setUp();
  pit.write(0x61, GATE);
  program(2, 3, 4);
  expect(wave(8)).toBe('11001100');
  program(2, 3, 5);
  expect(wave(10)).toBe('1110011100');
});

test('mode 4: a strobe of one tick when the count has run out', () => {
  const { pit, program, wave } = setUp();
  pit.write(0x61, GATE);
  program(2, 4, 3);
  expect(wave(7)).toBe('1110111');
});

test('mode 5: the same from each rising gate on', () => {
  const { pit, program, wave } = setUp();
  program(2, 5, 2);
  expect(wave(4)).toBe('1111');
  pit.write(0x61, GATE);
  expect(wave(5)).toBe('11011');
});

test('counter 0 interrupts once in each period, or once', () => {
  const { program, pass, edges } = setUp();
  program(0, 2, 10);
  pass(101);
  expect(edges()).toBe(10);
  program(0, 0, 10);
  pass(100);
  expect(edges()).toBe(11);
});

test('a read-back latches status and count, decimal counts count in decimal', () => {
  const { pit, pass } = setUp();
  pit.write(0x43, 0x35); // counter 0, both bytes, mode 2, decimal
  pit.write(0x40, 0x00);
  pit.write(0x40, 0x10);
  pit.write(0x43, 0xc2);
  expect(pit.read(0x40)).toBe(0xf5);
  pit.read(0x40);
  pit.read(0x40);
  pass(2);
  pit.write(0x43, 0xc2);
  expect([pit.read(0x40), pit.read(0x40), pit.read(0x40)]).toEqual([0xb5, 0x99, 0x09]);
});
