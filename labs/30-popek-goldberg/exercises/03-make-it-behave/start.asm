; A kernel with critical sections: it saves the flags, turns interrupts off, works, and restores the flags.
; On the bare machine it counts to {{rounds}} and ends. Under the naive monitor it waits for ever.

        mov esp, 0x90000
        lgdt [gdt_pointer]
        jmp 8:begin
begin:  mov ax, 0x10
        mov ds, ax
        mov es, ax
        mov eax, tick           ; the timer's gate
        mov [idt + 8*0x20], ax
        shr eax, 16
        mov [idt + 8*0x20 + 6], ax
        lidt [idt_pointer]
        call start_timer
        sti

round:  call section
        mov eax, [ticks]        ; wait for the timer
wait:   hlt
        cmp eax, [ticks]
        je wait
        cmp dword [count], {{rounds}}
        jb round

        mov esi, text
        mov eax, [sum]
        mov edi, {{sum}}
        call compare
        mov esi, done
        jmp finish

section:
        pushfd
        cli
        inc dword [count]       ; nobody may come in between
        mov eax, [count]
        imul eax, {{factor}}
        add [sum], eax
        popfd
        ret

tick:   push eax
        inc dword [ticks]
        mov al, 0x20            ; end of interrupt
        out 0x20, al
        pop eax
        iret

start_timer:                    ; only the timer, as vector 20h
        mov al, 0x11
        out 0x20, al
        mov al, 0x20
        out 0x21, al
        mov al, 4
        out 0x21, al
        mov al, 1
        out 0x21, al
        mov al, 0xfe
        out 0x21, al
        mov al, 0xff
        out 0xa1, al
        mov al, 0x34
        out 0x43, al
        mov al, 0
        out 0x40, al
        mov al, 4
        out 0x40, al
        ret

%include "serial.inc"

text:   db 'sum ', 0
done:   db 'done', 10, 0
ticks:  dd 0
count:  dd 0
sum:    dd 0
align 8
gdt:    dq 0, 0x00cf9a000000ffff, 0x00cf92000000ffff
gdt_pointer: dw $-gdt-1
        dd gdt
align 8
idt:    times 0x21 dq 0x00008e0000080000
idt_pointer: dw $-idt-1
        dd idt
