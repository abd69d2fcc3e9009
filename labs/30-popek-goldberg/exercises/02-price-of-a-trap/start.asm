; A loop with one instruction in it whose price is wanted.

        mov esp, 0x90000
        mov ecx, {{rounds}}
round:  {{instruction}}
        dec ecx
        jnz round
        mov esi, done
        jmp finish

%include "serial.inc"

place:  dd 0
done:   db 'done', 10, 0
