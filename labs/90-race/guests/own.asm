; Your own program. It starts in ring 0, in flat protected mode, at 1 M, with interrupts off.
; When it is done it prints "ok" on the serial line and switches the machine off.
COM1    equ 0x3f8
EXIT    equ 0xf4

        mov ecx, 10000
again:  mov eax, cr0            ; a privileged instruction, over and over
        dec ecx
        jnz again

        mov dx, COM1
        mov al, 'o'
        out dx, al
        mov al, 'k'
        out dx, al
        mov al, 10
        out dx, al
        xor al, al
        out EXIT, al
        hlt
