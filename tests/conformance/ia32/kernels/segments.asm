; Segmentation: what may be loaded and what not, transfers, and the instructions that ask about descriptors. Limits
; and types at each access are tested by limits.c: QEMU does not check them.
%include "lab.nasm"

%macro descriptor 3             ; selector, low, high
        mov dword [gdt + %1], %2
        mov dword [gdt + %1 + 4], %3
%endmacro

main:
        descriptor 0x28, 0x00000fff, 0x00409300        ; data, limit FFF
        descriptor 0x30, 0x00000fff, 0x00409100        ; data, read-only
        descriptor 0x38, 0x0000ffff, 0x00cf9900        ; code, execute-only
        descriptor 0x40, 0x0000ffff, 0x00cf9b00        ; code, readable
        descriptor 0x48, 0x00000fff, 0x00409700        ; data, expand-down from 1000
        descriptor 0x50, 0x0000ffff, 0x00cf1300        ; data, not present
        descriptor 0x58, 0x00000067, 0x00008900        ; TSS, available
        descriptor 0x60, 0x00000007, 0x00008200        ; LDT
        descriptor 0x68, 0x0000ffff, 0x00cf9f00        ; code, conforming, readable
        descriptor 0x70, 0x00080000, 0x0000ec00        ; call gate, ring 3
        descriptor 0x78, 0x00000fff, 0x00009700        ; data, expand-down, 16 bits
        descriptor 0x80, 0x0000000f, 0x00c09300        ; data, limit FFFF by granularity

        say 'loads', 10
        xor eax, eax
        lldt ax
        try 'null ES', mov es, [zero]
        try 'beyond the table', mov es, [beyond]
        try 'read-only in SS', mov ss, [s30]
        try 'execute-only in ES', mov es, [s38]
        try 'readable code in ES', mov es, [s40]
        try 'not present in ES', mov es, [s50]
        try 'TSS in ES', mov es, [s58]
        try 'null in SS', mov ss, [zero]
        try 'ring 3 selector in SS', mov ss, [data3]
        try 'ring 3 data in ES', mov es, [data3]
        try 'LDT without one', mov es, [local]

        say 'asking', 10
%assign s 0x28
%rep 12
        mov eax, 0xdeadbeef
        mov ecx, s
        lar eax, cx
        pushfd
        show 'LAR', eax
        popfd
        setz al
        movzx eax, al
        show 'ZF', eax
        mov eax, 0xdeadbeef
        lsl eax, ecx
        show 'LSL', eax
        mov ecx, s
        verr cx
        setz al
        verw cx
        setz ah
        movzx eax, ax
        show 'VERR VERW', eax
%assign s s + 8
%endrep
        mov eax, 0x0008
        mov ecx, 0x0013
        arpl ax, cx
        setz cl
        movzx ecx, cl
        show 'ARPL', eax
        show 'ZF', ecx

        say 'transfers', 10
        try 'jump to data', jmp 0x10:0
        try 'jump to null', jmp 0:0
        try 'jump to ring 3', jmp CODE3:0
        try 'jump beyond limit', call far [far_beyond]
        try 'jump to LDT', jmp 0x60:0
        try 'return outward to data', call bad_return
        try 'UD2', ud2
        try 'LOCK on a register', db 0xf0, 0x01, 0xc0
        try 'INT3', int3
        try 'INT 40 without gate', int 0x40
        mov eax, 5
        try 'BOUND inside', bound eax, [bounds]
        mov eax, 11
        try 'BOUND outside', bound eax, [bounds]
        mov edx, 1
        xor ecx, ecx
        try 'DIV by 0', div ecx
        mov al, 0x7f
        inc al
        try 'INTO', into

        say 'local table', 10
        mov eax, ldt
        mov [gdt + 0x62], ax
        shr eax, 16
        mov [gdt + 0x64], al
        mov ax, 0x60
        lldt ax
        sldt eax
        show 'SLDT', eax
        mov ax, 4
        mov es, ax
        mov eax, es
        show 'ES', eax
        try 'LTR of data', ltr [s28]
        mov ax, 0x58
        ltr ax
        str eax
        show 'STR', eax
        show 'busy', [gdt + 0x5c]
        try 'LTR again', ltr [s58]
        ret

bad_return:
        push dword 0x10
        push dword 0
        retf

section .data
zero:   dw 0
beyond: dw 0x200
local:  dw 0x0c
s28:    dw 0x28
s30:    dw 0x30
s38:    dw 0x38
s40:    dw 0x40
s50:    dw 0x50
s58:    dw 0x58
data3:  dw DATA3
bounds: dd 1, 10
far_beyond:
        dd 0x2000
        dw 0x28
align 8
ldt:    dd 0x000000ff, 0x00409300
