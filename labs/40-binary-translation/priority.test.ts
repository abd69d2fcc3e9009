// The task priority: translated code sets it by itself, and interrupts wait for it and come as on the bare machine.
import { expect, test } from 'vitest';
import { assembleIa32 } from '../../src/assembler/ia32/assemble.ts';
import { readyPc } from '../../src/worlds/pc/build.ts';
import { FLAT_ORIGIN, flatWorld, LAB_MEMORY } from '../+shared/pc/flat.ts';
import { printedBy } from '../+shared/pc/varve-world.ts';

/** Prints what has been delivered after each step: an interrupt of class 5 waits while the priority is 5 or more. */
const SOURCE = `
APIC    equ 0xfee00000
        lgdt [gdt_pointer]
        jmp 8:.begin
.begin: mov ax, 0x10
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov esp, stack
        mov eax, taken
        mov [idt + 8*0x50], ax
        mov word [idt + 8*0x50 + 2], 8
        shr eax, 16
        mov word [idt + 8*0x50 + 4], 0x8e00
        mov [idt + 8*0x50 + 6], ax
        lidt [idt_pointer]
        mov al, 0xff
        out 0x21, al
        out 0xa1, al
        mov dword [APIC + 0xf0], 0x1ff
        sti
        mov ecx, 8              ; so often that the translator learns
.learn: mov eax, ecx
        call wait
        loop .learn
        mov dword [APIC + 0x320], 0x50
        mov dword [APIC + 0x3e0], 0xb
        mov dword [APIC + 0x380], 2000
        mov eax, 0xffffff60     ; the upper bits are reserved
        call wait               ; the timer runs out meanwhile
        call show               ; 0: it waits
        mov eax, 0x70
        call set
        call spin
        call show               ; 0: it still does
        mov eax, 0x4f
        call set
        call spin
        call show               ; 1
        mov eax, 0x50
        call set
        mov dword [APIC + 0x300], 0x40050
        call spin
        call show               ; 1: its own class waits, too
        mov eax, [APIC + 0x80]
        shr eax, 4
        call digit              ; 5
        xor eax, eax
        call set
        call spin
        call show               ; 2
        mov dword [0x300000], 0
        mov ax, 0x18            ; the same instruction in another segment is another store
        mov ds, ax
        mov eax, 0x30
        call set
        mov ax, 0x10
        mov ds, ax
        mov eax, [APIC + 0x80]
        shr eax, 4
        call digit              ; 0
        mov eax, [0x300000]
        shr eax, 4
        call digit              ; 3
        mov al, 10
        out dx, al
        xor al, al
        out 0xf4, al
        hlt
set:    mov [APIC + 0x80], eax
        ret
wait:   call set
spin:   mov edx, 20000
.again: dec edx
        jnz .again
        ret
show:   mov eax, [count]
digit:  add al, '0'
        mov dx, 0x3f8
        out dx, al
        ret
taken:  inc dword [count]
        mov dword [APIC + 0xb0], 0
        iretd
align 4096
count:  dd 0
align 8
gdt:    dq 0, 0x00cf9a000000ffff, 0x00cf92000000ffff
        dq 0x01cf924fff80ffff   ; APIC + 0x80 leads to 300000h
gdt_pointer: dw $-gdt-1
        dd gdt
align 8
idt:    times 96 dq 0
idt_pointer: dw $-idt-1
        dd idt
        times 64 dd 0
stack:  dd 0
`;

test.each([undefined, 'translator', 'translator-rigid'] as const)(
  'an interrupt waits for the task priority and comes when it falls, under %s as on the bare machine',
  (under) => {
    const { world, assembly } = flatWorld(SOURCE, {}, { under });
    if (!world) throw new Error(assembly.diagnostics[0]!.message);
    expect(world.run(1e7).kind).toBe('exit');
    expect(printedBy(world)).toBe('00115203\n');
  },
);

test('an instruction that keeps setting the priority is translated anew, once', () => {
  const { segments, entry } = assembleIa32(SOURCE, { origin: FLAT_ORIGIN });
  const images = segments.map(({ address, bytes }) => ({ at: address, bytes }));
  const ready = readyPc({
    memory: LAB_MEMORY,
    under: 'translator',
    program: { kind: 'flat', images, entry },
  });
  if (typeof ready === 'string') throw new Error(ready);
  ready.machine.run(1e7);
  expect(ready.monitor!.report()).toMatchObject({ 'retranslated to set the priority': 1 });
});

/** The clock waits for interrupts to be on, which they never are. */
const DEAF = `
        mov al, 0x34
        out 0x43, al
        mov al, 100
        out 0x40, al
        xor al, al
        out 0x40, al
        mov al, 0xfe
        out 0x21, al
        mov ecx, 30000
.again: dec ecx
        jnz .again
        xor al, al
        out 0xf4, al
        hlt
`;

test('an interrupt that waits costs the same however often the machine asks whether it may come', () => {
  const clocks = [1e7, 997].map((cut) => {
    const { world } = flatWorld(DEAF, {}, { under: 'translator' });
    while (world!.run(cut).kind === 'budget');
    return world!.clock;
  });
  expect(clocks[1]).toBe(clocks[0]);
});
