// Popek and Goldberg's equivalence and efficiency, with the guests of the labs: whatever a guest leaves behind on the
// bare machine it leaves under CP and under CP under CP. Timing apart: MASKED says which cells tell the time.
import { afterAll, describe, expect, test } from 'vitest';
import { deckOf, guestNamed, GUESTS, type Guest } from '../../../labs/+shared/s370/guests.ts';
import { findSymbol } from '../../../src/assembler/core/assembly.ts';
import { assembleS370 } from '../../../src/assembler/s370/assemble.ts';
import type { AssistLevel } from '../../../src/machines/s370/assist/vm-assist.ts';
import { differences, Run } from './stack.ts';

/** Cells that may differ, by guest ('' = all) and place, and why. */
const MASKED = [
  ['', 0x50, 4, 'interval timer: counts real time, of which CP takes its part'],
  ['lpsw', 0x904, 4, 'the CPU timer, as STPT stored it'],
  ['parley', 0x458, 8, 'TODCLOCK, where STCK stored the time of day'],
  ['parley', 0x5c0, 1, 'a digit of that time of day, as printed'],
  ['paging', 0x904, 4, 'what it read of the interval timer at location 80'],
  ['payroll', 0x40, 8, 'CSW: a spooled printer ends channel and device together, the real one in two steps'],
  ['sio', 0x9d8, 8, 'copy of the CSW of the last printer operation: the same'],
] as const;

/**
 * Guests whose course is set by timer interruptions: where a task is cut off depends on the time that CP takes, and
 * with it what stands in save areas and registers. Of these the console and the promised results are compared.
 */
const TIMED = ['multi'];

const assemblies = new Map(GUESTS.map((guest) => [guest.name, assembleS370(guest.source)]));

function ran(guest: Guest, level: number, assist: AssistLevel = 'none') {
  const run = new Run(
    {
      segments: assemblies.get(guest.name)!.segments,
      storage: guest.storage,
      devices: guest.devices,
      cards: guest.cards ? deckOf(guest.cards) : [],
      typed: guest.typed,
    },
    level,
    assist,
  );
  const end = run.toEnd(guest.seconds * 20 ** level);
  const masked = MASKED.filter(([name]) => name === '' || name === guest.name);
  return { end, run, storage: run.storage(masked.map(([, at, length]) => ({ at, length }))) };
}

const runs = new Map<string, ReturnType<typeof ran>>();
/** The run of `guest` at `level`, the same for all tests. */
function runAt(guest: Guest, level: number, assist: AssistLevel = 'none'): ReturnType<typeof ran> {
  const name = `${guest.name} ${level} ${assist}`;
  const known = runs.get(name) ?? ran(guest, level, assist);
  runs.set(name, known);
  return known;
}

const shares = new Map<string, Record<string, string>>();
afterAll(() => {
  // Efficiency: part of the busy cycles that the processor spent executing the guest directly.
  console.table(Object.fromEntries(shares));
});

const DEEP = ['hello', 'compute', 'svc'];
const placesOf = (guest: Guest) => [
  { level: 1, assist: 'none' as const },
  { level: 1, assist: 'vma' as const },
  { level: 1, assist: 'ecps' as const },
  { level: 2, assist: 'none' as const },
  ...(DEEP.includes(guest.name) ? [{ level: 3, assist: 'none' as const }] : []),
];
const cases = GUESTS.flatMap((guest) =>
  placesOf(guest).map((place) => ({ name: guest.name, guest, ...place })),
);

describe('a guest leaves what it leaves on the bare machine', () => {
  test.each(cases)('$name at level $level, assist $assist', { timeout: 30_000 }, (at) => {
    const { guest, level, name, assist } = at;
    const bare = runAt(guest, 0);
    const { end, run, storage } = runAt(guest, level, assist);
    const row = shares.get(name) ?? { bare: percent(bare.run.directShare) };
    shares.set(name, { ...row, [`level ${level}, ${assist}`]: percent(run.directShare) });
    expect({ end, booked: run.books.ledger }).toEqual({ end: bare.end, booked: run.books.clock });
    if (TIMED.includes(name)) {
      expect(results(guest, runAt(guest, level, assist))).toEqual(results(guest, bare));
      return;
    }
    expect({
      outcome: run.outcome,
      storage: differences(storage, bare.storage),
      keys: run.keys(),
    }).toEqual({ outcome: bare.run.outcome, storage: [], keys: bare.run.keys() });
  });
});

/** Lines of the console, PSW and the words that the guest's header promises. */
function results(guest: Guest, { run, storage }: ReturnType<typeof ran>) {
  const words = guest.expectations.flatMap((e) => {
    if (e.kind !== 'storage') return [];
    const at = findSymbol(assemblies.get(guest.name)!, e.symbol)!.value;
    return [e.symbol, ...storage.subarray(at, at + 4 * e.words.length)];
  });
  // How many page faults it takes and which task ends first is a matter of time too.
  const lines = run.outcome.console
    .replace(/\s+\d+ PAGE/, ' PAGE')
    .split('\n')
    .sort();
  return { words, lines, psw: run.outcome.psw };
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

describe('the same run twice takes the same cycles', () => {
  test.each(['hello', 'payroll', 'sio', 'multi'])('%s at levels 0 to 2', { timeout: 30_000 }, (name) => {
    const guest = guestNamed(name);
    const clocks = [0, 1, 2].map((level) => runAt(guest, level).run.books);
    expect([0, 1, 2].map((level) => ran(guest, level).run.books)).toEqual(clocks);
  });
});

test('the overhead of a guest that lives on privileged operations multiplies from level to level', () => {
  const guest = guestNamed('svc');
  const cycles = [0, 1, 2].map((level) => runAt(guest, level).run.machine.clock);
  expect(cycles[1]! / cycles[0]!).toBeGreaterThan(5);
  expect(cycles[2]! / cycles[1]!).toBeGreaterThan(3);
});
