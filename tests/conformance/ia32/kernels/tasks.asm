; Tasks: JMP and CALL to a TSS, IRET back, a task gate in the IDT, the busy bits, NT and TS, a fault in a new task.
%include "lab.nasm"

%macro tss_descriptor 2         ; selector, TSS
        mov eax, %2
        mov word [gdt + %1], 0x67
        mov [gdt + %1 + 2], ax
        shr eax, 16
        mov [gdt + %1 + 4], al
        mov byte [gdt + %1 + 5], 0x89
        mov byte [gdt + %1 + 6], 0
        mov [gdt + %1 + 7], ah
%endmacro
%macro task 4                   ; TSS, EIP, ESP, EFLAGS
        mov dword [%1 + 0x20], %2
        mov dword [%1 + 0x24], %4
        mov dword [%1 + 0x38], %3
        mov dword [%1 + 0x48], DATA0
        mov dword [%1 + 0x4c], CODE0
        mov dword [%1 + 0x50], DATA0
        mov dword [%1 + 0x54], DATA0
        mov dword [%1 + 0x58], DATA0
        mov dword [%1 + 0x5c], DATA0
%endmacro
%macro busy 0
        movzx eax, byte [gdt + 0x2d]
        shl eax, 8
        mov al, [gdt + 0x35]
        shl eax, 8
        mov al, [gdt + 0x3d]
        show 'types', eax
%endmacro
%macro status 1
        smsw eax
        and eax, 8
        pushfd
        pop ecx
        and ecx, 0x4000
        or eax, ecx
        show %1, eax
        clts
%endmacro

main:
        tss_descriptor 0x28, tss_main
        tss_descriptor 0x30, tss_a
        tss_descriptor 0x38, tss_b
        mov ax, 0x28
        ltr ax
        task tss_a, task_a, stack_a, 2
        task tss_b, task_b, stack_b, 2
        mov ebx, 0x11111111
        mov esi, 0x22222222
        busy
        jmp 0x30:0
        show 'EBX', ebx
        show 'ESI', esi
        status 'TS and NT'
        busy
        call 0x38:0
        show 'EBX again', ebx
        show 'EBX of B', [tss_b + 0x34]
        show 'back link', [tss_b]
        busy
        call 0x38:0                             ; B goes on behind its IRET
        status 'TS and NT'
        ; A task gate for vector 41.
        mov word [idt + 8 * 0x41 + 2], 0x38
        mov word [idt + 8 * 0x41 + 4], 0x8500
        mov dword [tss_b + 0x20], task_gate
        mov dword [tss_b + 0x38], stack_b
        int 0x41
        show 'through the gate', [gate_count]
        ; … and for #GP, which pushes its error code onto the stack of the task.
        mov eax, [idt + 8 * 13]
        mov [saved], eax
        mov eax, [idt + 8 * 13 + 4]
        mov [saved + 4], eax
        mov word [idt + 8 * 13 + 2], 0x38
        mov word [idt + 8 * 13 + 4], 0x8500
        mov dword [tss_b + 0x20], task_fault
        mov dword [tss_b + 0x38], stack_b
        mov ax, 0x208
        mov ds, ax
fault_here equ $ - 2
        show 'error code in the task', [task_error]
        mov eax, [saved]
        mov [idt + 8 * 13], eax
        mov eax, [saved + 4]
        mov [idt + 8 * 13 + 4], eax
        try 'a busy task', jmp 0x28:0
        mov byte [gdt + 0x35], 0x09
        try 'an absent task', jmp 0x30:0
        mov byte [gdt + 0x35], 0x89
        mov word [gdt + 0x30], 0x66
        try 'a TSS that is too short', jmp 0x30:0
        mov word [gdt + 0x30], 0x67
        busy
        ret

task_a:
        status 'in A, TS and NT'
        str eax
        show 'TR', eax
        mov ebx, 0xaaaaaaaa
        jmp 0x28:0

task_b:
        status 'in B, TS and NT'
        busy
        mov ebx, 0xbbbbbbbb
        iretd
        say 'B again', 10
        status 'in B, TS and NT'
        iretd
        jmp task_b

task_gate:
        inc dword [gate_count]
        iretd

task_fault:
        pop dword [task_error]
        mov eax, [tss_main + 0x20]
        add eax, 2                              ; over MOV DS, AX
        mov [tss_main + 0x20], eax
        iretd

section .data
gate_count: dd 0
task_error: dd 0
saved:  dd 0, 0
section .bss
alignb 16
tss_main: resb 0x68
        resb 8
tss_a:  resb 0x68
        resb 8
tss_b:  resb 0x68
        resb 8
        resb 2048
stack_a:
        resb 2048
stack_b:
