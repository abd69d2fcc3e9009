; kernel: what a kernel does with the processor, one of each: tables, paging, flags, ports, the timer, CPUID.
; Each line checks that the answer is this kernel's own. Must print: "kernel: ok".
DIRECTORY equ 0x200000
TABLE     equ 0x201000
PAGE      equ 0x300000          ; a page to touch
ROUNDS    equ 20

; #region own
        lgdt [gdt_pointer]      ; a kernel's own segments, tables and ring
        jmp 8:begin
begin:  lidt [idt_pointer]
        sgdt [place]
        mov eax, [place+2]
        mov edi, gdt
        mov esi, said_gdt
        call compare
        mov eax, cs
        mov edi, 8              ; ring 0
        mov esi, said_cs
        call compare
; #endregion

        mov ecx, 1024           ; paging: the first 4 M by pages of 4 K, each mapped to itself
        mov edi, TABLE
        mov eax, 3
fill:   mov [edi], eax
        add eax, 0x1000
        add edi, 4
        loop fill
        mov dword [DIRECTORY], TABLE + 3
; #region paging
        mov eax, DIRECTORY
        mov cr3, eax
        mov eax, cr0
        or eax, 0x80000000
        mov cr0, eax
        mov ecx, ROUNDS
touch:  invlpg [PAGE]           ; forget where the page is
        mov eax, [PAGE]         ; and find it again: a walk
        loop touch
        mov eax, cr3            ; another address space, as after a switch of processes
        mov cr3, eax
; #endregion

        mov eax, tick
        mov [idt + 8*0x20], ax
        shr eax, 16
        mov [idt + 8*0x20 + 6], ax
        call start_timer
; #region section
        sti
        pushfd                  ; a critical section: flags saved, interrupts off, flags restored
        cli
        pushfd
        pop eax
        shr eax, 9
        and eax, 1
        mov edi, 0
        mov esi, said_if
        call compare
        popfd
wait:   hlt                     ; until the timer has interrupted three times
        cmp dword [ticks], 3
        jb wait
; #endregion
        mov eax, 0
        cpuid                   ; who made this processor?
        mov [maker], ebx
        mov [maker+4], edx
        mov [maker+8], ecx
        mov esi, maker
        call print
        mov esi, done
        jmp finish

%include "timer.inc"
%include "serial.inc"

said_gdt: db 'GDT at ', 0
said_cs:  db 'CS ', 0
said_if:  db 'IF in the critical section: ', 0
maker:  db '............', 10, 0
done:   db 'kernel: ok', 10, 0
place:  times 2 dd 0
ticks:  dd 0
align 8
gdt:    dq 0, 0x00cf9a000000ffff, 0x00cf92000000ffff, 0x00cf92000000ffff
gdt_pointer: dw $-gdt-1
        dd gdt
align 8
idt:    times 0x21 dq 0x00008e0000080000
idt_pointer: dw $-idt-1
        dd idt
