; A kernel that counts. It is right everywhere, but slow under binary translation.

        mov esp, 0x90000
        mov ecx, {{rounds}}
round:  mov eax, ecx
        imul eax, {{factor}}
        add [sum], eax
        inc dword [count]
        xor [mix], eax
        dec ecx
        jnz round

        mov esi, text
        mov eax, [sum]
        add eax, [mix]
        call print_number
        mov esi, done
        jmp finish

sum:    dd 0
count:  dd 0
mix:    dd 0

print_number:
        push eax
        call print
        pop eax
        jmp hex

%include "serial.inc"

text:   db 'sum ', 0
done:   db 10, 'done', 10, 0
