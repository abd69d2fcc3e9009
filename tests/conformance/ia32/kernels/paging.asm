; Paging: 4 K and 4 M pages, rights, WP, accessed and dirty bits, INVLPG, error codes.
%include "lab.nasm"

DIRECTORY equ 0x200000
TABLE equ 0x201000              ; maps 4 M to 8 M of linear addresses
AREA equ 0x400000

%macro page 2                   ; page of the area, entry
        mov dword [TABLE + 4 * %1], %2
        invlpg [AREA + 0x1000 * %1]
%endmacro

%macro entry 1
        show 'entry', [TABLE + 4 * %1]
%endmacro

main:
        mov edi, DIRECTORY
        xor eax, eax
        mov ecx, 2048
        rep stosd
        mov dword [DIRECTORY], 0x87             ; the first 4 M: one large page, user
        mov dword [DIRECTORY + 4], TABLE | 7
        mov dword [0x300000], 0x11111111
        mov dword [0x301000], 0x22222222
        mov eax, cr4
        or eax, 0x90                            ; PSE, PGE
        mov cr4, eax
        mov eax, DIRECTORY
        mov cr3, eax
        mov eax, cr0
        or eax, 0x80000000
        mov cr0, eax
        say 'paging is on', 10
        show 'large', [DIRECTORY]

        try 'absent page', mov eax, [AREA]
        mov eax, cr2
        show 'CR2', eax
        try 'absent table', mov [0x12345678], eax
        mov eax, cr2
        show 'CR2', eax
        page 0, 0x300001
        try 'read', mov eax, [AREA]
        entry 0
        try 'write to read-only, WP off', mov dword [AREA + 4], 5
        entry 0
        mov eax, cr0
        or eax, 0x10000
        mov cr0, eax
        try 'write to read-only, WP on', mov [AREA + 8], eax
        mov eax, cr2
        show 'CR2', eax
        page 1, 0x301003
        try 'write', mov dword [AREA + 0x1000], 7
        entry 1
        page 2, 0x300003
        try 'across two pages, second absent', mov [AREA + 0x2ffe], eax
        mov eax, cr2
        show 'CR2', eax
        show 'nothing stored', [0x300ffc]
        try 'read across', mov eax, [AREA + 0xffe]
        try 'call of an absent page', call AREA + 0x5000

        say 'stale translations', 10
        mov eax, [AREA]
        mov dword [TABLE], 0x301003
        invlpg [AREA]
        mov eax, [AREA]
        show 'after INVLPG', eax
        mov dword [TABLE + 4 * 4], 0x302000
        mov dword [TABLE + 4 * 4], 0x302003
        mov dword [AREA + 0x4000], 0x44444444
        show 'absent entries are not kept', [0x302000]
        mov dword [TABLE + 4 * 6], 0x303001
        mov eax, [AREA + 0x6000]
        mov dword [TABLE + 4 * 6], 0x303003
        try 'right grown without INVLPG', mov dword [AREA + 0x6000], 6

        say 'ring 3', 10
        mov dword [tss + 4], ring0_top
        mov dword [tss + 8], DATA0
        mov eax, tss
        mov word [gdt + 0x28], 0x67
        mov [gdt + 0x2a], ax
        shr eax, 16
        mov [gdt + 0x2c], al
        mov byte [gdt + 0x2d], 0x89
        mov [gdt + 0x2f], ah
        mov ax, 0x28
        ltr ax
        page 0, 0x300003                        ; supervisor
        page 1, 0x301005                        ; user, read-only
        page 2, 0x302007                        ; user
        mov dword [hook], user_fault
        mov [user_return], esp
        push dword DATA3
        push dword user_top
        push dword 0x202
        push dword CODE3
        push dword user
        iretd
back:
        mov esp, [user_return]
        mov ax, DATA0
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov dword [hook], 0

        show 'page directory', [DIRECTORY + 4]
        ret

; Ring 3: each access faults or not; the hook prints and goes on behind it.
user:
        mov ax, DATA3
        mov ds, ax
        mov es, ax
        mov eax, [AREA]
        nop
        mov [AREA], eax
        nop
        mov eax, [AREA + 0x1000]
        nop
        mov [AREA + 0x1000], eax
        nop
        mov eax, [AREA + 0x2000]
        nop
        mov [AREA + 0x2000], eax
        nop
        mov eax, [AREA + 0x3000]
        nop
        cli
        nop
        hlt
        nop
        mov eax, cr0
        nop
        ud2

user_fault:
        cmp dword [vector], 6
        je back
        pushad
        mov eax, [vector]
        mov ecx, 2
        call hexn
        mov al, ' '
        call put
        mov eax, [error]
        call hex32
        mov al, ' '
        call put
        mov eax, [fault_at]
        sub eax, user
        call hex32
        mov al, 10
        call put
        popad
        push eax
        mov eax, [esp + 4]
.skip:  inc eax                                 ; behind the next NOP
        cmp byte [eax - 1], 0x90
        jne .skip
        mov [esp + 4], eax
        mov ax, DATA3
        mov ds, ax
        mov es, ax
        pop eax
        iretd

section .data
user_return: dd 0
section .bss
alignb 4096
tss:    resb 0x68
        resb 4096
ring0_top:
        resb 4096
user_top:
