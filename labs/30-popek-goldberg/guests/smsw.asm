; smsw: the low half of CR0 has two doors. MOV from CR0 is privileged; SMSW, older by a generation, is not.
; Must print: "smsw: ok".

        mov eax, cr0            ; a kernel saves floating-point registers late: TS, bit 3, tells it when
        or eax, 8
        mov cr0, eax

        mov eax, cr0            ; read it by the guarded door
        and eax, 0xffff
        mov [guarded], eax
        mov edi, 0x19           ; ET, TS and PE
        mov esi, by_mov
        call compare

        smsw ax                 ; and by the open one
        movzx eax, ax
        mov edi, [guarded]
        mov esi, by_smsw
        call compare

        clts                    ; TS off again
        smsw ax
        and eax, 8
        mov edi, 0
        mov esi, cleared
        call compare

        mov esi, done
        jmp finish

%include "serial.inc"

guarded: dd 0
by_mov: db 'MOV from CR0 ', 0
by_smsw: db 'SMSW         ', 0
cleared: db 'TS cleared   ', 0
done:   db 'smsw: ok', 10, 0
