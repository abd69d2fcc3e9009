// The headless command from its arguments to its exit status: results, files, mistakes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHexBytes } from '../base/bits.ts';
import { describe, expect, test } from 'vitest';
import { formattedImage, packImage, setRecords } from '../machines/s370/devices/ckd-image.ts';
import { GEOMETRY_3330 } from '../machines/s370/devices/disk-3330.ts';
import type { Report } from './report.ts';
import { file, folder, program, run, strata } from './testing.ts';

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

  test('loads from cards by the load key', async () => {
    const card = (text: string): Uint8Array => {
      const bytes = new Uint8Array(80);
      bytes.set(parseHexBytes(text)!);
      return bytes;
    };
    // PSW, CCW: read 80 bytes to 200, no more · LA 5,9 · LPSW 208 · the wait
    const ipl = card('0000000000000200 0200020020000050');
    const code = card('41500009 82000208 0002000000000000');
    const deck = file(Uint8Array.from([...ipl, ...code]));
    const { status, out, err } = await strata('run', '--ipl', deck, '--device', 'reader', '--json');
    expect(err).toBe('');
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ stopped: 'wait', psw: '0002000000000000' });
    expect((JSON.parse(out) as Report).gpr[5]).toBe('00000009');
  });

  test('loads from a disk by the load key', async () => {
    const image = formattedImage(GEOMETRY_3330, 0);
    const record = new Uint8Array(24);
    // A PSW that waits · CCW: no operation, and no more
    record.set(parseHexBytes('0002000000000ABC 0300000020000001')!);
    setRecords(image, 0, 0, [record]);
    const { status, out } = await strata(
      'run',
      '--ipl',
      file(packImage(image)),
      '--device',
      'disk',
      '--json',
    );
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ stopped: 'wait', psw: '0002000000000ABC' });
  });

  test('says why the load key failed', async () => {
    const { status, err } = await strata('run', '--ipl', file(new Uint8Array(0)), '--device', 'reader');
    expect(status).toBe(1);
    expect(err).toMatch(/^strata: [^\n]+\n$/);
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
    [['run', '--source', 'x', '--storage', '64K', '--dump', 'FFFF:2']],
    [['run', '--ipl', 'package.json', '--device', 'disk']],
    [['run', '--source', 'package.json', '--under', 'xen']],
    [['run', '--source', 'package.json', '--under', 'cp:assist=much']],
    [['run', '--source', 'package.json', '--under', 'cp:speed=2']],
    [['run', '--source', 'package.json', '--under', 'cp:frames=0']],
    [['run', '--source', 'package.json', '--under', 'cp:frames=9,cp']],
    [['run', '--source', 'package.json', '--under', 'cp:notrans']],
    [['run', '--source', 'package.json', '--under', 'cp,cp:assist=vma']],
    [['run', '--source', 'package.json', '--under', 'cp', '--storage', '6K']],
    [['run', '--source', 'package.json', '--under', 'cp,cp,cp,cp,cp,cp']],
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

test('a lab has the name of its folder, or the one that its address has', async () => {
  for (const name of ['vm370', '10-vm370']) {
    const { status, out } = await strata('lab', name, '--workload', 'hello', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ workload: 'hello', ok: true });
  }
});

describe('exercise', () => {
  const NAME = '10-vm370/01-predict-traps';

  test('is listed, and shown with the numbers of its seed', async () => {
    expect((await strata('exercise', 'list')).out).toMatch(/10-vm370\/01-predict-traps +predict/);
    const { out } = await strata('exercise', 'show', NAME, '--course', 'OS 24', '--student', 'Ada');
    expect(out).toMatch(/The user runs \d rounds/);
    const again = await strata('exercise', 'show', NAME, '--course', ' os  24', '--student', 'ADA');
    expect(again.out).toBe(out);
  });

  test('is graded from answers, with an exit status', async () => {
    const shown = await strata('exercise', 'show', NAME, '--json');
    const { values } = JSON.parse(shown.out) as { values: { rounds: number; calls: number } };
    const calls = values.rounds * values.calls;
    const right = [
      `svc=${calls + 1}`,
      `privileged=${2 * calls + 2 * values.rounds + 2}`,
      `reflected=${calls + 1 + values.rounds}`,
    ];
    const graded = async (answers: readonly string[]) =>
      strata('exercise', 'grade', NAME, ...answers.flatMap((answer) => ['--answer', answer]));
    expect(await graded(right)).toMatchObject({ status: 0, err: '' });
    const wrong = await graded([...right.slice(1), 'svc=1']);
    expect(wrong.status).toBe(1);
    expect(wrong.out).toMatch(/failed +svc +answered=1 +cycle \d+/);
  });

  test('that is not there is a mistake in the arguments', async () => {
    expect(await strata('exercise', 'show', '10-vm370/nothing')).toMatchObject({ status: 2 });
    expect(await strata('exercise', 'grade', NAME, '--seed', 'x')).toMatchObject({ status: 2 });
  });
});
