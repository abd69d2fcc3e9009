; Two loops of as many rounds. Ring 0, flat protected mode, at 1 M, interrupts off.

        mov esi, {{half}}
        mov edi, 1              ; the first half
one:    {{first}}
        dec esi
        jnz one

        mov esi, {{half}}
        mov edi, 2              ; the second half
two:    {{second}}
        dec esi
        jnz two

; Says "ok" on the serial line and switches off.
        mov edi, 3
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
