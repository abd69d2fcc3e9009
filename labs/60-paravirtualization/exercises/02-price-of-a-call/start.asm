; A loop with something in it that Xen has to do. The guest times it five times and prints the least, for an interrupt
; may come between.

%include "xen.inc"

main:   mov eax, page           ; an entry that leads to a page of mine
        call frame_of
        shl eax, 12
        or eax, {{bits}}
        mov [mine], eax
        mov eax, window         ; machine address of the entry that maps window
        call entry_of
        mov ebx, list           ; 20 updates: each makes that entry lead to my page
        mov ecx, 20
fill:   mov [ebx], eax
        mov edx, [mine]
        mov [ebx + 8], edx
        add ebx, 16
        dec ecx
        jnz fill

        mov edi, 5
again:  rdtsc                   ; cycles since the machine was switched on
        mov [before], eax
        mov ebp, {{rounds}}
round:  {{body}}
        dec ebp
        jnz round
        rdtsc
        sub eax, [before]
        cmp eax, [least]
        jae .more
        mov [least], eax
.more:  dec edi
        jnz again
        mov eax, [least]
        mov esi, cycles
        call say
        mov esi, done
        jmp finish

mine:   dd 0
list:   times 80 dd 0           ; machine address of an entry, and its new value, 64 bits each
before: dd 0
least:  dd 0x7fffffff
cycles: db 'Cycles: ', 0
done:   db 'done', 10, 0
align 4096
page:   times 1024 dd 0
window: times 1024 dd 0
