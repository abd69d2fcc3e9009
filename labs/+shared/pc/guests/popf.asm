; popf: save the flags, turn interrupts off, restore the flags, wait for the timer. Every kernel does this all day.
; Needs: timer, interrupt controller. Must print: "popf: ok".

        lgdt [gdt_pointer]
        jmp 8:begin
begin:  mov eax, tick           ; the timer's gate
        mov [idt + 8*0x20], ax
        shr eax, 16
        mov [idt + 8*0x20 + 6], ax
        lidt [idt_pointer]
        call start_timer

        sti                     ; from here on interrupts are on
        mov esi, before
        call print

; #region section
save:   pushfd                  ; the flags, IF = 1 among them
        cli                     ; the critical section begins
        pushfd                  ; look: are they off?
        pop eax
        shr eax, 9              ; IF is bit 9
        and eax, 1
        mov edi, 0
        mov esi, inside
        call compare
restore:
        popfd                   ; back to IF = 1
; #endregion

        mov esi, after
        call print
        mov dword [ticks], 0
wait:   hlt                     ; until the timer interrupts
        cmp dword [ticks], 1
        jb wait
        mov esi, done
        jmp finish

%include "timer.inc"
%include "serial.inc"

before: db 'Interrupts are on.', 10, 0
inside: db 'IF in the critical section: ', 0
after:  db 'Flags restored. Waiting for the timer ...', 10, 0
done:   db 'popf: ok', 10, 0
ticks:  dd 0
align 8
gdt:    dq 0, 0x00cf9a000000ffff, 0x00cf92000000ffff, 0x00cf92000000ffff
gdt_pointer: dw $-gdt-1
        dd gdt
align 8
idt:    times 0x21 dq 0x00008e0000080000
idt_pointer: dw $-idt-1
        dd idt
