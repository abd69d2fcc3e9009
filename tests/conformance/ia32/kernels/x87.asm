; The x87 unit: #NM, #MF, environments and states in their formats, IRQ 13.
%include "lab.nasm"

%macro dump 2                   ; address, words of 32 bits
        pushad
        mov esi, %1
        mov ecx, %2
%%next: lodsd
        call hex32
        mov al, ' '
        call put
        loop %%next
        mov al, 10
        call put
        popad
%endmacro

main:
        set_gate 0x10, isr_10, 0x8e00
        mov eax, cr0
        and eax, ~0x2e          ; MP, EM, TS, NE
        or eax, 0x20            ; NE
        mov cr0, eax
        fninit
        fnstenv [area]
        call low_halves
        dump area, 3

        ; Who may not use the unit.
        mov eax, cr0
        or eax, 4
        mov cr0, eax
        try 'FLD1 with EM', fld1
        try 'FNSTSW with EM', fnstsw ax
        try 'WAIT with EM', fwait
        mov eax, cr0
        and eax, ~4
        or eax, 8
        mov cr0, eax
        try 'FLD1 with TS', fld1
        try 'FNINIT with TS', fninit
        try 'WAIT with TS', fwait
        mov eax, cr0
        or eax, 2
        mov cr0, eax
        try 'WAIT with TS and MP', fwait
        try 'FXSAVE with TS', fxsave [area]
        clts

        ; An exception that is not masked waits for the next instruction that waits.
        fninit
        fldcw [unmasked]
        fldz
        fld1
        try 'FDIV by 0', fdiv st0, st1
        fnstsw ax
        movzx eax, ax
        show 'status', eax
        try 'FNSTCW', fnstcw [area]
        try 'FLD1 with an exception pending', fld1
        try 'WAIT', fwait
        try 'FLDCW', fldcw [unmasked]
        try 'FNCLEX', fnclex
        try 'FLD1', fld1
        fninit
        times 8 fldz
        fninit

        ; Arithmetic, in the precisions and roundings of the control word.
        mov ecx, 0
.mode:  mov eax, ecx
        shl eax, 8
        or eax, 0x7f
        mov [control], ax
        fldcw [control]
        fld1
        fld tword [three]
        fdivp st1, st0
        fstp tword [area]
        fldpi
        fsqrt
        fstp qword [area + 12]
        fild dword [area + 12]
        fstp dword [area + 20]
        dump area, 6
        inc ecx
        cmp ecx, 16
        jb .mode
        fninit

        ; Images. What the pointers say is shown relative to the instruction.
        fld qword [number]
        fld1
.there: fadd qword [number]
        fnstenv [area]
        mov eax, [area + 12]
        sub eax, .there
        mov [area + 12], eax
        mov eax, [area + 20]
        sub eax, number
        mov [area + 20], eax
        and dword [area + 16], 0xffff
        call low_halves
        dump area, 7
        fnsave [area]
        mov dword [area + 12], 0
        mov dword [area + 16], 0
        mov dword [area + 20], 0
        call low_halves
        dump area, 27
        frstor [area]
        o16 fnsave [area]
        mov dword [area + 6], 0
        mov dword [area + 10], 0
        dump area, 10
        o16 frstor [area]
        fxsave [area]
        mov dword [area + 4], 0
        mov dword [area + 8], 0
        mov dword [area + 12], 0
        mov dword [area + 16], 0
        mov dword [area + 20], 0
        mov dword [area + 24], 0
        mov dword [area + 28], 0
        dump area, 16
        try 'FXSAVE, unaligned', fxsave [area + 8]
        fninit
        fxrstor [area]
        fnstenv [area]
        call low_halves
        dump area, 3

        ; With NE = 0 the exception comes as IRQ 13.
        call pics
        set_gate 0x2d, coprocessor, 0x8e00
        mov eax, cr0
        and eax, ~0x20
        mov cr0, eax
        mov dword [irqs], 0
        fninit
        fldcw [unmasked]
        fldz
        fld1
        fdiv st0, st1
        sti
        fld1
        cli
        show 'IRQ 13', [irqs]
        show 'status then', [status]
        fnstsw ax
        movzx eax, ax
        show 'status', eax
        ret

; The upper halves of control, status and tags read as ones on a real unit, as zeros under QEMU.
low_halves:
        and dword [area], 0xffff
        and dword [area + 4], 0xffff
        and dword [area + 8], 0xffff
        and dword [area + 24], 0xffff
        ret

coprocessor:
        pushad
        inc dword [irqs]
        fnstsw ax
        movzx eax, ax
        mov [status], eax
        mov al, 0
        out 0xf0, al
        fnclex
        mov al, 0x20
        out 0xa0, al
        out 0x20, al
        popad
        iretd

isr_10: push dword 0xffffffff
        push dword 0x10
        jmp report

pics:   mov al, 0x11
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
        mov al, 0xfb
        out 0x21, al
        mov al, 0xdf
        out 0xa1, al
        ret

section .data
align 16
area:   times 128 dd 0
three:  dt 3.0
number: dq 1234.5678
unmasked: dw 0x340
control: dw 0
irqs:   dd 0
status: dd 0
