; Rings: system calls by INT 80, privileged and sensitive instructions in ring 3, the I/O permission map, call gates
; with parameters, flags that POPF may not change, a stack of an inner ring.
%include "lab.nasm"

main:
        mov dword [tss + 4], ring0_top
        mov dword [tss + 8], DATA0
        mov dword [tss + 12], ring1_top
        mov dword [tss + 16], 0x40 | 1
        mov word [tss + 0x66], 0x68
        mov byte [tss + 0x68 + 0x80 / 8], 0xfe          ; port 80 is free
        mov byte [tss + 0x68 + 0xf4 / 8], 0xff
        mov byte [tss + 0x68 + 0x3f8 / 8], 0xff
        mov byte [tss + 0x68 + 128], 0xff
        mov eax, tss
        mov word [gdt + 0x28], 0x68 + 128
        mov [gdt + 0x2a], ax
        shr eax, 16
        mov [gdt + 0x2c], al
        mov byte [gdt + 0x2d], 0x89
        mov ax, 0x28
        ltr ax
        ; 30: call gate to ring 0, two parameters; 38: code of ring 1; 40: data of ring 1; 48: gate to ring 1
        mov eax, gate_target
        mov [gdt + 0x30], ax
        mov dword [gdt + 0x32], CODE0 | (0xec02 << 16)
        shr eax, 16
        mov [gdt + 0x36], ax
        mov dword [gdt + 0x38], 0x0000ffff
        mov dword [gdt + 0x3c], 0x00cfbb00
        mov dword [gdt + 0x40], 0x0000ffff
        mov dword [gdt + 0x44], 0x00cfb300
        mov eax, ring1_target
        mov [gdt + 0x48], ax
        mov dword [gdt + 0x4a], 0x38 | (0xec00 << 16)
        shr eax, 16
        mov [gdt + 0x4e], ax
        set_gate 0x80, system_call, 0xee00
        mov dword [hook], ring3_fault
        mov [return_esp], esp
        push dword DATA3
        push dword user_top
        push dword 0x0002
        push dword CODE3
        push dword user
        iretd

; EAX = 0: print EBX with the text at ESI; 1: end.
system_call:
        push ds
        push es
        mov cx, DATA0
        mov ds, cx
        mov es, cx
        cmp eax, 1
        je .end
        mov eax, ebx
        push eax
        call puts
        pop eax
        call hex32
        mov al, 10
        call put
        pop es
        pop ds
        iretd
.end:   mov esp, [return_esp]
        mov dword [hook], 0
        show 'calls by gate', [gate_calls]
        ret

ring3_fault:
        pushad
        mov eax, [vector]
        mov ecx, 2
        call hexn
        mov al, ' '
        call put
        mov eax, [error]
        call hex32
        mov esi, .in
        call puts
        mov eax, [at_cs]
        mov ecx, 4
        call hexn
        mov al, 10
        call put
        popad
        push eax
        mov eax, [esp + 4]
.skip:  inc eax
        cmp byte [eax - 1], 0x90
        jne .skip
        mov [esp + 4], eax
        mov ax, DATA3
        mov ds, ax
        mov es, ax
        pop eax
        iretd
.in:    db ' in ', 0

%macro tell 2
        mov esi, %%text
        mov ebx, %2
        xor eax, eax
        int 0x80
        jmp %%over
%%text: db %1, ' ', 0
%%over:
%endmacro
%macro may 1+                   ; an instruction that may fault, with a NOP behind it
        %1
        nop
%endmacro

bits 32
user:
        mov ax, DATA3
        mov ds, ax
        mov es, ax
        mov eax, cs
        tell 'CS', eax
        may cli
        may sti
        may hlt
        may mov eax, cr0
        may mov cr3, eax
        may mov eax, dr7
        may lgdt [gdt_pointer]
        may lidt [idt_pointer]
        may ltr ax
        may lmsw ax
        may clts
        may invlpg [0]
        may wbinvd
        may rdmsr
        may int 0x21
        may int 3
        may in al, 0x60
        may out 0xf4, al
        may out 0x80, al
        may out 0x80, ax
        mov edx, 0x3f8
        may in eax, dx
        ; What leaks without a trap.
        smsw eax
        tell 'SMSW', eax
        sgdt [scratch]
        movzx eax, word [scratch]
        tell 'SGDT limit', eax
        sidt [scratch]
        movzx eax, word [scratch]
        tell 'SIDT limit', eax
        str eax
        tell 'STR', eax
        sldt eax
        tell 'SLDT', eax
        lar eax, [ring0_data]
        setz al
        movzx eax, al
        tell 'LAR of ring 0', eax
        ; What is dropped without a trap.
        pushfd
        or dword [esp], 0x3200
        popfd
        pushfd
        pop eax
        and eax, 0x3200
        tell 'IF and IOPL after POPF', eax
        pushfd
        or dword [esp], 0x4000
        popfd
        pushfd
        pop eax
        and eax, 0x4000
        tell 'NT after POPF', eax
        pushfd
        and dword [esp], ~0x4000
        popfd
        ; Call gates.
        push dword 0x1234
        push dword 0x5678
        call 0x30:0
        tell 'sum of the parameters', eax
        mov eax, esp
        sub eax, user_top
        tell 'ESP after the call', eax
        call 0x48:0
        tell 'CS in ring 1', eax
        may call CODE0:gate_target
        mov ax, 0x10
        may mov ds, ax
        mov ax, DATA3
        may mov ds, ax
        mov eax, ds
        tell 'DS', eax
        mov eax, 1
        int 0x80

gate_target:
        mov eax, [esp + 8]
        add eax, [esp + 12]
        inc dword [ss:gate_calls]
        retf 8

ring1_target:
        mov eax, cs
        mov ecx, ss
        shl ecx, 16
        or eax, ecx
        retf

section .data
return_esp: dd 0
gate_calls: dd 0
ring0_data: dw 0x10
scratch: dd 0, 0
section .bss
alignb 16
tss:    resb 0x68 + 128 + 8
        resb 4096
ring0_top:
        resb 4096
ring1_top:
        resb 4096
user_top:
