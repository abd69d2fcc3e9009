// The machine's own firmware: what a bare machine looks like, and the services that boot sectors call.
import { expect, test } from 'vitest';
import type { Pc } from '../../machines/pc/machine.ts';
import { carry } from '../../machines/pc/flags.ts';
import { CS } from '../../machines/pc/registers.ts';
import { buildPc } from './build.ts';
import type { PcConfiguration } from './configuration.ts';

function built(configuration: PcConfiguration): Pc {
  const pc = buildPc({ memory: 16 << 20, ...configuration });
  if (typeof pc === 'string') throw new Error(pc);
  return pc;
}

/** Boots from `sector`, a boot sector's code, on a diskette or a disk whose sector n is full of bytes n. */
function boot(code: readonly number[], from: 'diskette' | 'disk', sectors = 2880): Pc {
  const image = Uint8Array.from({ length: sectors * 512 }, (_, k) => Math.floor(k / 512));
  image.set(new Uint8Array(512));
  image.set(code);
  image.set([0x55, 0xaa], 510);
  return built({
    ...(from === 'diskette' ? { diskette: image } : { disks: [image] }),
    program: { kind: 'media' },
  });
}

const word = (pc: Pc, at: number): number => pc.cpu.view.getUint16(at, true);
const END = [0xfa, 0xf4]; // cli; hlt
/** mov ah,0Eh; mov al,character; int 10h */
const print = (text: string): number[] =>
  Array.from(text).flatMap((c) => [0xb4, 0x0e, 0xb0, c.charCodeAt(0), 0xcd, 0x10]);

test('a machine looks like a PC before a program is brought in', () => {
  const pc = built({
    program: { kind: 'flat', images: [{ at: 0x7c00, bytes: Uint8Array.from(END) }], entry: 0x7c00 },
  });
  expect([word(pc, 0x413), word(pc, 0x400), word(pc, 0x463)]).toEqual([639, 0x3f8, 0x3d4]);
  expect(Array.from({ length: 32 }, (_, k) => word(pc, 4 * k + 2) >= 0xc000 || k >= 0x1d)).not.toContain(
    false,
  );
  expect(pc.cpu.bytes[0xffff0]).toBe(0xea);
  expect(pc.cpu.bytes[0xffffe]).toBe(0xfc);
});

test('nobody holds a key when a boot sector starts, and the data area says nothing of its own', () => {
  // mov ah,12h; int 16h; mov [600h],ax. Boot loaders ask whether to stay at their prompt.
  const pc = boot([0xb4, 0x12, 0xcd, 0x16, 0xa3, 0x00, 0x06, ...END], 'diskette');
  pc.run(1e9);
  expect([word(pc, 0x600), word(pc, 0x417)]).toEqual([0, 0]);
  // The fixed disk's last status, and the place of programs for each other.
  expect([...pc.cpu.bytes.slice(0x4f0, 0x500), pc.cpu.bytes[0x474]]).toEqual(new Array(17).fill(0));
});

test.each(['diskette', 'disk'] as const)(
  'a boot sector on a %s starts at 0:7C00 with its drive in DL',
  (from) => {
    const pc = boot([...print('Hi'), ...END], from);
    expect(pc.run(1e9)).toEqual({ kind: 'wait' });
    expect(pc.cpu.selectors[CS]).toBe(0);
    expect(pc.cpu.eip).toBe(0x7c00 + 14);
    expect(pc.cpu.words[2]! & 0xff).toBe(from === 'disk' ? 0x80 : 0);
    expect(pc.chipset.vga.screen().lines.join('\n')).toContain('Hi');
  },
);

test.each(['diskette', 'disk'] as const)(
  'INT 13h reads sectors of a %s by cylinder, head and sector',
  (from) => {
    // mov ax,0203h; mov bx,9000h; mov cx,0002h; mov dh,1; int 13h
    const pc = boot([0xb8, 3, 2, 0xbb, 0, 0x90, 0xb9, 2, 0, 0xb6, 1, 0xcd, 0x13, ...END], from);
    pc.run(1e9);
    const first = from === 'disk' ? 64 : 19;
    expect([0, 512, 1024].map((at) => pc.cpu.bytes[0x9000 + at])).toEqual([first, first + 1, first + 2]);
    expect(pc.cpu.halves[0]).toBe(3);
  },
);

test('INT 13h, AH = 42h reads a disk by sector number', () => {
  // mov si,7C10h; mov ah,42h; int 13h; cli; hlt; … packet: 16, 2 sectors, 0:9000, sector 200
  const code = [0xbe, 0x10, 0x7c, 0xb4, 0x42, 0xcd, 0x13, ...END, 0, 0, 0, 0, 0, 0, 0];
  const pc = boot([...code, 16, 0, 2, 0, 0, 0x90, 0, 0, 200, 0, 0, 0, 0, 0, 0, 0], 'disk');
  pc.run(1e9);
  expect([pc.cpu.bytes[0x9000], pc.cpu.bytes[0x9200]]).toEqual([200, 201]);
  expect(pc.cpu.halves[0]! >> 8).toBe(0);
});

test('INT 13h refuses a sector that is not there', () => {
  // mov ax,0201h; mov bx,9000h; mov cx,0063h (sector 35); mov dh,0; int 13h; sbb al,al
  const pc = boot([0xb8, 1, 2, 0xbb, 0, 0x90, 0xb9, 0x23, 0, 0xb6, 0, 0xcd, 0x13, ...END], 'diskette');
  pc.run(1e9);
  expect([pc.cpu.halves[0]! >> 8, carry(pc.cpu)]).toEqual([4, true]);
});

test('INT 15h, E820 gives a map that ends with the memory', () => {
  // xor ebx,ebx; mov di,9000h; next: mov eax,0E820h; mov edx,"SMAP"; mov ecx,20; int 15h; add di,20; test ebx,ebx; jnz
  const code = [0x66, 0x31, 0xdb, 0xbf, 0, 0x90, 0x66, 0xb8, 0x20, 0xe8, 0, 0, 0x66, 0xba];
  const rest = [0x50, 0x41, 0x4d, 0x53, 0x66, 0xb9, 20, 0, 0, 0, 0xcd, 0x15, 0x83, 0xc7, 20];
  const pc = boot([...code, ...rest, 0x66, 0x85, 0xdb, 0x75, 0xe4, ...END], 'disk');
  pc.run(1e9);
  const entry = (n: number): number[] =>
    [0, 8, 16].map((at) => pc.cpu.view.getUint32(0x9000 + 20 * n + at, true));
  expect(entry(0)).toEqual([0, 639 * 1024, 1]);
  expect(entry(3)).toEqual([0x100000, 15 << 20, 1]);
});

test('keys come through INT 16h as code and character', () => {
  // mov ah,0; int 16h; stosw … three times
  const one = [0xb4, 0, 0xcd, 0x16, 0xab];
  const pc = boot([0xbf, 0, 0x90, ...one, ...one, ...one, ...END], 'disk');
  pc.chipset.keyboard.type('aB\x1b[A');
  expect(pc.run(1e10)).toEqual({ kind: 'wait' });
  expect([0, 2, 4].map((at) => word(pc, 0x9000 + at))).toEqual([0x1e61, 0x3042, 0x4800]);
});

test('the screen scrolls when the cursor leaves it', () => {
  // mov cx,26; mov al,'A'; next: push ax; mov ah,0Eh; int 10h; mov al,13; int 10h; mov al,10; int 10h; pop ax; inc ax; loop
  const loop = [
    0x50, 0xb4, 0x0e, 0xcd, 0x10, 0xb0, 13, 0xcd, 0x10, 0xb0, 10, 0xcd, 0x10, 0x58, 0x40, 0xe2, 0xef,
  ];
  const pc = boot([0xb9, 26, 0, 0xb0, 0x41, ...loop, ...END], 'disk');
  pc.run(1e9);
  const { lines, cursor } = pc.chipset.vga.screen();
  expect([lines[0], lines[23], cursor]).toEqual(['C', 'Z', { column: 0, row: 24 }]);
});

test('nothing to boot from is said', () => {
  const pc = built({ program: { kind: 'media' } });
  expect(pc.run(2e10)).toEqual({ kind: 'wait' });
  expect(pc.chipset.vga.screen().lines[0]).toBe('No bootable diskette or disk.');
});
