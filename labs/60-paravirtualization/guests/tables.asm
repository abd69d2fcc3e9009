; tables: one page becomes a page table, serves as one, and becomes plain memory again. Must print: "tables: ok".
; At SPARE nothing is mapped at first: its directory entry is empty.
SPARE   equ 0xa0000000

%include "xen.inc"

main:
        ask SET_TRAP_TABLE, traps

        mov eax, table          ; what I write into it: entry 0 leads to the page at secret
        call frame_of
        mov [table_frame], eax
        mov eax, secret
        call frame_of
        shl eax, 12
        or eax, 7
        mov [table], eax

        call pin                ; too early: the page is still mapped writable, here
        mov esi, early
        call say

        ; #region make
        mov eax, [table_frame]  ; take the right to write away from myself
        shl eax, 12
        or eax, 1
        ask UPDATE_VA_MAPPING, table, eax, 0, 2
        call pin                ; now Xen reads all of it, and it is a page table
        mov esi, pinned
        call say

        mov eax, [start_info]   ; hook it into the directory
        mov eax, [eax + DIRECTORY]
        call frame_of
        shl eax, 12
        add eax, (SPARE >> 22) * 4
        mov [update], eax
        mov eax, [table_frame]
        shl eax, 12
        or eax, 7
        mov [update + 8], eax
        ask MMU_UPDATE, update, 1, 0, SELF
        ; #endregion
        mov esi, hooked
        call say
        mov eax, [SPARE]        ; the processor walks my own table
        mov esi, read
        call say

        mov dword [table], 0    ; a store of mine into it faults: see fault below
        mov eax, [faults]
        mov esi, stored
        call say

        mov dword [update + 8], 0       ; unhook, unpin, and it is mine to write again
        ask MMU_UPDATE, update, 1, 0, SELF
        mov eax, UNPIN
        call extended
        mov eax, [table_frame]
        shl eax, 12
        or eax, 3
        ask UPDATE_VA_MAPPING, table, eax, 0, 2
        mov esi, again
        call say
        mov dword [table], 0
        mov esi, done
        cmp dword [faults], 1
        je finish
        mov esi, wrong
        jmp finish

pin:    mov eax, PIN_TABLE
extended:                       ; EAX: the command; for the frame of the table
        mov [operation], eax
        mov eax, [table_frame]
        mov [operation + 4], eax
        ask MMUEXT_OP, operation, 1, 0, SELF
        ret

fault:  inc dword [faults]      ; the page fault's handler: counts, and goes on behind the store
        add esp, 4
        add dword [esp], 10     ; length of MOV dword [table], 0
        iret

early:  db 'Pin while I may write it: ', 0
pinned: db 'Pin when nobody may write it: ', 0
hooked: db 'Hook it into the directory: ', 0
read:   db 'Read through it: ', 0
stored: db 'Page faults when I store into it: ', 0
again:  db 'Unhooked and unpinned, map it writable: ', 0
done:   db 'tables: ok', 10, 0
wrong:  db 'tables: WRONG', 10, 0

update: dd 0, 0, 0, 0           ; machine address of an entry, and its new value, 64 bits each
operation: dd 0, 0, 0
table_frame: dd 0
faults: dd 0
traps:  db 14, 0                ; vector, flags
        dw KERNEL_CS
        dd fault
        times 8 db 0

align 4096
table:  times 1024 dd 0
secret: dd 2003
        times 1023 dd 0
