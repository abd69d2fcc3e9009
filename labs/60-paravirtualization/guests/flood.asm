; flood: sends events as fast as it can, to ports that lead nowhere and to itself. Must print: "flood: ok".
ROUNDS  equ 20000

%include "xen.inc"

main:
        ask EVENT_CHANNEL_OP, 7, ipi    ; a port that leads to myself
        mov esi, bound
        call say

        mov edi, ROUNDS
        ; #region flood
send:   ask EVENT_CHANNEL_OP, 4, ipi + 4
        ask EVENT_CHANNEL_OP, 4, nowhere
        dec edi
        jnz send
        ; #endregion
        ask EVENT_CHANNEL_OP, 4, nowhere
        mov esi, answer
        call say
        mov esi, done
        jmp finish

bound:  db 'Bind a port to myself: ', 0
answer: db 'Send to a port that leads nowhere: ', 0
done:   db 'flood: ok', 10, 0
ipi:    dd 0, 0                 ; processor; the port comes behind it
nowhere: dd 99
