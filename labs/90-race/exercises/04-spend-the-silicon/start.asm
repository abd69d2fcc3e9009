; A mixture. Ring 0, flat protected mode, at 1 M, interrupts off.

        mov ebp, {{rounds}}
again:
%rep {{often}}
        {{first}}
%endrep
        {{second}}
        mov ecx, {{work}}
work:   mov eax, [place]
        add eax, ecx
        mov [place], eax
        dec ecx
        jnz work
        dec ebp
        jnz again

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
