// `strata run --machine pc`, with kernels that QEMU has run too.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { kernelCalled } from '../../tests/conformance/ia32/kernels/kernels.ts';
import type { PcReport } from './pc-report.ts';
import { file, folder, strata } from './testing.ts';

async function pc(...argv: string[]): Promise<PcReport & { status: number; err: string }> {
  const { status, out, err } = await strata('run', '--machine', 'pc', '--json', '--ram', '16M', ...argv);
  expect(out, err).not.toBe('');
  const report = JSON.parse(out) as PcReport;
  expect(report.ledger.reduce((sum, row) => sum + row.cycles, 0)).toBe(report.cycles);
  return { ...report, status, err };
}

/** Real-mode code at 7C00: prints "ok?" to COM1, waits for a character, prints it and "!", and halts. */
const ECHO = Uint8Array.from([
  ...[0xba, 0xf8, 0x03, 0xb0, 0x6f, 0xee, 0xb0, 0x6b, 0xee, 0xb0, 0x3f, 0xee], // mov dx,3f8h; out "ok?"
  ...[0x83, 0xc2, 0x05, 0xec, 0xa8, 0x01, 0x74, 0xfb], // add dx,5; in al,dx; test al,1; jz
  ...[0x83, 0xea, 0x05, 0xec, 0xee, 0xb0, 0x21, 0xee, 0xfa, 0xf4], // sub dx,5; in; out; out "!"; cli; hlt
]);

describe('strata run --machine pc', () => {
  const kernel = kernelCalled('segments');

  test('boots a multiboot kernel and reports how it ended', async () => {
    const result = await pc('--kernel', file(kernel.elf));
    expect(result).toMatchObject({ status: 0, stopped: 'exit', exitCode: 1, serial: kernel.printed });
    expect(result.events['exception #GP']).toBeGreaterThan(0);
    expect(result.ports['16550 UART COM1']?.writes).toBeGreaterThanOrEqual(kernel.printed.length);
  });

  test('lets the serial line and a port flow to standard output and to a file', async () => {
    const kernelFile = file(kernel.elf);
    const shown = await strata('run', '--machine', 'pc', '--kernel', kernelFile, '--serial', 'stdout');
    expect(shown.out.startsWith(kernel.printed)).toBe(true);
    const path = join(folder, 'port');
    await pc('--kernel', kernelFile, '--port', `3f8=${path}`);
    expect(readFileSync(path, 'latin1')).toContain(kernel.printed);
  });

  test('types after a text and ends at a text, to the same cycle each time', async () => {
    const flat = ['--load', `${file(ECHO)}@7c00`, '--entry', '7c00'];
    const typed = [...flat, '--type', 'X', 'after', 'ok?'];
    const [first, second] = [await pc(...typed, '--until', 'X'), await pc(...typed, '--until', 'X')];
    expect(first).toMatchObject({ status: 0, stopped: 'until', serial: 'ok?X' });
    expect(second.cycles).toBe(first.cycles);
    expect(await pc(...typed)).toMatchObject({ status: 0, stopped: 'halt', serial: 'ok?X!' });
  });

  test('says that a text did not appear, and fails', async () => {
    const flat = ['--load', `${file(ECHO)}@7c00`, '--entry', '7c00', '--limit', '1e7'];
    const result = await pc(...flat, '--until', 'never');
    expect(result).toMatchObject({ status: 1, stopped: 'limit' });
    expect(result.err).toContain('"never" did not appear');
  });

  test('writes the text screen', async () => {
    const path = join(folder, 'screen');
    // push 0b800h; pop es; mov word [es:0],0748h; mov word [es:2],0769h; cli; hlt
    const code = [0x68, 0, 0xb8, 7, 0x26, 0xc7, 6, 0, 0, 0x48, 7, 0x26, 0xc7, 6, 2, 0, 0x69, 7, 0xfa, 0xf4];
    const result = await pc(
      '--load',
      `${file(Uint8Array.from(code))}@7c00`,
      '--entry',
      '7c00',
      '--vga',
      path,
    );
    expect(result.screen[0]).toMatch(/^Hi/);
    expect(readFileSync(path, 'utf8').split('\n')[0]).toBe(result.screen[0]);
  });

  test('leaves a disk as it was unless told to write it back', async () => {
    const disk = file(new Uint8Array(512 * 64));
    // Writes a sector of 5As to LBA 0 by PIO.
    const code = [
      ...[
        0xba, 0xf2, 0x01, 0xb0, 1, 0xee, 0x42, 0xb0, 0, 0xee, 0x42, 0xee, 0x42, 0xee, 0x42, 0xb0, 0xe0, 0xee,
      ],
      ...[0x42, 0xb0, 0x30, 0xee, 0xba, 0xf0, 0x01, 0xb8, 0x5a, 0x5a, 0xb9, 0, 1, 0xef, 0xe2, 0xfd],
      ...[0xba, 0xf7, 0x01, 0xec, 0xa8, 0x80, 0x75, 0xfb, 0xfa, 0xf4],
    ];
    const flat = ['--load', `${file(Uint8Array.from(code))}@7c00`, '--entry', '7c00', '--disk', disk];
    await pc(...flat);
    expect(readFileSync(disk)[0]).toBe(0);
    await pc(...flat, '--write-disks');
    expect([...readFileSync(disk).subarray(510, 513)]).toEqual([0x5a, 0x5a, 0]);
  });

  test('boots a diskette image by the BIOS, and types at what it shows', async () => {
    // mov ah,0Eh; mov al,'>'; int 10h; mov ah,0; int 16h; mov ah,0Eh; int 10h; cli; hlt
    const code = [
      0xb4, 0x0e, 0xb0, 0x3e, 0xcd, 0x10, 0xb4, 0, 0xcd, 0x16, 0xb4, 0x0e, 0xcd, 0x10, 0xfa, 0xf4,
    ];
    const sector = new Uint8Array(512);
    sector.set(code);
    sector.set([0x55, 0xaa], 510);
    const result = await pc('--boot', file(sector), '--type', 'Q', 'after', '>');
    expect(result).toMatchObject({ status: 0, stopped: 'halt' });
    expect(result.screen[0]).toBe('>Q');
  });

  test('enters what only looks like an older Linux kernel in its real-mode part', async () => {
    // mov si,[228h]: the command line; lodsb; mov ah,0Eh; int 10h; cli; hlt
    const code = [0x8b, 0x36, 0x28, 0x02, 0xac, 0xb4, 0x0e, 0xcd, 0x10, 0xfa, 0xf4];
    const image = new Uint8Array(3 * 512);
    const view = new DataView(image.buffer);
    view.setUint8(0x1f1, 1);
    view.setUint16(0x1fe, 0xaa55, true);
    image.set([0xeb, 0x66], 0x200);
    view.setUint32(0x202, 0x53726448, true);
    view.setUint16(0x206, 0x207, true);
    view.setUint8(0x211, 1);
    view.setUint32(0x22c, 0x37ffffff, true);
    view.setUint32(0x238, 255, true);
    image.set(code, 0x268);
    const result = await pc('--kernel', file(image), '--append', 'Q=1');
    expect(result).toMatchObject({ status: 0, stopped: 'halt' });
    expect(result.screen[0]).toBe('Q');
  });

  test('starts a BIOS image at its reset vector and records what it writes to a port', async () => {
    // At F000:0000 mov al,5Ah; out 80h,al; cli; hlt, and at the reset vector a jump there.
    const bios = new Uint8Array(0x10000);
    bios.set([0xb0, 0x5a, 0xe6, 0x80, 0xfa, 0xf4]);
    bios.set([0xea, 0, 0, 0, 0xf0], 0xfff0);
    const path = join(folder, 'post');
    const result = await pc('--bios', file(bios), '--port', `80=${path}`);
    expect(result).toMatchObject({ status: 0, stopped: 'halt', instructions: 5 });
    expect([...readFileSync(path)]).toEqual([0x5a]);
  });

  test.each([
    ['something to run', []],
    ['a multiple of 64K', ['--kernel', 'x', '--ram', '3M']],
    ['no such file', ['--kernel', join(folder, 'none')]],
    ['one way to begin', ['--kernel', 'a', '--boot', 'b']],
    ['belongs to --kernel', ['--boot', file('x'), '--append', 'quiet']],
    ['belongs to --load', ['--boot', file('x'), '--entry', '7c00']],
    ['no such file', ['--boot', file('x'), '--vga', join(folder, 'none', 'screen')]],
    ['needs --entry', ['--load', `${file('x')}@100`]],
    ['there is naive', ['--kernel', 'x', '--under', 'zen']],
  ])('refuses bad arguments: %s', async (complaint, argv) => {
    const { status, err } = await strata('run', '--machine', 'pc', ...argv);
    expect([status, err.split('\n').length]).toEqual([2, 2]);
    expect(err).toContain(complaint);
  });

  test('says what is wrong with a kernel', async () => {
    const { status, err } = await strata('run', '--machine', 'pc', '--kernel', file('no kernel'));
    expect(status).toBe(1);
    expect(err).toContain('neither a Linux kernel nor a multiboot 1 one');
  });
});
