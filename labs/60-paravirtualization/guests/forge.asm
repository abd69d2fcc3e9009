; forge: five ways to get hold of what the processor believes. Must print: "forge: ok".

%include "xen.inc"

main:
        ask SET_TRAP_TABLE, traps

        ; #region writable
        mov eax, [start_info]   ; 1. my page directory, mapped so that I can write it
        mov eax, [eax + DIRECTORY]
        mov ebx, eax
        call frame_of
        shl eax, 12
        or eax, 3
        ask UPDATE_VA_MAPPING, ebx, eax, 0, 2
        ; #endregion
        mov esi, writable
        call tried

        mov eax, page           ; 2. a directory of my own making, which nobody has checked
        call frame_of
        mov [operation + 4], eax
        ask MMUEXT_OP, operation, 1, 0, SELF
        mov esi, directory
        call tried

        mov eax, page           ; 3. a segment that reaches into Xen
        call frame_of
        shl eax, 12
        ask UPDATE_DESCRIPTOR, eax, 0, 0x0000ffff, 0xfdcf9300
        mov esi, segment
        call tried

        mov eax, page           ; 4. CR3, by the instruction itself
        mov dword [go_on], after_cr3
        mov cr3, eax
after_cr3:
        mov esi, register
        call tried

        mov edi, 0xfc800000     ; 5. Xen's own memory, by a plain store
        mov eax, edi
        shr eax, 1
        mov dword [go_on], after_store
        mov [edi], eax
after_store:
        mov esi, memory
        call tried

        mov esi, done
        cmp dword [refused], 5
        je finish
        mov esi, wrong
        jmp finish

tried:  test eax, eax           ; below zero: the number of an error, or of an exception
        jns .through
        inc dword [refused]
.through:
        jmp say

protection:                     ; the handler of general protection: EAX says so, and on behind what has faulted
        add esp, 4
        mov eax, [go_on]
        mov [esp], eax
        mov eax, -13
        iret

writable: db 'Map my page directory writable: ', 0
directory: db 'Load a directory that was never checked: ', 0
segment: db 'Make a segment that reaches into Xen: ', 0
register: db 'Load CR3: ', 0
memory: db 'Store into Xen: ', 0
done:   db 'forge: ok', 10, 0
wrong:  db 'forge: WRONG', 10, 0

operation: dd NEW_BASE, 0, 0
refused: dd 0
go_on:  dd 0
traps:  db 13, 0
        dw KERNEL_CS
        dd protection
        times 8 db 0

align 4096
page:   times 1024 dd 0
