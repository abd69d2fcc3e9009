; Virtual-8086 mode under a small monitor, then real-address mode.
%include "lab.nasm"

REAL equ 0x7000                 ; where the 16-bit code is copied to, segment 700

main:
        mov esi, code16
        mov edi, REAL
        mov ecx, code16_end - code16
        rep movsb
        mov dword [tss + 4], ring0_top
        mov dword [tss + 8], DATA0
        mov word [tss + 0x66], 0x68
        mov byte [tss + 0x68 + 0x80 / 8], 0xfe
        mov byte [tss + 0x68 + 0x60 / 8], 0x01
        mov byte [tss + 0x68 + 32], 0xff
        mov eax, tss
        mov word [gdt + 0x28], 0x68 + 32
        mov [gdt + 0x2a], ax
        shr eax, 16
        mov [gdt + 0x2c], al
        mov byte [gdt + 0x2d], 0x89
        mov ax, 0x28
        ltr ax
        set_gate 0x20, ring0_int20, 0xee00
        mov dword [hook], monitor
        mov [return_esp], esp
        mov dword [iopl], 0
        call enter
        say 'IOPL 3', 10
        mov dword [iopl], 0x3000
        call enter
        mov dword [hook], 0
        jmp real

enter:  mov [return_esp], esp
        push dword 0x4000       ; GS
        push dword 0x3000       ; FS
        push dword 0x0700       ; DS
        push dword 0x0800       ; ES
        push dword 0x0900       ; SS
        push dword 0x1000       ; ESP
        mov eax, 0x20002
        or eax, [iopl]
        push eax
        push dword 0x0700
        push dword 0
        iretd

; From virtual-8086 mode the frame is EIP, CS, EFLAGS, ESP, SS, ES, DS, FS, GS.
monitor:
        pushad
        mov eax, [vector]
        mov ecx, 2
        call hexn
        mov al, ' '
        call put
        mov eax, [error]
        call hex32
        mov al, ' '
        call put
        mov eax, [esp + 32]             ; IP
        mov ecx, 4
        call hexn
        mov al, ' '
        call put
        movzx eax, word [esp + 36]      ; CS
        shl eax, 4
        movzx ecx, word [esp + 32]
        movzx eax, byte [eax + ecx]
        mov ecx, 2
        call hexn
        mov al, ' '
        call put
        mov eax, [esp + 40]             ; EFLAGS
        and eax, 0x27200
        call hex32
        mov al, ' '
        call put
        mov eax, [esp + 44]             ; ESP
        mov ecx, 4
        call hexn
        mov al, ' '
        call put
        mov eax, ds
        mov ecx, 4
        call hexn
        mov al, 10
        call put
        movzx eax, word [esp + 36]
        shl eax, 4
        movzx ecx, word [esp + 32]
        cmp byte [eax + ecx], 0xf4      ; HLT ends the program
        je .done
.skip:  inc dword [esp + 32]            ; behind the next NOP
        inc ecx
        cmp byte [eax + ecx - 1], 0x90
        jne .skip
        popad
        iretd
.done:  mov eax, [esp + 20]
        show 'DX', eax
        mov esp, [return_esp]
        ret

ring0_int20:
        push eax
        mov eax, ds                     ; null, as the segments of the 8086 program mean nothing here
        mov [ss:seen_ds], eax
        mov eax, [esp + 12]
        and eax, 0x20000
        mov [ss:seen], eax
        pop eax
        iretd

; The same through real-address mode: interrupts by the vector table.
real:
        mov dword [4 * 0x21], 0x0700 << 16 | (int21 - code16)
        mov dword [gdt + 0x30], 0x7000ffff
        mov dword [gdt + 0x34], 0x00009b00
        mov dword [gdt + 0x38], 0x0000ffff
        mov dword [gdt + 0x3c], 0x00009300
        mov [return_esp], esp
        lidt [real_idt]
        mov ax, 0x38
        mov ds, ax
        mov es, ax
        mov ss, ax
        jmp 0x30:(real16 - code16)
back_from_real:
        mov ax, DATA0
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov esp, [return_esp]
        lidt [idt_pointer]
        show 'VM flag of the gate', [seen]
        show 'DS in the gate', [seen_ds]
        show 'real mode returned', ebp
        show 'stored', [0x8010]
        ret

bits 16
code16: mov ax, ds
        mov dx, ax
        mov ax, es
        add dx, ax
        mov [0x100], dx
        mov bx, 0x10
        mov [es:bx], dx
        mov si, 0xffff
        mov word [es:0xfffe], 0x1234
        mov al, [es:si]
        nop
        cli
        nop
        sti
        nop
        pushf
        nop
        popf
        nop
        int 0x20
        nop
        int 0x21
        nop
        in al, 0x60
        nop
        out 0x80, al
        nop
        mov eax, cr0
        nop
        lgdt [0]
        nop
        sldt ax
        nop
        lar ax, bx
        nop
        db 0x0f, 0x0b
        nop
        smsw ax
        mov dh, al
        and dh, 1
        hlt
int21:  add ebp, 0x100
        iret
real16: mov eax, cr0
        and al, 0xfe
        mov cr0, eax
        jmp 0x0700:(.real - code16)
.real:  mov ax, 0x0900
        mov ss, ax
        mov sp, 0x1000
        mov ax, 0x0800
        mov es, ax
        xor ebp, ebp
        int 0x21
        int 0x21
        pushf
        push cs
        call near .inner
        add bp, 2
        mov word [es:0x10], 0xcafe
        mov bx, 0x700
        mov ds, bx
        mov al, [0]
        mov ah, 0
        add bp, ax
        call far [cs:(.pointer - code16)]
        mov eax, cr0
        or al, 1
        mov cr0, eax
        jmp dword CODE0:back_from_real
.inner: inc bp
        iret
.far:   add bp, 0x1000
        retf
.pointer: dw .far - code16, 0x0700
code16_end:
bits 32

section .data
return_esp: dd 0
iopl:   dd 0
seen:   dd 0
seen_ds: dd 0
real_idt: dw 0x3ff
        dd 0
section .bss
alignb 16
tss:    resb 0x68 + 32 + 8
        resb 4096
ring0_top:
