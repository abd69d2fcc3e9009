; Physical address extension: three levels of 64-bit entries, 4 K and 2 M pages, rights, accessed and dirty bits.
%include "lab.nasm"

PRESENT equ 1
WRITABLE equ 2
USER equ 4
LARGE equ 0x80

main:
        ; Identity for the first 8 M by 2 M pages, a table for the 2 M at 8 M.
        mov edi, directory
        mov eax, PRESENT | WRITABLE | USER | LARGE
        mov ecx, 4
.fill:  mov [edi], eax
        mov dword [edi + 4], 0
        add eax, 0x200000
        add edi, 8
        loop .fill
        mov dword [directory + 4 * 8], table + (PRESENT | WRITABLE | USER)
        mov dword [pointers], directory + PRESENT
        mov dword [pointers + 8], 0
        mov dword [pointers + 16], 0
        mov dword [pointers + 24], 0

        mov eax, cr4
        or eax, 0x20
        mov cr4, eax
        ; Reserved bits of a pointer are found when CR3 is loaded with paging on, or when paging is switched on.
        mov dword [pointers + 8], 0x1e7
        mov eax, pointers
        mov cr3, eax
        mov ebx, cr0
        or ebx, 0x80000000
        try 'paging on with a bad pointer', {mov cr0, ebx}
        mov dword [pointers + 8], 0
        try 'paging on', {mov cr0, ebx}

        mov dword [table + 0 * 8], frame0 + (PRESENT | WRITABLE)
        mov dword [table + 1 * 8], frame1 + PRESENT
        mov dword [table + 2 * 8], 0
        mov dword [table + 3 * 8], frame0 + (PRESENT | WRITABLE)
        mov dword [table + 3 * 8 + 4], 0x40000000
        mov dword [table + 4 * 8], frame0 + (PRESENT | WRITABLE)
        mov dword [table + 4 * 8 + 4], 0x80000000
        mov dword [frame0], 0x11111111
        mov dword [frame1], 0x22222222
        mov eax, [0x800000]
        show 'mapped', eax
        mov eax, [table]
        and eax, 0x67
        show 'entry after a read', eax
        mov dword [0x800004], 0x33333333
        show 'by its frame', [frame0 + 4]
        mov eax, [table]
        and eax, 0x67
        show 'entry after a write', eax
        mov eax, [directory + 4 * 8]
        and eax, 0x27
        show 'directory entry', eax
        mov eax, [0x801000]
        show 'second page', eax
        mov eax, cr0
        or eax, 0x10000
        mov cr0, eax
        try 'write to it with WP', {mov dword [0x801000], 1}
        mov eax, cr2
        show 'CR2', eax
        try 'page that is not there', {mov eax, [0x802abc]}
        mov eax, cr2
        show 'CR2', eax
        try 'reserved bit', {mov eax, [0x803000]}
        try 'execute disable without NXE', {mov eax, [0x804000]}
        try 'directory that is not there', {mov eax, [0xa00000]}
        try 'pointer that is not there', {mov eax, [0x40000000]}

        ; Pointers are loaded with CR3 alone.
        mov dword [pointers + 8], directory2 + PRESENT
        try 'pointer changed in memory', {mov eax, [0x40000000]}
        mov dword [directory2], PRESENT | WRITABLE | LARGE
        mov eax, pointers
        mov cr3, eax
        try 'after MOV to CR3', {mov eax, [0x40000000 + frame1]}
        show 'read there', eax
        mov eax, [directory2]
        show 'its entry', eax
        mov dword [directory2], PRESENT | WRITABLE | LARGE | 0x2000
        mov eax, cr3
        mov cr3, eax
        try 'reserved bit of a 2 M page', {mov eax, [0x40000000]}
        mov dword [pointers + 8], 0x1e7
        mov eax, pointers
        try 'CR3 with a bad pointer', {mov cr3, eax}
        mov dword [pointers + 8], 0

        ; And off again.
        mov eax, cr0
        and eax, ~0x80000000
        mov cr0, eax
        mov eax, cr4
        and eax, ~0x20
        mov cr4, eax
        say 'off', 10
        ret

section .bss
alignb 4096
directory: resb 4096
directory2: resb 4096
table:  resb 4096
frame0: resb 4096
frame1: resb 4096
pointers: resb 32
