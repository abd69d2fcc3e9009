/**
 * The fixed part of a random guest of the PC: a kernel with paging, gates for every vector, a clock that interrupts it
 * whenever it likes, and a program at level 3. Whatever goes wrong is noted and the guest goes on at `resume`, so that
 * every random program ends. What the clock changes by its timing lies on pages of its own.
 */
export const ORIGIN = 0x100000;
/** Eight pages that random code reads, stores into and maps as it likes: linear WINDOW to WINDOW + 8000h. */
export const WINDOW = 0x140000;
/** Directory and table of the first 4 M. */
export const TABLES = 0x120000;
/** Pages whose contents depend on when the clock ticks: stacks and the count of ticks. */
export const UNSTEADY = [0x130000, 0x131000, 0x132000, 0x133000] as const;

const KERNEL_STACK = 0x131000;
const USER_STACK = 0x133000;
const TICKS = 0x132000;

export const runtime = (kernel: string, user: string, clock: number): string => `
org ${ORIGIN}
WINDOW  equ ${WINDOW}
TABLES  equ ${TABLES}
        cli
        mov esp, ${KERNEL_STACK}
        lgdt [gdt_pointer]
        jmp 8:.reload
.reload: mov ax, 0x10
        mov ds, ax
        mov es, ax
        mov ss, ax
        xor eax, eax
        mov fs, ax
        mov gs, ax
        mov eax, task
        mov [gdt + 0x28 + 2], ax
        shr eax, 16
        mov [gdt + 0x28 + 4], al
        mov ax, 0x28
        ltr ax
        mov ecx, 0              ; a gate for each vector, leading to stubs of 16 bytes
        mov edi, idt
.gate:  mov eax, ecx
        shl eax, 4
        add eax, stubs
        mov [edi], ax
        mov word [edi + 2], 8
        shr eax, 16
        mov word [edi + 4], 0x8e00
        mov [edi + 6], ax
        add edi, 8
        inc ecx
        cmp ecx, 64
        jb .gate
        mov byte [idt + 8*0x30 + 5], 0xee
        mov byte [idt + 8*3 + 5], 0xee
        mov byte [idt + 8*4 + 5], 0xee
        lidt [idt_pointer]
        mov edi, TABLES
        mov dword [edi], TABLES + 0x1007
        lea edi, [edi + 0x1000]
        mov eax, 7
        mov ecx, 1024
.page:  stosd
        add eax, 0x1000
        loop .page
        mov eax, TABLES
        mov cr3, eax
        mov eax, cr0
        or eax, 0x80010020
        mov cr0, eax
        mov al, 0x11            ; interrupt controllers at 20h and 28h, the clock alone
        out 0x20, al
        out 0xa0, al
        mov al, 0x20
        out 0x21, al
        mov al, 0x28
        out 0xa1, al
        mov al, 4
        out 0x21, al
        mov al, 2
        out 0xa1, al
        mov al, 1
        out 0x21, al
        out 0xa1, al
        mov al, 0xfe
        out 0x21, al
        mov al, 0xff
        out 0xa1, al
        mov al, 0x34
        out 0x43, al
        mov al, ${clock & 0xff}
        out 0x40, al
        mov al, ${clock >> 8}
        out 0x40, al
        mov edi, WINDOW
        mov ecx, 0x2000
        mov eax, 0x12345678
.fill:  imul eax, eax, 1664525
        add eax, 1013904223
        stosd
        loop .fill
        sti
        fninit
${kernel}
finish: cli
        mov ax, 0x10
        mov ds, ax
        mov es, ax
        mov [final], eax
        mov [final + 4], ebx
        mov [final + 8], ecx
        mov [final + 12], edx
        mov [final + 16], esi
        mov [final + 20], edi
        mov [final + 24], ebp
        xor eax, eax
        out 0xf4, al
        hlt

align 16
stubs:
${Array.from({ length: 64 }, (_, vector) => {
  const coded = vector === 8 || (vector >= 10 && vector <= 14) || vector === 17;
  return `${coded ? '' : '        push dword 0\n'}        push dword ${vector}\n        jmp near common\n        align 16`;
}).join('\n')}

common: pushad
        push ds
        push es
        mov ax, 0x10
        mov ds, ax
        mov es, ax
        mov eax, [esp + 40]     ; vector
        cmp eax, 0x20
        je .tick
        cmp eax, 0x30
        je .call
        mov ebx, [note]         ; vector, error code, address, flags without what says nothing, and CR2 of a page fault
        rol ebx, 5
        xor ebx, eax
        add ebx, [esp + 44]
        rol ebx, 7
        xor ebx, [esp + 48]
        rol ebx, 3
        add ebx, [esp + 52]
        mov ecx, [esp + 56]
        and ecx, ~0x10000
        rol ebx, 9
        xor ebx, ecx
        cmp eax, 14
        jne .noted
        mov ecx, cr2
        rol ebx, 11
        add ebx, ecx
.noted: mov [note], ebx
        inc dword [noted + 4*eax]
        cmp dword [noted + 4*eax], 2000
        ja near lost
        mov eax, [resume]
        test byte [esp + 52], 3
        jz .kernel
        mov eax, [resume_user]
.kernel: mov [esp + 48], eax
        and dword [esp + 56], ~0x4500   ; no single steps, no nested tasks, strings upwards
        jmp .out
.tick:  inc dword [${TICKS}]
        mov al, 0x20
        out 0x20, al
        jmp .out
.call:  test byte [esp + 52], 3 ; INT 30h of the program ends it
        jz .out
        mov esp, [kernel_esp]
        mov ax, 0x10
        mov ds, ax
        mov es, ax
        jmp [after_user]
.out:   pop es
        pop ds
        popad
        add esp, 8
        iretd
lost:   mov al, 7
        out 0xf4, al
        hlt

; to_user: runs the program at EAX at level 3, back behind the call when it makes INT 30h.
to_user: pop dword [after_user]
        mov [kernel_esp], esp
        mov [task + 4], esp
        mov ecx, 0x23
        mov ds, ecx
        mov es, ecx
        push dword 0x23
        push dword ${USER_STACK} + 0x1000 - 64
        push dword 0x202
        push dword 0x1b
        push eax
        iretd

align 4096
user:
${user}
        int 0x30
        jmp $

align 4096
resume: dd finish
resume_user: dd finish
note:   dd 0
noted:  times 64 dd 0
after_user: dd 0
kernel_esp: dd 0
final:  times 8 dd 0
align 8
gdt:    dq 0, 0x00cf9a000000ffff, 0x00cf92000000ffff, 0x00cffa000000ffff, 0x00cff2000000ffff
        dq 0x0000890000000067
spare:  dq 0x0040f21400000fff, 0x0040921400000fff, 0x00cf96000000ffff, 0x0000000000000000
gdt_pointer: dw $-gdt-1
        dd gdt
align 8
idt:    times 64 dq 0
idt_pointer: dw $-idt-1
        dd idt
align 8
task:   dd 0, ${KERNEL_STACK}, 0x10
        times 22 dd 0
        dw 0, 0x68
align 4096
`;
