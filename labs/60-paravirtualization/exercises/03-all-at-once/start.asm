; Maps {{pages}} pages in reverse order at window, one hypercall for each, and reads them there.

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
next:   mov eax, ebp            ; the entry: my page number ebp, to be read only
        shl eax, 12
        add eax, pages
        call frame_of
        shl eax, 12
        or eax, 1
        mov edx, {{pages}} - 1  ; where it goes
        sub edx, ebp
        shl edx, 12
        add edx, window
        ask UPDATE_VA_MAPPING, edx, eax, 0, 2
        inc ebp
        cmp ebp, {{pages}}
        jb next

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

sum:    db 'Sum: ', 0
done:   db 'done', 10, 0
align 4096
pages:  times {{pages}} * 1024 dd 0
window: times {{pages}} * 1024 dd 0
