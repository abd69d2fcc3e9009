// The headless command from its arguments to its exit status: results, mistakes, and programs that behave badly.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { main } from './main.ts';
import type { Report } from './report.ts';

const folder = mkdtempSync(join(tmpdir(), 'strata-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let files = 0;
function file(content: string | Uint8Array): string {
  const path = join(folder, `file${files++}`);
  writeFileSync(path, content);
  return path;
}

async function strata(...argv: string[]): Promise<{ status: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const status = await main(argv, {
    print: (text) => (out += text),
    warn: (line) => (err += `${line}\n`),
    progress: () => undefined,
  });
  return { status, out, err };
}

async function run(source: string, ...more: string[]): Promise<Report & { status: number }> {
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
const program = (body: string, newPsws = ''): string => `T        START 0
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

describe('run', () => {
  test('gives registers, cycles, ledger and traps as JSON', async () => {
    const result = await run(
      program(
        `         LA    3,5\n         SVC   7\nHERE     DS    0H`,
        `         ORG   T+X'60'\n         DC    A(0),A(HERE)`,
      ),
    );
    expect(result).toMatchObject({ status: 0, stopped: 'wait', psw: '0002000000000000', traps: { svc: 1 } });
    expect(result.gpr[3]).toBe('00000005');
  });

  test('dumps the storage asked for', async () => {
    const result = await run(program(`         MVC   X'400'(4,0),DONE`), '--dump', '400:4', '--dump', '58:2');
    expect(result.dump).toBe('000200000000');
  });

  test('loads core images with a PSW', async () => {
    // LA 5,9 · LPSW 0(0)
    const code = file(Uint8Array.of(0x41, 0x50, 0x00, 0x09, 0x82, 0x00, 0x03, 0x00));
    const psw = file(Uint8Array.of(0, 2, 0, 0, 0, 0, 0, 0));
    const argv = ['--load', `${code}@1000`, '--load', `${psw}@300`, '--psw', '0000000000001000', '--json'];
    const { status, out } = await strata('run', ...argv);
    const result = JSON.parse(out) as Report;
    expect(status).toBe(0);
    expect(result.stopped).toBe('wait');
    expect(result.gpr[5]).toBe('00000009');
  });

  test('prints a report for people', async () => {
    const { status, out } = await strata('run', '--source', file(program('')));
    expect(status).toBe(0);
    expect(out).toContain('stopped  wait');
  });

  test('the same run takes the same cycles', async () => {
    const one = await run(program(`         LA    2,999\nLOOP     BCT   2,LOOP`));
    const two = await run(program(`         LA    2,999\nLOOP     BCT   2,LOOP`));
    expect(two).toEqual(one);
  });
});

describe('a bad program ends in a designed state:', () => {
  const limit = ['--limit', '3000000'];

  test('an endless loop at the limit', async () => {
    expect(await run(program(`LOOP     B     LOOP`), ...limit)).toMatchObject({
      status: 0,
      stopped: 'limit',
    });
  });

  test('a loop of privileged operations in the problem state at the limit', async () => {
    const source = program(
      `         LPSW  USER
         DS    0D
USER     DC    X'00010000',A(LOOP)
LOOP     SSM   0
         B     LOOP
BACK     LPSW  X'28'`,
      `         ORG   T+X'68'
         DC    A(0),A(BACK)`,
    );
    const result = await run(source, ...limit);
    expect(result.stopped).toBe('limit');
    expect(result.traps['privileged operation']).toBeGreaterThan(1000);
  });

  test('a wild branch with no handler as a check that names the loop', async () => {
    const result = await run(
      `T        START X'200'\n         BALR  12,0\n         USING *,12\n         L     15,=X'00FEDCBA'\n         BR    15\n         END\n`,
    );
    expect(result).toMatchObject({ status: 1, stopped: 'check' });
    expect(result.reason).toContain('program-interruption loop');
  });

  test('self-modifying code sees its own stores', async () => {
    const result = await run(
      program(`         LA    2,50
LOOP     MVI   PATCH+3,X'01'
PATCH    LA    3,0(3)
         MVI   PATCH+1,X'33'
         BCT   2,LOOP`),
    );
    expect(result).toMatchObject({ status: 0, stopped: 'wait' });
    expect(parseInt(result.gpr[3]!, 16)).toBe(50);
  });

  test('an invalid new PSW as a check', async () => {
    const source = program(
      `         SVC   0`,
      `         ORG   T+X'60'
         DC    X'FF08FFFFFFFFFFFF'
         ORG   T+X'68'
         DC    X'FF08FFFFFFFFFFFF'`,
    );
    expect(await run(source)).toMatchObject({ status: 1, stopped: 'check' });
  });

  test('an endless channel program at the limit', async () => {
    const source = program(
      `         LA    1,CCW
         ST    1,X'48'
         SIO   X'00E'
LOOP     B     LOOP
         DS    0D
CCW      CCW   3,0,X'60',1
         CCW   8,CCW,0,1`,
    );
    expect(await run(source, ...limit)).toMatchObject({ stopped: 'limit' });
  });

  test.each(['\u0000\u0001\u0002', ' FROB 1,2', ')(*&^%$#@!', 'A'.repeat(5000), ' DC 4000000F'])(
    'garbage assembly %# as diagnostics in lines',
    async (source) => {
      const { status, out, err } = await strata('run', '--source', file(source), '--json');
      if (status === 0 || out !== '') return; // an empty program is a program
      expect(status).toBe(1);
      expect(err).toMatch(/^.+:\d+:\d+: (error|warning): .+\n/);
    },
  );
});

describe('bad arguments exit with status 2 and one line:', () => {
  test.each([
    [[]],
    [['frob']],
    [['run']],
    [['run', '--machine', 'pc', '--source', 'x']],
    [['run', '--source', '/no/such/file']],
    [['run', '--source', 'a', '--load', 'b@0']],
    [['run', '--load', 'x@0', '--psw', '12']],
    [['run', '--load', 'x', '--psw', '0000000000000000']],
    [['run', '--frob']],
    [['run', '--ipl', 'x']],
    [['run', '--source', 'x', '--storage', '17M']],
    [['run', '--source', 'x', '--limit', '-1']],
    [['run', '--source', 'x', '--dump', 'zz:1']],
    [['asm']],
    [['disasm', 'x', '--at', 'xyz']],
    [['lab']],
    [['lab', 'no-such-lab']],
  ])('%j', async (argv) => {
    const { status, out, err } = await strata(...argv);
    expect(status).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(/^strata: [^\n]+\n$/);
  });
});

test('asm writes the bytes and the listing, disasm reads them back', async () => {
  const image = join(folder, 'image');
  const source = file(` BALR 12,0\n USING *,12\n LA 2,10\n END\n`);
  const listed = await strata('asm', '--isa', 's370', source, '-o', image, '--listing');
  expect(listed.status).toBe(0);
  expect(listed.out).toContain('OBJECT CODE');
  expect([...readFileSync(image)]).toEqual([0x05, 0xc0, 0x41, 0x20, 0x00, 0x0a]);
  const { out } = await strata('disasm', '--isa', 's370', image, '--at', '200');
  expect(out).toBe('000200  05C0            BALR  12,0\n000202  4120 000A       LA    2,10\n');
});

test('labs lists what there is, and help tells how to ask', async () => {
  expect((await strata('labs')).status).toBe(0);
  expect((await strata('help')).out).toContain('strata run');
});
