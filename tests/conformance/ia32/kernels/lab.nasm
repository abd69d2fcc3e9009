; What all test kernels share: the multiboot header, a GDT, an IDT whose handlers report and recover, and printing to
; COM1. A kernel defines `main`; it prints what it sees and returns, or ends by `finish`.

bits 32
section .text
align 4
        dd 0x1badb002, 0, -0x1badb002

global start
start:
        mov esp, stack_top
        cld
        lgdt [gdt_pointer]
        jmp CODE0:.reload
.reload:
        mov ax, DATA0
        mov ds, ax
        mov es, ax
        mov fs, ax
        mov gs, ax
        mov ss, ax
        call fill_idt
        lidt [idt_pointer]
        call main
finish:
        mov al, 0
        out 0xf4, al
        cli
        hlt
        jmp finish

; ---------------------------------------------------------------- printing

put:                            ; AL
        push edx
        push eax
        mov dx, 0x3fd
.wait:  in al, dx
        test al, 0x20
        jz .wait
        pop eax
        mov dx, 0x3f8
        out dx, al
        pop edx
        ret

puts:                           ; [ESI], zero-terminated
        push eax
        push esi
.next:  mov al, [esi]
        inc esi
        test al, al
        jz .done
        call put
        jmp .next
.done:  pop esi
        pop eax
        ret

hex32:                          ; EAX as 8 digits
        push ecx
        mov ecx, 8
        call hexn
        pop ecx
        ret
hexn:                           ; EAX as ECX digits
        push ebx
        push ecx
        push edx
        mov edx, eax
        mov ebx, ecx
        neg ecx
        add ecx, 8
        shl ecx, 2
        shl edx, cl             ; a count of 32 never comes: at least one digit
.next:  rol edx, 4
        mov al, dl
        and al, 15
        cmp al, 10
        sbb al, 0x69
        das
        call put
        dec ebx
        jnz .next
        mov eax, edx
        pop edx
        pop ecx
        pop ebx
        ret

%macro say 1+
        pushad
        mov esi, %%text
        call puts
        popad
        jmp %%over
%%text: db %1, 0
%%over:
%endmacro

%macro show 2                   ; name, 32-bit operand
        pushad
        mov eax, %2
        push eax
        mov esi, %%text
        call puts
        pop eax
        call hex32
        mov al, 10
        call put
        popad
        jmp %%over
%%text: db %1, ' ', 0
%%over:
%endmacro

; ---------------------------------------------------------------- exceptions that are expected

; `try NAME, instruction…`: prints the name and either `ok` or vector, error code and whether EIP is the instruction's.
%macro try 2+
        mov dword [recover], %%after
        mov [recover_esp], esp
        mov dword [expected], %%here
        mov dword [caught], 0
%%here: %2
%%after:
        pushad
        mov esi, %%text
        call puts
        call verdict
        popad
        jmp %%over
%%text: db %1, ': ', 0
%%over:
%endmacro

verdict:
        cmp dword [caught], 0
        jne .fault
        mov esi, .ok
        jmp puts
.fault: mov al, '!'
        call put
        mov eax, [vector]
        mov ecx, 2
        call hexn
        mov al, ' '
        call put
        mov eax, [error]
        mov ecx, 8
        call hexn
        mov esi, .here
        mov eax, [fault_at]
        cmp eax, [expected]
        je puts
        mov esi, .elsewhere
        jmp puts
.ok:    db 'ok', 10, 0
.here:  db 10, 0
.elsewhere: db ' elsewhere', 10, 0

%macro handler 2                ; vector, 1 if the processor pushes an error code
align 16
isr_%1:
%if %2 = 0
        push dword 0xffffffff
%endif
        push dword 0x%1
        jmp report
%endmacro

handler 00, 0
handler 01, 0
handler 02, 0
handler 03, 0
handler 04, 0
handler 05, 0
handler 06, 0
handler 07, 0
handler 08, 1
handler 09, 0
handler 0a, 1
handler 0b, 1
handler 0c, 1
handler 0d, 1
handler 0e, 1
handler 0f, 0

report:                         ; vector, error, EIP, CS, EFLAGS [, ESP, SS]
        push eax
        mov ax, DATA0
        mov ds, ax
        mov es, ax
        pop eax
        mov [saved_eax], eax
        pop dword [vector]
        pop dword [error]
        mov dword [caught], 1
        mov eax, [esp]
        mov [fault_at], eax
        mov eax, [esp + 4]
        mov [at_cs], eax
        mov eax, [esp + 8]
        mov [at_flags], eax
        cmp dword [hook], 0
        jne .hooked
        mov ax, DATA0
        mov ss, ax
        mov eax, [saved_eax]
        mov esp, [recover_esp]
        jmp [recover]
.hooked:
        mov eax, [saved_eax]
        jmp [hook]              ; the frame stands on the stack from EIP on

fill_idt:
        mov edi, idt
        mov eax, isr_00
        mov ecx, 16
.next:  call gate
        add eax, 16
        loop .next
        ret
gate:                           ; interrupt gate for EAX at EDI, which moves on
        mov [edi], ax
        mov word [edi + 2], CODE0
        mov word [edi + 4], 0x8e00
        push eax
        shr eax, 16
        mov [edi + 6], ax
        pop eax
        add edi, 8
        ret

%macro set_gate 3               ; vector, handler, access (0x8e00 interrupt gate, 0xee00 for ring 3)
        mov eax, %2
        mov edi, idt + 8 * %1
        call gate
        mov word [idt + 8 * %1 + 4], %3
%endmacro

; ---------------------------------------------------------------- tables

CODE0 equ 0x08
DATA0 equ 0x10
CODE3 equ 0x18 | 3
DATA3 equ 0x20 | 3

section .data
align 8
gdt:    dq 0
        dq 0x00cf9b000000ffff   ; 08 code, ring 0
        dq 0x00cf93000000ffff   ; 10 data, ring 0
        dq 0x00cffb000000ffff   ; 18 code, ring 3
        dq 0x00cff3000000ffff   ; 20 data, ring 3
gdt_free:
        times 27 dq 0           ; 28 … for the kernel's own
gdt_pointer:
        dw 32 * 8 - 1
        dd gdt
idt_pointer:
        dw 256 * 8 - 1
        dd idt
vector:  dd 0
error:   dd 0
fault_at: dd 0
at_cs:   dd 0
at_flags: dd 0
caught:  dd 0
expected: dd 0
recover: dd 0
recover_esp: dd 0
saved_eax: dd 0
hook:    dd 0

section .bss
alignb 4096
idt:    resb 256 * 8
        resb 16384
stack_top:

section .text
