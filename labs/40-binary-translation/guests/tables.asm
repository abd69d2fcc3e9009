; tables: a kernel with paging lets one page of its address space show one frame after the other.
; Must print: "tables: ok".

DIRECTORY equ 0x200000
TABLE   equ 0x201000            ; maps the first 4 M
WINDOW  equ 0x300000            ; the page that is mapped anew
FRAMES  equ 0x310000            ; sixteen frames to look at

        mov esp, 0x90000
        lgdt [gdt_pointer]
        jmp 8:begin
begin:  mov ax, 0x10
        mov ds, ax
        mov es, ax
        mov ss, ax

        mov ecx, 0              ; every address is its own, present and writable
.fill:  mov eax, ecx
        shl eax, 12
        or eax, 3
        mov [TABLE + ecx*4], eax
        inc ecx
        cmp ecx, 1024
        jb .fill
        mov dword [DIRECTORY], TABLE + 3
        mov ecx, 0              ; each frame holds its number
.mark:  mov eax, ecx
        shl eax, 12
        mov [FRAMES + eax], ecx
        inc ecx
        cmp ecx, 16
        jb .mark

        mov eax, DIRECTORY
        mov cr3, eax
        mov eax, cr0
        or eax, 0x80000000
        mov cr0, eax            ; paging on

; #region window
        mov ebp, 0
round:  mov eax, ebp            ; one frame after the other
        and eax, 15
        shl eax, 12
        add eax, FRAMES + 3
        mov [TABLE + (WINDOW >> 12) * 4], eax
        invlpg [WINDOW]
        mov eax, [WINDOW]       ; what is in the window now?
        add [sum], eax
        inc ebp
        cmp ebp, 160
        jb round
; #endregion

        mov eax, [sum]
        mov edi, 10 * 120
        mov esi, text
        call compare
        mov esi, done
        jmp finish

%include "serial.inc"

align 4096                      ; data in a page without code
text:   db 'sum ', 0
done:   db 'tables: ok', 10, 0
sum:    dd 0
align 8
gdt:    dq 0, 0x00cf9a000000ffff, 0x00cf92000000ffff
gdt_pointer: dw $-gdt-1
        dd gdt
