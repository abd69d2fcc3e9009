// What a program's reset does to the machine, and how it goes on.
import { expect, test } from 'vitest';
import { assembleIa32 } from '../../assembler/ia32/assemble.ts';
import type { Pc } from '../../machines/pc/machine.ts';
import { buildPc } from './build.ts';
import { countEvents } from './events.ts';

const BOOT_SECTOR = 0x7c00;

function assembled(source: string): Uint8Array {
  const { bytes, diagnostics } = assembleIa32(source, { bits: 16, origin: BOOT_SECTOR });
  expect(diagnostics).toEqual([]);
  return bytes;
}

function machine(source: string, resetLimit?: number): Pc {
  const pc = buildPc({
    memory: 16 << 20,
    ...(resetLimit !== undefined && { resetLimit }),
    program: { kind: 'flat', images: [{ at: BOOT_SECTOR, bytes: assembled(source) }], entry: BOOT_SECTOR },
  });
  if (typeof pc === 'string') throw new Error(pc);
  return pc;
}

/** Counts its starts at 0:600, which no firmware clears, and resets the machine before the third. */
const twice = (reset: string): string => `
        mov dx, 3f8h
        mov al, 'x'
        out dx, al
        inc byte [600h]
        cmp byte [600h], 3
        jae done
        ${reset}
done:   cli
        hlt`;

test.each([
  ['reset by port 64', 'mov al, 0feh\nout 64h, al'],
  ['reset by port 64', 'mov al, 0d1h\nout 64h, al\nmov al, 0feh\nout 60h, al'],
  ['reset by port 92', 'mov al, 1\nout 92h, al'],
  ['jump to F000:FFF0', 'jmp 0f000h:0fff0h'],
  ['reset by port CF9', 'mov dx, 0cf9h\nmov al, 6\nout dx, al'],
])('a program that was brought in starts again after a %s', (how, reset) => {
  const pc = machine(twice(reset));
  const events = countEvents(pc);
  expect(pc.run(1e9)).toEqual({ kind: 'wait' });
  expect([pc.cpu.bytes[0x600], pc.chipset.com1.text]).toEqual([3, 'xxx']);
  expect(events[how]).toBe(how.startsWith('reset') ? 2 : undefined);
});

test('a disk is booted anew after a reset, with what was written to it', () => {
  // The first start writes this sector's second copy to where it was read from.
  const sector = new Uint8Array(512);
  sector.set(
    assembled(`
        cmp byte [mark], 0
        jne again
        mov byte [mark], 1
        mov ax, 301h
        mov bx, 7c00h
        mov cx, 1
        mov dx, 80h
        int 13h
        jmp 0f000h:0fff0h
again:  mov dx, 0cf9h
        mov al, 6
        inc byte [600h]
        cmp byte [600h], 1
        je reset
        cli
        hlt
reset:  out dx, al
mark:   db 0`),
  );
  sector.set([0x55, 0xaa], 510);
  const disk = new Uint8Array(1 << 20);
  disk.set(sector);
  const pc = buildPc({ memory: 16 << 20, disks: [disk], program: { kind: 'media' } });
  if (typeof pc === 'string') throw new Error(pc);
  expect(pc.run(1e9)).toEqual({ kind: 'wait' });
  expect(pc.cpu.bytes[0x600]).toBe(2);
});

test('a reset by CF9 puts devices back, one by the keyboard controller leaves them', () => {
  const source = (reset: string): string => `
        cmp byte [600h], 0
        jne done
        inc byte [600h]
        mov al, 0feh              ; COM2's scratch register
        mov dx, 2ffh
        out dx, al
        ${reset}
done:   mov dx, 2ffh
        in al, dx
        mov [601h], al
        cli
        hlt`;
  const scratch = (reset: string): number | undefined => {
    const pc = machine(source(reset));
    pc.run(1e9);
    return pc.cpu.bytes[0x601];
  };
  expect(scratch('mov dx, 0cf9h\nmov al, 6\nout dx, al')).toBe(0);
  expect(scratch('mov al, 0feh\nout 64h, al')).toBe(0xfe);
});

test('CMOS memory can say where a program goes on after a reset of the processor', () => {
  const pc = machine(`
        mov word [467h], back
        mov word [469h], 0
        mov al, 0fh
        out 70h, al
        mov al, 0ah
        out 71h, al
        rdtsc
        mov [604h], eax
        mov al, 0feh
        out 64h, al
back:   mov byte [600h], 1
        in al, 71h                ; firmware has read it and put it back to zero
        mov [601h], al
        rdtsc                     ; INIT leaves the time-stamp counter
        sub eax, [604h]
        shr eax, 16
        mov [602h], ax
        cli
        hlt`);
  expect(pc.run(1e9)).toEqual({ kind: 'wait' });
  expect([...pc.cpu.bytes.subarray(0x600, 0x604)]).toEqual([1, 0, 0, 0]);
});

test('a program that resets the machine again and again comes to an end', () => {
  const pc = machine('mov al, 0feh\nout 64h, al', 4);
  expect(pc.run(1e9)).toEqual({ kind: 'shutdown', reason: 'reset by port 64, after 4 resets' });
});

test('a state taken between reset and the program goes on like the machine', () => {
  const pc = machine(twice('mov al, 0feh\nout 64h, al'));
  const other = machine(twice('mov al, 0feh\nout 64h, al'));
  let resets = 0;
  pc.onReset = () => {
    resets++;
    pc.pause('reset');
  };
  pc.run(1e9);
  expect(resets).toBe(1);
  other.restore(pc.save());
  pc.onReset = null;
  expect([other.run(1e9), pc.run(1e9)]).toEqual([{ kind: 'wait' }, { kind: 'wait' }]);
  expect([other.clock, other.chipset.com1.text]).toEqual([pc.clock, pc.chipset.com1.text]);
});
