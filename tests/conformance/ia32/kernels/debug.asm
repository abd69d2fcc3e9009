; Debug registers: breakpoints on instructions and data, RF, single step.
%include "lab.nasm"

%macro hit 1                    ; what the last debug exception told
        pushad
        mov esi, %%text
        call puts
        mov eax, [hits]
        mov ecx, 2
        call hexn
        mov al, ' '
        call put
        mov eax, [last_dr6]
        call hex32
        mov al, ' '
        call put
        mov eax, [last_at]
        sub eax, [base]
        call hex32
        mov al, ' '
        call put
        mov eax, [last_flags]
        and eax, 0x100
        call hex32
        mov al, 10
        call put
        mov dword [hits], 0
        mov dword [last_dr6], 0
        mov dword [last_at], 0
        mov dword [last_flags], 0
        xor eax, eax
        mov dr6, eax
        popad
        jmp %%over
%%text: db %1, ': ', 0
%%over: mov dword [base], $
%endmacro

main:
        set_gate 1, debugged, 0x8e00
        mov eax, dr6
        show 'DR6', eax
        mov eax, dr7
        show 'DR7', eax
        mov eax, 0xffff0000
        and eax, ~0x2000
        mov dr7, eax
        mov eax, dr7
        show 'DR7', eax
        xor eax, eax
        mov dr7, eax
        mov dr6, eax

        ; An instruction breakpoint is a fault; RF, which the handler sets, lets the instruction go on.
        mov dword [base], .here
        mov eax, .here
        mov dr0, eax
        mov eax, 0x2            ; G0, execute
        mov dr7, eax
        mov byte [resume], 1
        nop
.here:  inc dword [counter]
        nop
        hit 'instruction'
        show 'executed', [counter]

        ; Data: the trap comes after the instruction.
        mov eax, watched
        mov dr1, eax
        mov eax, 0x00d00008     ; G1, write, 4 bytes
        mov dr7, eax
        mov byte [resume], 0
        mov dword [base], .w1
        mov eax, [watched]
        hit 'read of a write breakpoint'
        mov dword [base], .w1
.w1:    mov dword [watched], 5
        nop
        hit 'write'
        mov dword [base], .w2
.w2:    mov byte [watched + 3], 5
        nop
        hit 'write of the last byte'
        mov dword [base], .w3
.w3:    mov dword [watched - 2], 5
        nop
        hit 'write across'
        mov byte [watched + 4], 5
        hit 'write behind'
        mov eax, 0x00f00008     ; G1, read or write, 4 bytes
        mov dr7, eax
        mov dword [base], .w4
.w4:    mov eax, [watched]
        nop
        hit 'read'
        mov dword [base], .w5
.w5:    add dword [watched], 1
        nop
        hit 'read and write'
        mov dword [base], .w6
        mov ebp, esp
        mov esp, watched + 4
.w6:    push eax
        mov esp, ebp
        hit 'push'
        mov esi, watched - 8
        mov edi, scratch
        mov ecx, 5
        mov dword [base], .w7
.w7:    rep movsd
        nop
        hit 'string'

        ; General detect: a fault, so the handler steps over the MOV.
        mov eax, 0x2000
        mov dr7, eax
        mov byte [resume], 2
        mov dword [base], .gd
.gd:    mov ebx, dr0
        nop
        hit 'general detect'
        mov eax, dr7
        show 'DR7', eax
        xor eax, eax
        mov dr7, eax

        ; Single step, and that no step follows a load of SS.
        mov byte [resume], 0
        pushfd
        or dword [esp], 0x100
        popfd
        nop
        mov ax, ss
        mov ss, ax
        nop
        pushfd
        and dword [esp], ~0x100
        popfd
        hit 'single steps'

        ; CR4.DE: DR4 and DR5 are gone.
        mov eax, cr4
        or eax, 8
        mov cr4, eax
        try 'DR4 with DE', {mov eax, dr4}
        mov eax, cr4
        and eax, ~8
        mov cr4, eax
        try 'DR4 without', {mov eax, dr4}
        ret

debugged:
        push eax
        inc dword [hits]
        mov eax, dr6
        mov [last_dr6], eax
        mov eax, [esp + 4]
        mov [last_at], eax
        mov eax, [esp + 12]
        mov [last_flags], eax
        cmp byte [resume], 1
        jne .other
        or dword [esp + 12], 0x10000
.other: cmp byte [resume], 2
        jne .done
        add dword [esp + 4], 3
.done:  pop eax
        iretd

section .data
align 16
scratch: times 8 dd 0
        dd 0, 0
watched: dd 0, 0, 0, 0
counter: dd 0
base:   dd 0
hits:   dd 0
last_dr6: dd 0
last_at: dd 0
last_flags: dd 0
resume: db 0
