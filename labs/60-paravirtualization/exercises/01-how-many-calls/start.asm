; In every round the guest asks Xen for something, or does not have to.

%include "xen.inc"

main:   mov eax, page           ; an entry that leads to a page of mine, to be read only
        call frame_of
        shl eax, 12
        or eax, 1
        mov [mine], eax
        mov eax, window         ; where the entry stands that maps window
        call entry_of
        mov ebx, good
        mov ecx, 8
fill:   mov [ebx], eax          ; four updates in good, then four in broken
        mov edx, [mine]
        mov [ebx + 8], edx
        add ebx, 16
        dec ecx
        jnz fill
        mov dword [broken + 24], 0x5001 ; the second of broken leads to a frame of Xen

        mov ebp, {{rounds}}
round:  {{first}}
        {{second}}
        {{third}}
        {{fourth}}
        dec ebp
        jnz round
        mov esi, done
        jmp finish

mine:   dd 0
good:   times 16 dd 0           ; machine address of an entry, and its new value, 64 bits each
broken: times 16 dd 0
several: dd XEN_VERSION, 0, 0, 0, 0, 0, 0, 0    ; calls for MULTICALL: number, answer, six words
        dd XEN_VERSION, 0, 0, 0, 0, 0, 0, 0
        dd XEN_VERSION, 0, 0, 0, 0, 0, 0, 0
done:   db 'done', 10, 0
align 4096
page:   times 1024 dd 0
window: times 1024 dd 0
