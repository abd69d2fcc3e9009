guest:  mov ebx, {{argument}}              ; hypercall 1, with an argument in EBX
        mov eax, 1
        vmcall
        call show
        mov eax, {{other}}                 ; there is no such hypercall
        vmcall
        call show
done:   hlt
        jmp done

show:   mov ecx, 8                         ; EAX as eight letters: a is 0, p is 15
digit:  rol eax, 4
        push eax
        and al, 15
        add al, 'a'
        out GUEST_PORT, al
        pop eax
        loop digit
        ret
