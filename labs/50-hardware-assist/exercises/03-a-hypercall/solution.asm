exit_call:
        cmp dword [esp + 28], 1
        mov dword [esp + 28], -1
        jne skip
        mov eax, [esp + 16]
        imul eax, {{factor}}
        add eax, {{offset}}
        mov [esp + 28], eax
        jmp skip
