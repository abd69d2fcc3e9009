; segments: a kernel asks at which level it runs, and what its segments are. Nothing here traps.
; Must print: "segments: ok".

        lgdt [gdt_pointer]
        jmp 8:begin             ; code segment 8, level 0
begin:
        mov ax, cs              ; the two low bits of CS: the level
        movzx eax, ax
        mov edi, 8
        mov esi, moved
        call compare

        push cs                 ; the same, by the stack
        pop eax
        and eax, 0xffff
        mov edi, 8
        mov esi, pushed
        call compare

        mov ecx, 8              ; rights of the descriptor: present, level 0, code
        lar eax, ecx
        and eax, 0xf000         ; the level stands in bits 13 and 14
        mov edi, 0x9000
        mov esi, rights
        call compare

        mov ecx, 0x10           ; last address of the data segment: all of 4 G
        lsl eax, ecx
        mov edi, 0xffffffff
        mov esi, limit
        call compare

        mov esi, done
        jmp finish

%include "serial.inc"

moved:  db 'MOV from CS ', 0
pushed: db 'PUSH CS     ', 0
rights: db 'LAR         ', 0
limit:  db 'LSL         ', 0
done:   db 'segments: ok', 10, 0
align 8
gdt:    dq 0, 0x00cf9a000000ffff, 0x00cf92000000ffff, 0x00cf92000000ffff
gdt_pointer: dw $-gdt-1
        dd gdt
