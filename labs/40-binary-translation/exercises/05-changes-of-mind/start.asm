; A kernel that lets several pages show one frame after the other: each of its stores into the page table is watched.

DIRECTORY equ 0x200000
TABLE   equ 0x201000            ; maps the first 4 M
WINDOW  equ 0x300000            ; pages that are mapped anew

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
        mov eax, [WINDOW]

        mov ebp, {{rounds}}
round:  mov eax, ebp
        and eax, 7
        shl eax, 12
        add eax, 0x310003
        mov [TABLE + (WINDOW >> 12) * 4], eax
        test ebp, {{second}}
        jnz .b
        mov [TABLE + (WINDOW >> 12) * 4 + 4], eax
.b:     test ebp, {{third}}
        jnz .c
        mov [TABLE + (WINDOW >> 12) * 4 + 8], eax
.c:     test ebp, {{fourth}}
        jnz .d
        mov [TABLE + (WINDOW >> 12) * 4 + 12], eax
.d:     dec ebp
        jnz round
        mov esi, done
        jmp finish

%include "serial.inc"

align 4096                      ; data in a page without code
done:   db 'done', 10, 0
