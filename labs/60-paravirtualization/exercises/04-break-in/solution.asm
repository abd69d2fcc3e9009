        mov eax, [table_frame]          ; the straight way
        shl eax, 12
        or eax, 3
        ask UPDATE_VA_MAPPING, table, eax, 0, 2
        mov esi, straight
        call say
        mov dword [update + 8], 0       ; out of the directory
        ask MMU_UPDATE, update, 1, 0, SELF
        mov dword [operation], UNPIN
        ask MMUEXT_OP, operation, 1, 0, SELF
        mov eax, [table_frame]          ; nobody walks it any more
        shl eax, 12
        or eax, 3
        ask UPDATE_VA_MAPPING, table, eax, 0, 2
        mov dword [table], {{word}}
        jmp shown
straight: db 'the straight way: ', 0
shown:
