// Kernels that look for the monitor's memory, write there, go there, or use up what it has: all see what the bare machine shows.
import { expect, test } from 'vitest';
import { difference, outcome } from '../../fuzz/compare.ts';
import { runtime } from '../../fuzz/pc-runtime.ts';

/** Long: these guests do without a clock. */
const CLOCK = 60000;
const alike = (kernel: string, ends = '{"kind":"exit","code":1}'): void => {
  const source = runtime(kernel, '', CLOCK);
  expect(outcome(source).stop).toContain(ends);
  expect(difference(source, 'translator')).toBeNull();
};

/** Maps the last 4 M of the linear space to the frames from `frame` on; the kernel's table serves as directory. */
const mapTop = (frame: number): string => `
        mov edi, WINDOW + 0x4000
        mov eax, ${frame} + 7
        mov ecx, 1024
.top:   stosd
        add eax, 0x1000
        loop .top
        mov dword [TABLES + 4*1023], WINDOW + 0x4007
        mov eax, cr3
        mov cr3, eax`;

test('physical memory behind the guest, where the monitor is, answers nobody', () => {
  alike(`
        cli
${mapTop(0x400000)}
        xor ebx, ebx
        mov esi, 0xffc00000
.look:  add ebx, [esi]
        mov dword [esi], 0x12345678
        not byte [esi + 0x7f0]
        add ebx, [esi + 8]
        add esi, 0x1000
        cmp esi, 0xfffff000
        jb .look
        mov [WINDOW], ebx`);
});

test('the last 4 M of the linear space are the guest’s, code included', () => {
  alike(`
        cli
${mapTop(0x140000)}
        mov dword [0xffc00000], 0x90c3c031   ; xor eax, eax; ret
        mov dword [0xffc00ffc], 0x11223344
        mov eax, 5
        mov ecx, 0xffc00000
        call ecx
        mov ebx, [0xffc00ffc]
        push dword [0xffc00004]
        pop dword [0xffc00008]
        mov ecx, 64
        mov esi, 0xffc00000
        mov edi, 0xffc01000
        rep movsd
        mov [WINDOW + 0x3000], eax`);
});

test('forged descriptors lead nowhere else than on the bare machine', () => {
  const forged = [
    '0xffcf92000000ffff', // all from FF000000 on, around the top
    '0xffcf92c00000ffff',
    '0x00cf96000000ffff', // downwards from 4 G: nothing
    '0x0040960000000fff', // downwards from 64 K to 1000h
    '0xff4092ffffff0fff',
    '0x00cfb2000000ffff', // of level 1
    '0x00cffe000000ffff', // conforming
  ];
  alike(
    forged
      .map(
        (descriptor, k) => `
        mov dword [spare], ${descriptor} & 0xffffffff
        mov dword [spare + 4], ${descriptor} >> 32
        mov dword [resume], .no${k}
        mov ax, spare - gdt
        mov fs, ax
        mov eax, [fs:0x10]
        mov [fs:0x2000], eax
        mov eax, [fs:0xc00000]
        mov [fs:0xc40000], ebx
        mov eax, [fs:0xffcc0000]
        mov [fs:0xffc00000], ecx
.no${k}:`,
      )
      .join('\n') + '\n        xor eax, eax\n        mov fs, ax',
  );
});

test('selectors and addresses of the monitor’s own are no way in, not for programs either', () => {
  const tries = [
    'mov ax, 0xfff9\n        mov gs, ax\n        mov eax, [gs:0xffc00000]',
    'jmp 0xfff1:0xffcc0040',
    'call 0xffcc0040',
    'mov eax, [0xffc00004]',
    'mov [0xffc00004], eax',
    'mov esp, 0xffc80000\n        pop eax',
    'int 0xf0',
  ];
  const user = tries
    .map(
      (lines, k) =>
        `        mov dword [resume_user], u${k}\n        ${lines}\nu${k}:   mov esp, 0x133f00\n        mov ax, 0x23\n        mov gs, ax`,
    )
    .join('\n');
  const kernel = tries
    .filter((lines) => !lines.includes('esp'))
    .map((lines, k) => `        mov dword [resume], k${k}\n        ${lines}\nk${k}:`)
    .join('\n');
  expect(
    difference(runtime(`${kernel}\n        mov eax, user\n        call to_user`, user, CLOCK), 'translator'),
  ).toBeNull();
});

test('more code than the cache holds is translated all the same', () => {
  alike(`
        cli
        mov edi, 0x200000
        mov ecx, 0x6000
        mov al, 0xc3
        rep stosb
        mov esi, 0x200000
.go:    call esi
        inc esi
        cmp esi, 0x205800
        jb .go
        mov [WINDOW], esi`);
});

test('more page tables than the shadow has room for are shadowed all the same', () => {
  alike(`
        cli
        mov edi, TABLES + 4
        mov ecx, 1023
        mov eax, TABLES + 0x1007
        rep stosd
        mov eax, cr3
        mov cr3, eax
        mov esi, WINDOW
        xor ebx, ebx
.each:  add ebx, [esi]
        mov [esi + 4], ebx
        add esi, 0x400000
        jnc .each
        mov [WINDOW + 8], ebx`);
});

test.each(['0x400000', '0x7ff00000', '0xfee00000', '0xfffff000'])(
  'an address space whose directory lies at %s ends as on the bare machine',
  (directory) => {
    alike(
      `
        cli
        mov eax, ${directory}
        mov cr3, eax
        mov eax, [0x600000]`,
      'triple fault',
    );
  },
);
