; A loop with something in it whose price is wanted.

        mov esp, 0x90000
        mov ecx, {{rounds}}
round:  {{instruction}}
        dec ecx
        jnz round
        mov esi, done
        jmp finish

%include "serial.inc"

align 4096                      ; data in a page without code
place:  times 2 dd 0
done:   db 'done', 10, 0
