// Random programs, seeded: under CP and under CP under CP they take the interruptions and leave the state that they
// take and leave on the bare machine.
import { expect, test } from 'vitest';
import { ASSIST_LEVELS, type AssistLevel } from '../../../src/machines/s370/assist/vm-assist.ts';
import { programOf, randomUnits, STORAGE, type Unit } from './random-program.ts';
import { differences, Run } from './stack.ts';

const PROGRAMS = Number(process.env['STRATA_PROGRAMS'] ?? 300);
const UNITS = 160;
const SECONDS = 20;
/** The interval timer; and the handler's copies of nothing that tells the time. */
const MASKED = [{ at: 0x50, length: 4 }];

interface Ended {
  readonly end: string;
  readonly outcome: Run['outcome'];
  readonly storage: Uint8Array;
  readonly keys: readonly number[];
  readonly balance: number;
}

function ran(units: readonly Unit[], seed: number, level: number, assist: AssistLevel = 'none'): Ended {
  const run = new Run({ segments: programOf(units, seed), storage: STORAGE, devices: [] }, level, assist);
  // A program that destroys its own handler ends in a loop of interruptions: the machine checks, CP says so.
  const looped = /INTERRUPT LOOP/;
  const ended = run.toEnd(SECONDS, 10_000_000);
  const end = looped.test(run.lastWords) ? 'check' : ended;
  const { ledger, clock } = run.books;
  return {
    end,
    outcome: run.outcome,
    storage: run.storage(MASKED),
    keys: run.keys(),
    balance: ledger - clock,
  };
}

/** What differs between the bare machine and `level`, in words; nothing when they agree. */
function disagreement(units: readonly Unit[], seed: number, level: number): string[] {
  // Two programs of three have VM assist in their way, one of them as ECPS:VM expands it.
  const bare = ran(units, seed, 0);
  const other = ran(units, seed, level, ASSIST_LEVELS[seed % 3]);
  const found: string[] = [];
  if (other.balance !== 0) found.push(`ledger and clock differ by ${other.balance}`);
  if (bare.end !== other.end) found.push(`ends: ${bare.end}, ${other.end}`);
  // How often round the loop is a matter of who counts.
  if (bare.end === 'check') return found;
  for (const [name, value] of Object.entries(bare.outcome)) {
    const here = other.outcome[name as keyof Ended['outcome']];
    if (String(here) !== String(value)) found.push(`${name}: ${String(here)} is ${String(value)}`);
  }
  if (String(bare.keys) !== String(other.keys)) found.push('storage keys differ');
  return [...found, ...differences(other.storage, bare.storage)];
}

/** Takes out as many units as leave the disagreement. */
function shrink(units: readonly Unit[], seed: number, level: number): readonly Unit[] {
  let left = units;
  for (let size = Math.ceil(units.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let at = 0; at < left.length;) {
      const fewer = [...left.slice(0, at), ...left.slice(at + size)];
      if (disagreement(fewer, seed, level).length > 0) left = fewer;
      else at += size;
    }
  return left;
}

function failures(programs: number, level: number, first: number): string[] {
  for (let seed = first; seed < first + programs; seed++) {
    const units = randomUnits(seed, UNITS);
    if (disagreement(units, seed, level).length === 0) continue;
    const least = shrink(units, seed, level);
    const bytes = programOf(least, seed).find(({ address }) => address === 0x2000)!.bytes;
    const code = Array.from(bytes, (b) => b.toString(16).toUpperCase().padStart(2, '0')).join('');
    return [
      `program ${seed} at level ${level}: ${least.map(({ text }) => text).join('; ')}`,
      code,
      ...disagreement(least, seed, level),
    ];
  }
  return [];
}

test(`${PROGRAMS} random programs end under CP as on the bare machine`, { timeout: 60_000 }, () => {
  expect(failures(PROGRAMS, 1, 1)).toEqual([]);
});

test('random programs end under CP under CP as on the bare machine', { timeout: 60_000 }, () => {
  expect(failures(Math.ceil(PROGRAMS / 10), 2, 10_001)).toEqual([]);
});
