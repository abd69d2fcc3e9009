; A kernel's loop. What prints the end is in serial.inc and does not count.

        mov esp, 0x90000
        mov dword [left], {{rounds}}
        jmp round
round:
        {{first}}
        {{second}}
        {{third}}
        {{fourth}}
        dec dword [left]
        jnz round
        mov esi, done
        jmp finish
nothing:
        ret

%include "serial.inc"

align 4096                      ; data in a page without code
left:   dd 0
place:  times 4 dd 0
done:   db 'done', 10, 0
