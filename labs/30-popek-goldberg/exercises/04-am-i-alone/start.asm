; Print "{{alone}}" on a machine of your own, and "{{watched}}" under a monitor.
; The only sensitive instruction that you may use is {{mnemonic}}. print and finish are in serial.inc.

        mov esp, 0x90000
        mov esi, alone
        jmp finish

%include "serial.inc"

place:  times 2 dd 0
alone:  db '{{alone}}', 10, 0
watched: db '{{watched}}', 10, 0
