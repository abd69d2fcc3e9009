/** Prints by INT 10h, reads a sector by INT 13h, switches to protected mode, and prints what it read. */
export const BOOT_SECTOR = `
        org 0x7c00
        bits 16
        xor ax, ax
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov sp, 0x7000
        mov si, message
.print: lodsb
        test al, al
        jz .read
        mov ah, 0x0e
        int 0x10
        jmp .print
.read:  mov ax, 0x0201
        mov bx, 0x9000
        mov cx, 2
        mov dx, 0x80
        int 0x13
        cli
        lgdt [gdt_pointer]
        mov eax, cr0
        or al, 1
        mov cr0, eax
        jmp 8:flat
        bits 32
flat:   mov ax, 0x10
        mov ds, ax
        mov ss, ax
        mov esp, 0x80000
        mov ecx, 5000
.loop:  loop .loop
        mov al, [0x9000]
        mov dx, 0x3f8
        out dx, al
        xor al, al
        out 0xf4, al
        hlt
message: db 'from real mode', 0
        align 8
gdt:    dq 0, 0x00cf9a000000ffff, 0x00cf92000000ffff
gdt_pointer: dw 23
        dd gdt
`;
