; The interrupt controllers and the timer: IRQ 0 by HLT, the shadow of STI, masks, in-service order.
%include "lab.nasm"

main:
        set_gate 0x20, timer, 0x8e00
        set_gate 0x27, spurious, 0x8e00
        mov al, 0x11
        out 0x20, al
        out 0xa0, al
        mov al, 0x20
        out 0x21, al
        mov al, 0x28
        out 0xa1, al
        mov al, 4
        out 0x21, al
        mov al, 2
        out 0xa1, al
        mov al, 1
        out 0x21, al
        out 0xa1, al
        mov al, 0xfe
        out 0x21, al
        mov al, 0xff
        out 0xa1, al
        in al, 0x21
        movzx eax, al
        show 'mask', eax

        mov al, 0x34                    ; counter 0, mode 2
        out 0x43, al
        mov al, 0xa9                    ; 1193: a millisecond
        out 0x40, al
        mov al, 0x04
        out 0x40, al

        mov dword [ticks], 0
.wait:  sti
        hlt
        cli
        cmp dword [ticks], 20
        jb .wait
        show 'ticks', [ticks]

        ; After STI one more instruction executes before the interrupt that is pending.
        mov ecx, 10000000
.late:  in al, 0x20                     ; IRR
        test al, 1
        jnz .due
        loop .late
.due:   mov dword [ticks], 0
        xor ebx, ebx
        sti
        mov ebx, [ticks]
        cli
        show 'ticks seen in the shadow', ebx
        show 'ticks seen after it', [ticks]

        ; Masked, nothing comes.
        mov al, 0xff
        out 0x21, al
        mov dword [ticks], 0
        sti
        mov ecx, 200000
.spin:  loop .spin
        cli
        show 'ticks while masked', [ticks]

        ; In service, nothing of the same level comes.
        mov al, 0xfe
        out 0x21, al
        mov byte [no_eoi], 1
        mov dword [ticks], 0
        sti
        mov ecx, 3000000
.spin2: loop .spin2
        cli
        show 'ticks without EOI', [ticks]
        mov al, 0x0b
        out 0x20, al
        in al, 0x20
        movzx eax, al
        show 'in service', eax
        mov byte [no_eoi], 0
        mov al, 0x20
        out 0x20, al
        in al, 0x20
        movzx eax, al
        show 'after EOI', eax

        ; Counter 2 by its gate: one shot of mode 0.
        in al, 0x61
        and al, 0xfc
        or al, 1
        out 0x61, al
        mov al, 0xb0
        out 0x43, al
        mov al, 0x00
        out 0x42, al
        mov al, 0x10
        out 0x42, al
        xor ecx, ecx
.shot:  inc ecx
        in al, 0x61
        test al, 0x20
        jz .shot
        cmp ecx, 10
        seta al
        movzx eax, al
        show 'the shot took its time', eax

        ; The single-step trap.
        set_gate 1, stepped, 0x8e00
        mov dword [ticks], 0
        pushfd
        or dword [esp], 0x100
        popfd
        nop
        nop
        pushfd
        and dword [esp], ~0x100
        popfd
        nop
        show 'single steps', [ticks]
        mov eax, dr6
        show 'DR6', eax
        ret

timer:  inc dword [ticks]
        push eax
        cmp byte [no_eoi], 0
        jne .out
        mov al, 0x20
        out 0x20, al
.out:   pop eax
        iretd
stepped:
        inc dword [ticks]
        iretd
spurious:
        iretd

section .data
ticks:  dd 0
no_eoi: db 0
