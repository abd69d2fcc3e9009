; Print "{{alone}}" on a machine of your own, and "{{watched}}" where the kernel is translated.
; Sensitive instructions that you may use: RDTSC and {{mnemonic}}. print and finish are in serial.inc.

        mov esp, 0x90000
        mov esi, alone
        jmp finish

%include "serial.inc"

align 4096                      ; data in a page without code
place:  times 4 dd 0
alone:  db '{{alone}}', 10, 0
watched: db '{{watched}}', 10, 0
