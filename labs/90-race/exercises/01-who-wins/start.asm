; Two loops, one after the other. It starts in ring 0, in flat protected mode, at 1 M, with interrupts off.

        mov ebp, {{times}}
one:    {{first}}
        dec ebp
        jnz one

        mov ebp, {{others}}
two:    {{second}}
        dec ebp
        jnz two

; Says "ok" on the serial line and switches off.
        mov dx, 0x3f8
        mov al, 'o'
        out dx, al
        mov al, 'k'
        out dx, al
        mov al, 10
        out dx, al
        xor al, al
        out 0xf4, al
        hlt

place:  dd 0, 0
