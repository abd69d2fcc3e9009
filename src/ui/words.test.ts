import { describe, expect, test } from 'vitest';
import type { EventView } from '../protocol/frame.ts';
import { toCsv } from '../base/csv.ts';
import { eventSentence, eventsNear } from './events.ts';
import { formatRatio, formatTime, hexAddress, parseAddress } from './format.ts';
import { wordsIn } from './i18n/index.ts';
import { hueOf, rowName, rowsOf, withRows } from './layers.ts';

const event = (more: Partial<EventView>): EventView => ({
  ...{ clock: 0, kind: 'simulate', layer: 'monitor', level: 0, subject: 'ALICE', address: null, line: null },
  detail: {},
  ...more,
});
const names = { 'monitor:0': 'CP' };
const rows = rowsOf([
  { layer: 'guest-kernel', level: 1 },
  { layer: 'monitor', level: 0 },
]);

describe('events in words', () => {
  const trap = event({
    kind: 'program-interruption',
    layer: 'guest-kernel',
    level: 1,
    address: 0x1f40,
    detail: { mnemonic: 'LPSW', code: 2, name: 'privileged operation' },
  });

  test('a trap names the instruction, the reason and who takes over', () => {
    expect(eventSentence(trap, 'en', names, rows)).toBe(
      'trap: LPSW at 001F40 (privileged-operation exception), CP takes over',
    );
    expect(eventSentence(trap, 'ja', names, rows)).toBe(
      'トラップ: 001F40番地のLPSW(特権命令例外)。CPに制御が移る',
    );
  });

  test('without a monitor the guest’s own kernel takes over', () => {
    const bare = rowsOf([
      { layer: 'guest-user', level: 0 },
      { layer: 'guest-kernel', level: 0 },
    ]);
    expect(eventSentence(trap, 'en', {}, bare)).toContain('Guest kernel takes over');
  });

  test('a device that comes as a number is printed with three digits', () => {
    const start = event({ kind: 'io-start', detail: { device: 0x9, ccws: 2 } });
    expect(eventSentence(start, 'en', names, rows)).toBe('CP starts device 009 for ALICE');
  });

  test('a reflected interruption is named', () => {
    const reflect = event({ kind: 'reflect', detail: { class: 'program', code: 17 } });
    expect(eventSentence(reflect, 'en', names, rows)).toBe('CP reflects page-translation exception to ALICE');
  });

  test('a kind that nobody knows is still told', () => {
    expect(eventSentence(event({ kind: 'eclipse', address: 16 }), 'en')).toBe('eclipse at 000010');
  });

  test('both languages know the same kinds, reasons and registers', () => {
    const { en, ja } = wordsIn;
    for (const part of [
      'sentences',
      'kinds',
      'explain',
      'reasons',
      'layers',
      'terms',
      'programInterruptions',
    ] as const)
      expect(Object.keys(ja[part])).toEqual(Object.keys(en[part]));
  });

  test('the nearest event comes first', () => {
    const found = eventsNear([event({ clock: 1 }), event({ clock: 9 }), event({ clock: 12 })], 10, 5);
    expect(found.map(({ clock }) => clock)).toEqual([9, 12]);
  });
});

describe('layers', () => {
  test('rows lie from the hardware up, monitors by level', () => {
    const found = rowsOf(
      [
        ['guest-user', 2],
        ['monitor', 1],
        ['hardware', 0],
        ['monitor', 0],
        ['monitor', 1],
      ].map(([layer, level]) => ({ layer: String(layer), level: Number(level) })),
    );
    expect(found.map(({ layer, level }) => `${layer} ${level}`)).toEqual([
      ...['hardware 0', 'monitor 0', 'monitor 1', 'guest-user 2'],
    ]);
  });

  test('known rows stay the same object while nothing is new', () => {
    expect(withRows(rows, [{ layer: 'monitor', level: 0 }])).toBe(rows);
  });

  test('the level is told where a layer stands on several', () => {
    const two = rowsOf([
      { layer: 'monitor', level: 0 },
      { layer: 'monitor', level: 1 },
    ]);
    expect(rowName(two[1]!, {}, wordsIn.en, two)).toBe('Monitor, level 1');
    expect(rowName(two[0]!, names, wordsIn.en, two)).toBe('CP');
  });

  test('the operating system has the hue of the token', () => {
    expect(hueOf('host')).toBe('--layer-hostos');
  });
});

test('addresses are read in the ways people write them', () => {
  expect(['1F40', '0x1f40', "X'1F40'", ' 10 ', 'hello', ''].map(parseAddress)).toEqual([
    ...[0x1f40, 0x1f40, 0x1f40, 0x10, null, null],
  ]);
});

test('addresses, ratios and times are printed as one reads them', () => {
  expect([hexAddress(0x1f40), hexAddress(0x8000_0000)]).toEqual(['001F40', '80000000']);
  expect([formatRatio(1, 'en'), formatRatio(12.34, 'en'), formatRatio(1234.5, 'ja')]).toEqual([
    ...['1.00×', '12.3×', '1,235×'],
  ]);
  expect([50, 1500, 2_500_000, 3e9].map((time) => formatTime(time, 'en'))).toEqual([
    ...['50 ns', '1.50 µs', '2.50 ms', '3.00 s'],
  ]);
});

test('CSV quotes what needs it, and gives spreadsheets no formula from outside', () => {
  expect(
    toCsv([
      ['a', 1],
      ['say "hi", twice', -2],
      ['=HYPERLINK("x")', '+1'],
    ]),
  ).toBe(`a,1\r\n"say ""hi"", twice",-2\r\n"'=HYPERLINK(""x"")",'+1\r\n`);
});
