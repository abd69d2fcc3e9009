; A kernel that does a few things, round after round, as the guest of a hypervisor that uses VT-x.

        cli
        mov esp, 0x90000
        lidt [table]
        mov dword [left], {{rounds}}
round:
        {{first}}
        {{second}}
        {{third}}
        {{fourth}}
        {{fifth}}
        dec dword [left]
        jnz round
        mov esi, done
        jmp finish

%include "serial.inc"

left:   dd 0
table:  dw 0, 0x5678, 0x1234
place:  times 4 dd 0
done:   db 'done', 10, 0
