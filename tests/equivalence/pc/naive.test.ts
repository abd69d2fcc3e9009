/**
 * Classic trap-and-emulate on IA-32: it serves guests that use only instructions that trap, and fails the teaching
 * kernel, which does not.
 */
import { expect, test } from 'vitest';
import { boot, serialOf } from '../../../labs/+shared/pc/testing.ts';
import { assembleIa32 } from '../../../src/assembler/ia32/assemble.ts';
import { Pc } from '../../../src/machines/pc/machine.ts';
import { NativePc } from '../../../src/machines/pc/native-system.ts';
import { NaiveMonitor } from '../../../src/monitors/naive/monitor.ts';
import { startFlat } from '../../../src/worlds/pc/start.ts';

const GDT = 0x8000;
const ENTRY = 0x100000;

function underNaive(pc: Pc): NaiveMonitor {
  const monitor = new NaiveMonitor(new NativePc(pc.cpu));
  monitor.start({ base: pc.cpu.gdtBase, limit: pc.cpu.gdtLimit });
  return monitor;
}

/** A kernel of ours that asks nothing of its mode: interrupts by the timer, paging, a program at level 3. */
const WELL_BEHAVED = `
org 0x100000
        cli
        mov esp, 0x90000
        lgdt [gdt_pointer]
        jmp 8:.reload
.reload: mov ax, 0x10
        mov ds, ax
        mov es, ax
        mov ss, ax
        lidt [idt_pointer]
        mov eax, tick
        mov [idt + 8*0x20], ax
        shr eax, 16
        mov [idt + 8*0x20 + 6], ax
        mov eax, call_kernel
        mov [idt + 8*0x80], ax
        shr eax, 16
        mov [idt + 8*0x80 + 6], ax
        mov byte [idt + 8*0x80 + 5], 0xee
        mov eax, task
        mov [task_descriptor + 2], ax
        shr eax, 16
        mov [task_descriptor + 4], al
        mov ax, 0x28
        ltr ax
        mov edi, 0x20000        ; a page table for the first 4 M, and a directory
        mov eax, 7
.map:   stosd
        add eax, 0x1000
        cmp edi, 0x21000
        jb .map
        mov dword [0x21000], 0x20007
        mov eax, 0x21000
        mov cr3, eax
        mov eax, cr0
        or eax, 0x80000000
        mov cr0, eax
        mov al, 0x11            ; the interrupt controllers: vectors from 20h, only the timer
        out 0x20, al
        mov al, 0x20
        out 0x21, al
        mov al, 4
        out 0x21, al
        mov al, 1
        out 0x21, al
        mov al, 0xfe
        out 0x21, al
        mov al, 0x34
        out 0x43, al
        mov al, 0
        out 0x40, al
        mov al, 0x10
        out 0x40, al
.wait:  sti                     ; IRET does not trap: it cannot be what turns interrupts on again
        hlt
        cmp dword [ticks], 3
        jb .wait
        cli
        push 0x23
        push 0x80000
        push 0x2
        push 0x1b
        push user
        iret
user:   mov eax, 'u'
        int 0x80
        mov eax, 0
        int 0x80
call_kernel:
        test eax, eax
        jz .done
        mov dx, 0x3f8
        out dx, al
        iret
.done:  mov cx, 0x10            ; entering level 3 has emptied DS
        mov ds, cx
        mov al, '0'
        add al, [ticks]
        mov dx, 0x3f8
        out dx, al
        mov al, 0
        out 0xf4, al
        hlt
tick:   push eax
        inc dword [ticks]
        mov al, 0x20
        out 0x20, al
        pop eax
        iret
align 8
gdt:    dq 0, 0x00cf9a000000ffff, 0x00cf92000000ffff, 0x00cffa000000ffff, 0x00cff2000000ffff
task_descriptor: dw 0x67, 0, 0x8900, 0
gdt_pointer: dw $-gdt-1
        dd gdt
idt_pointer: dw 8*256-1
        dd idt
ticks:  dd 0
task:   dd 0, 0x98000, 0x10
        times 23 dd 0
align 8
idt:    times 256 dq 0x00008e0000080000
`;

function wellBehaved(): Pc {
  const { bytes, diagnostics } = assembleIa32(WELL_BEHAVED);
  expect(diagnostics).toEqual([]);
  const pc = new Pc({ memory: 8 << 20 });
  pc.load(ENTRY, bytes);
  startFlat(pc, ENTRY, GDT);
  return pc;
}

test('a kernel that uses only what traps runs as on the bare machine', () => {
  const bare = wellBehaved();
  const end = bare.run(1e8);
  const virtual = wellBehaved();
  const monitor = underNaive(virtual);
  expect([virtual.run(1e8), serialOf(virtual), monitor.guest.failure]).toEqual([end, serialOf(bare), '']);
  expect([end, serialOf(bare)]).toEqual([{ kind: 'exit', code: 1 }, 'u3']);
});

test('the teaching kernel sees the monitor where it looks for itself, and panics', () => {
  const pc = boot({ append: 'console=serial init=/bin/compute' });
  underNaive(pc);
  pc.run(2e8);
  const printed = serialOf(pc);
  for (const leak of ['SGDT', 'SIDT', 'STR', 'CS', 'PUSHF', 'POPF'])
    expect(printed).toMatch(new RegExp(`${leak}\\b.*WRONG: this kernel set`));
  expect(printed).toContain('panic: interrupts are on in the scheduler, which turned them off');
});

test('every cycle is booked once, and the same run takes the same cycles', () => {
  const runs = [0, 1].map(() => {
    const pc = boot({ append: 'console=serial init=/bin/compute' });
    underNaive(pc);
    pc.run(5e7);
    expect(pc.ledger.total).toBe(pc.clock);
    return [pc.clock, pc.instructions, pc.ledger.rows()];
  });
  expect(runs[0]).toEqual(runs[1]);
});
