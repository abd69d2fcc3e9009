// The firmware of the PC that is committed is the one that its sources give; the assembler is not asked.
import { expect, test } from 'vitest';
import { fingerprint } from '../src/build/firmware.mjs';
import { FINGERPRINT } from '../src/machines/pc/firmware/rom.ts';

test('the image was built from the sources beside it (else: node src/build/firmware.mjs)', () => {
  expect(FINGERPRINT).toBe(fingerprint());
});
