; A kernel that touches pages of a window, changes some of their entries, and touches them again.

DIRECTORY equ 0x200000
TABLE   equ 0x201000            ; maps the first 4 M
WINDOW  equ 0x300000

        mov esp, 0x90000
        mov ecx, 0              ; every address is its own, present and writable
.fill:  mov eax, ecx
        shl eax, 12
        or eax, 3
        mov [TABLE + ecx*4], eax
        inc ecx
        cmp ecx, 1024
        jb .fill
        mov dword [DIRECTORY], TABLE + 3
        mov eax, DIRECTORY
        mov cr3, eax
        mov eax, cr0
        or eax, 0x80000000
        mov cr0, eax            ; paging on

        mov edx, {{rounds}}
round:  mov ecx, 0
.touch: mov eax, ecx
        shl eax, 12
        {{first}}
        {{second}}
        inc ecx
        cmp ecx, {{pages}}
        jb .touch
        mov eax, cr3            ; empties the translation look-aside buffer
        mov cr3, eax
        dec edx
        jnz round

        mov ecx, 0
.change: mov eax, ecx           ; other frames for the first pages
        shl eax, 12
        add eax, 0x340003
        mov [TABLE + (WINDOW >> 12) * 4 + ecx*4], eax
        inc ecx
        cmp ecx, {{changed}}
        jb .change
        mov eax, cr3
        mov cr3, eax

        mov ecx, 0
.again: mov eax, ecx
        shl eax, 12
        mov ebx, [WINDOW + eax]
        inc ecx
        cmp ecx, {{pages}}
        jb .again

        mov esi, done
        jmp finish

%include "serial.inc"

align 4096                      ; data in a page without code
done:   db 'done', 10, 0
