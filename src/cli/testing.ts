/** For tests of the command: runs it in this process, with files in a folder of its own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { main } from './main.ts';
import type { Report } from './report.ts';

export const folder = mkdtempSync(join(tmpdir(), 'strata-'));
// Not after the tests of a file: several files share this module, and what it has made.
process.on('exit', () => {
  rmSync(folder, { recursive: true });
});

let files = 0;
export function file(content: string | Uint8Array): string {
  const path = join(folder, `file${files++}`);
  writeFileSync(path, content);
  return path;
}

export async function strata(...argv: string[]): Promise<{ status: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const status = await main(argv, {
    print: (text) => (out += text),
    bytes: (bytes) => (out += String.fromCharCode(...bytes)),
    warn: (line) => (err += `${line}\n`),
    progress: () => undefined,
  });
  return { status, out, err };
}

export async function run(source: string, ...more: string[]): Promise<Report & { status: number }> {
  const { status, out, err } = await strata(
    'run',
    '--machine',
    's370',
    '--source',
    file(source),
    '--json',
    ...more,
  );
  expect(out, err).not.toBe('');
  const report = JSON.parse(out) as Report;
  expect(report.ledger.reduce((sum, row) => sum + row.cycles, 0)).toBe(report.cycles);
  return { ...report, status };
}

/** A program at X'200' with base 12, new PSWs at their places, and a disabled wait. */
export const program = (body: string, newPsws = ''): string => `T        START 0
         DC    X'00000000',A(GO)
         ORG   T+X'58'
${newPsws}
         ORG   T+X'200'
GO       BALR  12,0
         USING *,12
${body}
         LPSW  DONE
         DS    0D
DONE     DC    X'0002000000000000'
         END
`;
