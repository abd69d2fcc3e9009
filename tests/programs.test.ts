/**
 * Whole programs of several styles end as their comments say, on the bare machine, under CP and under CP under CP.
 * `*< TEXT` is a card in the reader; `*> ` expects `psw`, `rN`, `dump HEXADDR BYTES`, or a line of `console`, `printer`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hex, hexBytes } from '../src/base/bits.ts';
import { packPsw } from '../src/machines/s370/psw.ts';
import { cardsFromText } from '../src/worlds/s370/peripherals.ts';
import { S370World } from '../src/worlds/s370/world.ts';

const FOLDER = join(import.meta.dirname, 'programs');
const LIMIT = 100_000_000;

const after = (text: string, mark: string): string[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith(mark))
    .map((line) => line.slice(mark.length));

/** What became of `expected`, in its own words. */
function found(world: S370World, expected: string): string {
  const [what = '', at = '', bytes = ''] = expected.split(' ');
  const { psw, gr } = world.system.subjects[0]!;
  if (what === 'psw')
    return `psw ${packPsw(psw)
      .map((word) => hex(word))
      .join('')}`;
  if (what === 'dump') return `dump ${at} ${hexBytes(world.peek('', parseInt(at, 16), bytes.length / 2))}`;
  if (what === 'console' || what === 'printer') {
    const text = what === 'printer' ? world.system.printer() : world.system.terminals()[0]!.text;
    const lines = text.split('\n').map((line) => `${what} ${line}`.trimEnd());
    return lines.find((line) => line === expected) ?? lines.join('\n');
  }
  return `${what} ${hex(gr[Number(what.slice(1))] ?? 0)}`;
}

describe.each(readdirSync(FOLDER))('%s', (file) => {
  const text = readFileSync(join(FOLDER, file), 'latin1');
  const cards = after(text, '*< ');
  const expected = after(text, '*> ');

  test.each([[[]], [['cp']], [['cp', 'cp']]] as const)('under %j', (under) => {
    const { world, diagnostics } = S370World.create({
      program: { kind: 'source', text, file },
      under: under.map((name) => ({ name })),
      ...(cards.length > 0 ? { cards: cardsFromText(cards.join('\n')) } : {}),
    });
    if (!world) throw new Error(JSON.stringify(diagnostics));
    expect(world.run(LIMIT)).toEqual({ kind: 'wait' });
    expect(expected.map((each) => found(world, each))).toEqual(expected);
  });
});
