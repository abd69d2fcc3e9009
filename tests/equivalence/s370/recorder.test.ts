// The recorder writes down all that a guest can see of its machine; bare, under CP and under CP under CP it must write
// the same log.
import { expect, test } from 'vitest';
import { findSymbol } from '../../../src/assembler/core/assembly.ts';
import { assembleS370 } from '../../../src/assembler/s370/assemble.ts';
import source from './recorder.s?raw';
import type { AssistLevel } from '../../../src/machines/s370/assist/vm-assist.ts';
import { differences, Run } from './stack.ts';

const LOG = 0x10000;
const ENTRY = 64;
const STORAGE = 0x20000;

const assembly = assembleS370(source, { file: 'recorder.s' });

/**
 * Where a guest may tell CP from a machine, and why that is right. The recorder and the random programs leave these
 * out; everything else must agree.
 */
const LEGITIMATE: readonly (readonly [what: string, why: string])[] = [
  ['STIDP', "version X'FF': GC20-1807 tells a program so that it runs under VM/370"],
  ['DIAGNOSE', 'the interface to CP; on the bare machine an operation exception'],
  [
    'STCK, SCK, STPT, location 80',
    'time passes also while CP works; SCK of a guest has no effect on the real clock',
  ],
  ['SPX, STPX', 'virtual machines are uniprocessors without prefixing: operation exception'],
  ['TCH, STIDC of a channel without devices', 'a virtual machine has the channels of its directory entry'],
  [
    'CSW of a spooled printer or punch',
    'channel end and device end come together: the spool file has no mechanism',
  ],
  ['where MVCL and CLCL are interrupted', 'page faults of CP end a unit of operation; seen by PER only'],
  ['a program-interruption loop', 'CP stops the machine after 16 rounds: GC20-1807, DMKDSP453W'],
];

const symbol = (name: string): number => findSymbol(assembly, name)!.value;

const word = (bytes: Uint8Array, at: number): string =>
  Buffer.from(bytes.subarray(at, at + 4))
    .toString('hex')
    .toUpperCase();

/** The log as lines of words: old PSW, codes at X'88' to X'9C', registers 0 to 7. */
function recorded(level: number, assist: AssistLevel = 'none') {
  const run = new Run(
    {
      segments: assembly.segments,
      storage: STORAGE,
      devices: [
        { address: 0x009, type: '3215' },
        { address: 0x00e, type: '1403' },
        { address: 0x191, type: '3330' },
      ],
    },
    level,
    assist,
  );
  const end = run.toEnd(60);
  // Cells that tell the time: location 80, and where STCK stored.
  const storage = run.storage([
    { at: 0x50, length: 4 },
    { at: symbol('NOW'), length: 8 },
  ]);
  const lines: string[] = [];
  for (
    let at = LOG;
    at < STORAGE && word(storage, at + 4) + word(storage, at) !== '0'.repeat(16);
    at += ENTRY
  )
    lines.push(
      `${(at - LOG) / ENTRY}: ${Array.from({ length: ENTRY / 4 }, (_, i) => word(storage, at + 4 * i)).join(' ')}`,
    );
  return { end, run, storage, lines };
}

test('the recorder has no mistakes', () => {
  expect(assembly.diagnostics).toEqual([]);
  expect(LEGITIMATE.every(([, why]) => why.length > 0)).toBe(true);
});

const bare = recorded(0);

test('the recorder sees hundreds of things and comes to its end', () => {
  expect(bare.end).toBe('wait');
  expect(bare.run.psw.instructionAddress).toBe(0);
  expect(bare.lines.length).toBeGreaterThan(400);
});

const LEVELS = [
  { level: 1, assist: 'none' },
  { level: 1, assist: 'vma' },
  { level: 1, assist: 'ecps' },
  { level: 2, assist: 'none' },
  { level: 2, assist: 'ecps' },
] as const;
test.each(LEVELS)('it sees the same at level $level, assist $assist', { timeout: 30_000 }, (at) => {
  const virtual = recorded(at.level, at.assist);
  expect(unlike(virtual.lines, bare.lines)).toEqual([]);
  expect(virtual.run.outcome).toEqual(bare.run.outcome);
  expect(differences(virtual.storage, bare.storage)).toEqual([]);
  expect(virtual.run.keys()).toEqual(bare.run.keys());
  expect(virtual.run.books.ledger).toBe(virtual.run.books.clock);
});

/** Entries of the log that differ, those of the bare machine second. */
function unlike(lines: readonly string[], reference: readonly string[]): string[] {
  return Array.from({ length: Math.max(lines.length, reference.length) }, (_, i) => i)
    .filter((i) => lines[i] !== reference[i])
    .slice(0, 8)
    .flatMap((i) => [`here ${lines[i] ?? 'nothing'}`, `bare ${reference[i] ?? 'nothing'}`]);
}
