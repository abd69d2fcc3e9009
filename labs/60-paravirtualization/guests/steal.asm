; steal: asks for every frame of the machine, whoever owns it. Must print: "steal: ok".
WINDOW  equ BASE + 0x100000     ; where each is mapped, if it is

%include "xen.inc"

main:
        ask MEMORY_OP, 2        ; the machine's highest frame
        mov edi, eax
        mov esi, highest
        call say

        ; #region all
        xor ebp, ebp            ; frames that were let through
next:   mov eax, edi
        shl eax, 12
        or eax, 1               ; present, to be read only
        ask UPDATE_VA_MAPPING, WINDOW, eax, 0, 2
        test eax, eax
        jnz refused
        inc ebp
refused:
        dec edi
        jns next
        ; #endregion
        mov eax, ebp
        mov esi, mapped
        call say
        mov eax, [start_info]
        mov eax, [eax + PAGES]
        inc eax                 ; and the page that Xen shares with me
        mov esi, mine
        call say
        mov esi, done
        cmp eax, ebp
        je finish
        mov esi, wrong
        jmp finish

highest: db 'Highest frame of the machine: ', 0
mapped: db 'Frames that I could map: ', 0
mine:   db 'Frames that are mine: ', 0
done:   db 'steal: ok', 10, 0
wrong:  db 'steal: WRONG', 10, 0
