; sgdt: set the processor's table registers, then read them back.
; LGDT, LIDT and LTR are privileged. SGDT, SIDT, SLDT and STR are not. Must print: "sgdt: ok".

        mov eax, task           ; the descriptor of the task holds its address in pieces
        mov [task_descriptor + 2], ax
        shr eax, 16
        mov [task_descriptor + 4], al
        mov [task_descriptor + 7], ah

        lgdt [gdt_pointer]      ; set ...
        lidt [idt_pointer]
        mov ax, 0x20
        ltr ax

        sgdt [seen]             ; ... and read back
        mov eax, [seen + 2]
        mov edi, gdt
        mov esi, gdtr
        call compare

        sidt [seen]
        mov eax, [seen + 2]
        mov edi, idt
        mov esi, idtr
        call compare

        sldt ax                 ; never set: zero since the reset
        movzx eax, ax
        mov edi, 0
        mov esi, ldtr
        call compare

        str ax
        movzx eax, ax
        mov edi, 0x20
        mov esi, tr
        call compare

        mov esi, done
        jmp finish

%include "serial.inc"

gdtr:   db 'GDTR ', 0
idtr:   db 'IDTR ', 0
ldtr:   db 'LDTR ', 0
tr:     db 'TR   ', 0
done:   db 'sgdt: ok', 10, 0
seen:   dw 0
        dd 0
align 8
gdt:    dq 0, 0x00cf9a000000ffff, 0x00cf9a000000ffff, 0x00cf92000000ffff
task_descriptor:
        dw 0x67, 0, 0x8900, 0
gdt_pointer: dw $-gdt-1
        dd gdt
idt_pointer: dw 8*32-1
        dd idt
align 8
idt:    times 32 dq 0
task:   times 26 dd 0
