; kinds: a kernel's loop with one instruction of every kind that a translator knows. Needs: nothing but the serial line.
; Must print: "kinds: ok".

        mov esp, 0x90000
        push eax                ; the stack is touched once, so that its page is there
        pop eax
        lgdt [gdt_pointer]
        jmp 8:round

; #region body
round:  pushfd                  ; shows the interrupt flag: sensitive
        cli                     ; privileged
        mov eax, [sum]          ; neither, like most of a kernel
        add eax, 3
        mov [sum], eax
        popfd                   ; sensitive
        call count              ; control flow, its target known
        mov eax, [check]
        call eax                ; control flow, its target known when it is reached
        mov eax, cr0            ; privileged
        sgdt [table]            ; sensitive, and too long a story for a few instructions
        cmp dword [rounds], 40
        jb round                ; control flow again
; #endregion

        mov eax, [sum]
        mov edi, 120
        mov esi, text
        call compare
        mov eax, [table+2]
        mov edi, gdt
        mov esi, base
        call compare
        mov esi, done
        jmp finish

count:  inc dword [rounds]
        ret
look:   cmp dword [sum], 3
        jae .end
        hlt                     ; never reached
.end:   ret

%include "serial.inc"

align 4096                      ; data in a page without code
text:   db 'sum ', 0
base:   db 'GDT ', 0
done:   db 'kinds: ok', 10, 0
sum:    dd 0
rounds: dd 0
check:  dd look
table:  dw 0
        dd 0
align 8
gdt:    dq 0, 0x00cf9a000000ffff, 0x00cf92000000ffff
gdt_pointer: dw $-gdt-1
        dd gdt
