; The page at table is a page table in use: pinned, and hooked into the directory for addresses from SPARE on.
; Get the number {{word}} into its first word.
SPARE   equ 0xa0000000

%include "xen.inc"

main:   call make_table

        ; Your attack comes here. First ask for a mapping of table that may be written, by UPDATE_VA_MAPPING, and
        ; see what Xen says. Then do what it takes.

        mov eax, [table]
        mov esi, holds
        call say
        mov esi, done
        jmp finish

; make_table: takes table out of reach, pins it and hooks it into the directory.
make_table:
        mov eax, table
        call frame_of
        mov [table_frame], eax
        shl eax, 12
        or eax, 7
        mov [update + 8], eax   ; the entry of the directory
        and eax, -8
        or eax, 1
        ask UPDATE_VA_MAPPING, table, eax, 0, 2
        mov eax, [table_frame]
        mov [operation + 4], eax
        ask MMUEXT_OP, operation, 1, 0, SELF
        mov eax, [start_info]
        mov eax, [eax + DIRECTORY]
        call frame_of
        shl eax, 12
        add eax, (SPARE >> 22) * 4
        mov [update], eax
        ask MMU_UPDATE, update, 1, 0, SELF
        ret

holds:  db 'table holds: ', 0
done:   db 'done', 10, 0
table_frame: dd 0
update: dd 0, 0, 0, 0           ; machine address of an entry, and its new value, 64 bits each
operation: dd PIN_TABLE, 0, 0

align 4096
table:  times 1024 dd 0
