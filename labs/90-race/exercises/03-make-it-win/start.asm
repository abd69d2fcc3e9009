; Ring 0, flat protected mode, at 1 M, interrupts off.

        mov ebp, 1000
again:  nop                     ; what should stand here?
        dec ebp
        jnz again

        mov esi, text
        mov dx, 0x3f8
say:    mov al, [esi]
        test al, al
        jz off
        out dx, al
        inc esi
        jmp say
off:    out 0xf4, al            ; AL is 0: the end, and all is well
        hlt

text:   db '{{word}} ok', 10, 0
place:  dd 0, 0
