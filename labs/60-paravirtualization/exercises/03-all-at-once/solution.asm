; Maps {{pages}} pages in reverse order at window, by one list of changes, and reads them there.

%include "xen.inc"

main:   xor ebp, ebp            ; page number ebp of pages gets the value {{step}} * (ebp + 1)
        mov edi, pages
        mov eax, {{step}}
mark:   mov [edi], eax
        add eax, {{step}}
        add edi, PAGE
        inc ebp
        cmp ebp, {{pages}}
        jb mark

        xor ebp, ebp
        mov edi, list
next:   mov eax, {{pages}} - 1
        sub eax, ebp
        shl eax, 12
        add eax, window
        call entry_of
        mov [edi], eax
        mov eax, ebp
        shl eax, 12
        add eax, pages
        call frame_of
        shl eax, 12
        or eax, 1
        mov [edi + 8], eax
        add edi, 16
        inc ebp
        cmp ebp, {{pages}}
        jb next
        ask MMU_UPDATE, list, {{pages}}, 0, SELF
        ask MMUEXT_OP, forget, 1, 0, SELF

        xor ebp, ebp            ; the sum of (place + 1) * what stands there
        xor ebx, ebx
        mov edi, window
read:   inc ebp
        mov eax, [edi]
        imul eax, ebp
        add ebx, eax
        add edi, PAGE
        cmp ebp, {{pages}}
        jb read
        mov eax, ebx
        mov esi, sum
        call say
        mov esi, done
        jmp finish

list:   times {{pages}} * 4 dd 0
forget: dd FLUSH, 0, 0
sum:    db 'Sum: ', 0
done:   db 'done', 10, 0
align 4096
pages:  times {{pages}} * 1024 dd 0
window: times {{pages}} * 1024 dd 0
