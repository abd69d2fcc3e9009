; rings: a kernel starts a program in ring 3; the program computes and calls the kernel, again and again.
; Must print: "rings: ok".

        mov esp, 0x90000
        lgdt [gdt_pointer]
        jmp 8:begin
begin:  mov ax, 0x10
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov eax, task           ; where the stack of ring 0 stands
        mov [gdt + 0x28 + 2], ax
        shr eax, 16
        mov [gdt + 0x28 + 4], al
        mov ax, 0x28
        ltr ax
        mov eax, service        ; the gate of INT 80h, open to ring 3
        mov [gate], ax
        shr eax, 16
        mov [gate + 6], ax
        lidt [idt_pointer]
        mov al, 0xff            ; no device interrupts
        out 0x21, al
        out 0xa1, al

        xor eax, eax
        push dword 0x23         ; IRET into ring 3: SS, ESP, flags with IF, CS, EIP
        push dword 0x80000
        push dword 0x202
        push dword 0x1b
        push dword program
        iretd

; #region program
program:                        ; in ring 3
        mov ecx, 100
.next:  add eax, ecx
        dec ecx
        jnz .next
        int 0x80                ; a system call
        jmp program
; #endregion

service:                        ; in ring 0
        mov bx, 0x10            ; the kernel's data segments
        mov ds, bx
        mov es, bx
        inc dword [calls]
        cmp dword [calls], 20
        je .end
        mov bx, 0x23
        mov ds, bx
        mov es, bx
        iretd
.end:   mov edi, 20 * 5050
        mov esi, text
        call compare
        mov esi, done
        jmp finish

%include "serial.inc"

align 4096                      ; data in a page without code
text:   db 'sum ', 0
done:   db 'rings: ok', 10, 0
calls:  dd 0
align 8
gdt:    dq 0, 0x00cf9a000000ffff, 0x00cf92000000ffff, 0x00cffa000000ffff, 0x00cff2000000ffff
        dq 0x0000890000000067
gdt_pointer: dw $-gdt-1
        dd gdt
align 8
task:   dd 0, 0x88000, 0x10
        times 23 dd 0
idt:    times 0x80 dq 0
gate:   dq 0x0000ee0000080000
idt_pointer: dw $-idt-1
        dd idt
