; behaves: a kernel that uses only sensitive instructions that trap. Interrupts are turned on by STI, never by POPF or
; IRET, and nobody looks at flags or tables. Must print: "behaves: ok".

        lgdt [gdt_pointer]
        jmp 8:begin
begin:  mov eax, tick           ; the timer's gate
        mov [idt + 8*0x20], ax
        shr eax, 16
        mov [idt + 8*0x20 + 6], ax
        lidt [idt_pointer]
        call start_timer

        mov eax, cr0            ; TS on and off again
        or eax, 8
        mov cr0, eax
        clts

wait:   sti                     ; asked for anew before each wait
        hlt
        mov eax, [ticks]
        cmp eax, 3
        jb wait
        cli
        mov edi, 3
        mov esi, counted
        call compare
        mov esi, done
        jmp finish

%include "timer.inc"
%include "serial.inc"

counted: db 'Ticks: ', 0
done:   db 'behaves: ok', 10, 0
ticks:  dd 0
align 8
gdt:    dq 0, 0x00cf9a000000ffff, 0x00cf92000000ffff, 0x00cf92000000ffff
gdt_pointer: dw $-gdt-1
        dd gdt
align 8
idt:    times 0x21 dq 0x00008e0000080000
idt_pointer: dw $-idt-1
        dd idt
