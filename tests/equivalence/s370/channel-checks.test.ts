// Protection and PCI in channel programs: translated and simulated ones end as they do at the real channel.
import { expect, test } from 'vitest';
import { ebcdicBytes } from '../../../src/base/ebcdic.ts';
import type { MonitorChoice } from '../../../src/worlds/s370/configuration.ts';
import { S370World } from '../../../src/worlds/s370/world.ts';
import source from './channel-checks.s?raw';

const ENTRIES = 10 * 7 + 2 * 4;

function log(under: readonly MonitorChoice[]): readonly string[] {
  const { world, diagnostics } = S370World.create({
    storage: 0x10000,
    program: { kind: 'source', text: source, file: 'source' },
    cards: ['ONE', 'TWO', 'THREE'].map((text) => ebcdicBytes(text, 80)),
    under,
  });
  if (!world) throw new Error(JSON.stringify(diagnostics));
  world.run(4e8);
  expect(world.system.subjects[0]!.psw.instructionAddress).toBe(0);
  const bytes = world.peek('', 0x9000, 4 * ENTRIES);
  const view = new DataView(bytes.buffer);
  return Array.from({ length: ENTRIES }, (_, i) =>
    view
      .getUint32(4 * i)
      .toString(16)
      .padStart(8, '0'),
  );
}

/** Spooled devices end channel and device together: their spool file has no mechanism. */
const withDeviceEnd = (words: readonly string[]): readonly string[] =>
  words.map((word) => word.replace(/^08([01]0)/, '0c$1'));

test('a guest sees the same checks at every level', { timeout: 30_000 }, () => {
  const bare = log([]);
  // Protection of data, of a seek argument, and of CCWs; PCI before the end.
  expect(bare).toContain('08100040');
  expect(bare).toContain('0e100004');
  expect(bare[8 * 7 + 2]).toBe('00100000');
  expect(bare.slice(-6, -5)).toEqual(['00800005']);
  const cp: MonitorChoice = { name: 'cp' };
  expect(withDeviceEnd(log([cp]))).toEqual(withDeviceEnd(bare));
  expect(withDeviceEnd(log([cp, cp]))).toEqual(withDeviceEnd(bare));
});
