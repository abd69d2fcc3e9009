; The seven nanobenchmarks of Adams and Agesen (ASPLOS 2006, section 6.3) as a kernel of their own: each does one
; privileged operation again and again and prints how many cycles of the time-stamp counter that took. The loop around
; it is counted too, empty, as `loop`; each is run once beforehand, so that whoever learns has learnt.
; Their `cr8wr` writes the priority register of the interrupt controller, which 32-bit code reaches in memory.

ROUNDS  equ 1000
COM1    equ 0x3f8
EXIT    equ 0xf4
CODE0   equ 8
DATA0   equ 0x10
CODE3   equ 0x1b
DATA3   equ 0x23
TASK    equ 0x28
TABLES  equ 0x200000            ; directory and four page tables: the first 16 M where they are
PAGES   equ TABLES + 0x1000
HOLE    equ 0x700000            ; a page that is not there
SPARE   equ 0x701000            ; a page whose entry is changed; nobody touches the page
NEIGHBOUR equ 0x702000
APIC    equ 0xfee00000
PRIORITY equ APIC + 0x80

        lgdt [gdt_pointer]
        jmp CODE0:.begin
.begin: mov ax, DATA0
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov fs, ax              ; what the loader left there is in no table any more
        mov gs, ax
        mov esp, stack
        mov eax, task           ; the task segment, for the stack of level 0
        mov [gdt + TASK + 2], ax
        shr eax, 16
        mov [gdt + TASK + 4], al
        mov ax, TASK
        ltr ax
        mov eax, divide_error
        mov ebx, idt
        call set_gate
        mov eax, page_fault
        mov ebx, idt + 8*14
        call set_gate
        lidt [idt_pointer]
        mov al, 0xff            ; no device interrupts, but the flag is on in programs, as in any system
        out 0x21, al
        out 0xa1, al
        call map
        mov ecx, 0x174          ; where SYSENTER goes
        mov eax, CODE0
        xor edx, edx
        wrmsr
        mov ecx, 0x175
        mov eax, stack
        wrmsr
        mov ecx, 0x176
        mov eax, system_call
        wrmsr

        mov ebp, benchmarks     ; name, code
.each:  mov esi, [ebp]
        test esi, esi
        jz .end
        call [ebp + 4]          ; once, to learn
        rdtsc
        mov [began], eax
        call [ebp + 4]
        rdtsc
        sub eax, [began]
        push eax
        call print
        pop eax
        call decimal
        mov esi, newline
        call print
        add ebp, 8
        jmp .each
.end:   mov esi, done
        call print
        xor al, al
        out EXIT, al
        hlt

; ---- the operations, ROUNDS times each; they keep EBP and ESI

b_loop: mov ecx, ROUNDS
.again: dec ecx
        jnz .again
        ret

b_syscall:
        mov [kernel_stack], esp
        mov dword [calls], ROUNDS
        mov edx, user           ; SYSEXIT: EIP from EDX, ESP from ECX
        mov ecx, user_stack
        sti
        sysexit
user:   mov edx, .back
        mov ecx, esp
        sysenter
.back:  jmp user
system_call:
        dec dword [calls]
        jz .end
        sti
        sysexit
.end:   mov esp, [kernel_stack]
        mov ax, DATA0           ; SYSENTER has loaded CS and SS
        mov ds, ax
        mov es, ax
        ret

b_in:   mov ecx, ROUNDS
.again: in al, 0x80
        dec ecx
        jnz .again
        ret

b_cr8wr:
        mov ecx, ROUNDS
        xor eax, eax
.again: mov [PRIORITY], eax
        dec ecx
        jnz .again
        ret

b_callret:
        mov ecx, ROUNDS
.again: call .callee
        dec ecx
        jnz .again
.callee: ret

b_pgfault:
        mov ecx, ROUNDS
        mov ebx, HOLE
.again: mov eax, [ebx]          ; 2 bytes, which the handler steps over
        dec ecx
        jnz .again
        ret
page_fault:
        add esp, 4              ; the error code
        add dword [esp], 2
        iretd

b_divzero:
        mov ecx, ROUNDS
        xor edx, edx
        xor ebx, ebx
.again: div ebx                 ; 2 bytes
        dec ecx
        jnz .again
        ret
divide_error:
        add dword [esp], 2
        iretd

b_ptemod:
        mov eax, [NEIGHBOUR]    ; the table is in use
        mov ecx, ROUNDS
        mov ebx, PAGES + (SPARE >> 12) * 4
.again: mov [ebx], ecx          ; another entry each time, every second one present
        dec ecx
        jnz .again
        ret

; ---- setting up

; set_gate: the gate at EBX leads to EAX.
set_gate:
        mov [ebx], ax
        mov word [ebx + 2], CODE0
        shr eax, 16
        mov word [ebx + 4], 0x8e00
        mov [ebx + 6], ax
        ret

; map: the first 16 M where they are, for programs too, and the local APIC; switches paging on.
map:    mov edi, TABLES
        xor eax, eax
        mov ecx, 6 * 1024
        rep stosd
        mov edi, PAGES
        mov eax, 7
        mov ecx, 4 * 1024
.page:  stosd
        add eax, 0x1000
        loop .page
        and dword [PAGES + (HOLE >> 12) * 4], ~1
        mov dword [TABLES], PAGES + 7
        mov dword [TABLES + 4], PAGES + 0x1007
        mov dword [TABLES + 8], PAGES + 0x2007
        mov dword [TABLES + 12], PAGES + 0x3007
        mov dword [TABLES + (APIC >> 22) * 4], TABLES + 0x5000 + 7
        mov dword [TABLES + 0x5000 + ((APIC >> 12) & 1023) * 4], APIC + 0x13
        mov eax, TABLES
        mov cr3, eax
        mov eax, cr0
        or eax, 0x80000000
        mov cr0, eax
        jmp .on
.on:    ret

; print: the text at ESI, up to a zero byte.
print:  mov dx, COM1
.next:  lodsb
        test al, al
        jz .end
        out dx, al
        jmp .next
.end:   ret

; decimal: EAX.
decimal:
        mov ebx, 10
        xor ecx, ecx
.digit: xor edx, edx
        div ebx
        push edx
        inc ecx
        test eax, eax
        jnz .digit
        mov dx, COM1
.out:   pop eax
        add al, '0'
        out dx, al
        loop .out
        ret

; ---- data, in pages of their own: who keeps a copy of the code watches its pages

align 4096
n_loop: db 'loop ', 0
n_syscall: db 'syscall ', 0
n_in:   db 'in ', 0
n_cr8wr: db 'cr8wr ', 0
n_callret: db 'callret ', 0
n_pgfault: db 'pgfault ', 0
n_divzero: db 'divzero ', 0
n_ptemod: db 'ptemod ', 0
newline: db 10, 0
done:   db 'nano: ok', 10, 0
align 4
benchmarks:
        dd n_loop, b_loop, n_syscall, b_syscall, n_in, b_in, n_cr8wr, b_cr8wr, n_callret, b_callret
        dd n_pgfault, b_pgfault, n_divzero, b_divzero, n_ptemod, b_ptemod, 0
began:  dd 0
calls:  dd 0
kernel_stack: dd 0
align 8
gdt:    dq 0, 0x00cf9a000000ffff, 0x00cf92000000ffff, 0x00cffa000000ffff, 0x00cff2000000ffff
        dq 0x0000890000000067
gdt_pointer: dw $-gdt-1
        dd gdt
align 8
idt:    times 32 dq 0
idt_pointer: dw $-idt-1
        dd idt
align 8
task:   dd 0, stack, DATA0
        times 22 dd 0
        dw 0, 0x68
        times 256 dd 0
stack:  times 64 dd 0
user_stack:
