; The system BIOS, 64 K at F0000: power-on, the interrupt services that boot loaders call, and the boot itself.
; IBM PS/2 and PC BIOS Interface Technical Reference; Enhanced Disk Drive Specification 1.1 for INT 13h, AH = 41h and on.
; Tables that describe the machine (MP, ACPI) are put at the beginning of this ROM by whoever builds the machine.
        bits 16
        cpu 386
        org 0

; BIOS data area, from segment 40h
COM             equ 00h
EBDA            equ 0eh
EQUIPMENT       equ 10h
MEMORY          equ 13h
SHIFT           equ 17h                 ; keyboard flags
SHIFT_HELD      equ 18h
KEY_HEAD        equ 1ah
KEY_TAIL        equ 1ch
KEY_BUFFER      equ 1eh
KEY_END         equ 3eh
SEEK_STATUS     equ 3eh                 ; bit 7: diskette interrupt has come
MOTOR           equ 3fh
FLOPPY_STATUS   equ 41h
FLOPPY_RESULT   equ 42h
CRTC_PORT       equ 63h
TICKS           equ 6ch
TICK_DAY        equ 70h
DISK_STATUS     equ 74h
DISKS           equ 75h
COM_TIMEOUT     equ 7ch
KEY_START_AT    equ 80h
KEY_END_AT      equ 82h
FLAGS_ENHANCED  equ 96h

EBDA_SEGMENT    equ 9fc0h               ; the last K below 640K
GEOMETRY        equ 10h                 ; in it: of each disk total sectors (4), cylinders (2), heads (2), sectors (1)
GEOMETRY_SIZE   equ 16
FACS            equ 200h

GO_ON           equ 467h                ; far pointer, from segment 0
SHUTDOWN        equ 0fh                 ; in CMOS memory

SERVICES        equ 0d000h              ; code and data of this ROM begin here

; ---------------------------------------------------------------- tables of the machine

        times SERVICES - ($ - $$) db 0

; ---------------------------------------------------------------- power-on

; Interrupt vectors from 08h to 1Fh, as offsets into this segment; 0 = no change.
vectors_08:
        dw irq0, irq1, irq_master, irq_master, irq_master, irq_master, irq6, irq_master
        dw 0, int11, int12, int13, int14, int15, int16, int17
        dw int18, int19, int1a, dummy, dummy, 0, diskette_parameters, 0

power_on:
        cli
        cld
        xor ax, ax
        mov ss, ax
        mov sp, 7c00h
        mov ds, ax
        in al, 64h
        test al, 4                      ; the self-test has set it: only the processor was reset
        jnz resume
anew:   mov al, 1
        out 80h, al
        xor ax, ax
        mov es, ax
        xor di, di                      ; vectors and data area
        mov cx, 300h
        rep stosw
        mov ax, EBDA_SEGMENT
        mov es, ax
        xor di, di
        mov cx, 200h
        xor ax, ax
        rep stosw
        mov byte [es:0], 1              ; its length in K
        mov es, ax
        call set_vectors
        call set_controllers
        call set_data_area
        mov al, 2
        out 80h, al
        call set_serial
        call set_keyboard
        call option_roms
        call find_disks
        call place_facs
        sti
        mov al, 3
        out 80h, al
        int 19h

; A program has reset the processor, as those of the 80286 leave protected mode, and says in CMOS memory how to go on.
resume: mov al, SHUTDOWN
        call cmos
        mov bl, al
        mov al, SHUTDOWN
        out 70h, al
        mov al, 0
        out 71h, al
        cmp bl, 0ah                     ; a jump …
        je .jump
        cmp bl, 5                       ; … after the end of an interrupt
        jne anew
        mov al, 20h
        out 20h, al
.jump:  jmp far [GO_ON]

set_vectors:
        xor bx, bx                      ; all to a plain return
        mov cx, 256
.all:   mov word [bx], dummy
        mov [bx + 2], cs
        add bx, 4
        loop .all
        mov si, vectors_08
        mov bx, 20h
        mov cx, 24
.named: cs lodsw
        test ax, ax
        jz .skip
        mov [bx], ax
.skip:  add bx, 4
        loop .named
        mov bx, 70h * 4                 ; second interrupt controller
        mov cx, 8
.slave: mov word [bx], irq_slave
        add bx, 4
        loop .slave
        mov word [40h * 4], int13_diskette
        mov dword [1dh * 4], 0          ; no video parameters, no graphics font, no disk tables yet
        mov dword [1fh * 4], 0
        mov dword [41h * 4], 0
        mov dword [46h * 4], 0
        ret

set_controllers:
        mov al, 11h                     ; interrupt controllers: vectors 08h and 70h
        out 20h, al
        out 0a0h, al
        mov al, 08h
        out 21h, al
        mov al, 70h
        out 0a1h, al
        mov al, 4
        out 21h, al
        mov al, 2
        out 0a1h, al
        mov al, 1
        out 21h, al
        out 0a1h, al
        mov al, 0b8h                    ; timer, keyboard, cascade, diskette
        out 21h, al
        mov al, 0ffh
        out 0a1h, al
        mov dx, 4d1h                    ; the lines of PCI, 10 and 11, are level-triggered
        mov al, 0ch
        out dx, al
        mov al, 36h                     ; timer 0: square wave, 18.2 Hz
        out 43h, al
        mov al, 0
        out 40h, al
        out 40h, al
        mov al, 0
        out 0dh, al                     ; DMA controllers
        out 0dah, al
        mov al, 0c0h                    ; the second one's channel 4 joins the first to the bus
        out 0d6h, al
        mov al, 0
        out 0d4h, al
        ret

set_data_area:
        push word 40h
        pop ds
        mov word [EBDA], EBDA_SEGMENT
        mov word [MEMORY], 639
        mov al, 14h
        call cmos
        mov ah, 0
        or ah, 04h                      ; two serial ports
        mov [EQUIPMENT], ax
        mov word [KEY_HEAD], KEY_BUFFER
        mov word [KEY_TAIL], KEY_BUFFER
        mov word [KEY_START_AT], KEY_BUFFER
        mov word [KEY_END_AT], KEY_END
        mov byte [FLAGS_ENHANCED], 10h  ; a keyboard of 101 keys
        call clock_to_ticks
        ret

set_serial:
        mov word [COM], 3f8h
        mov word [COM + 2], 2f8h
        mov dword [COM_TIMEOUT], 0a0a0a0ah
        ret

; Keyboard: flush, translation and interrupt on, A20 on.
set_keyboard:
        mov cx, 16
.flush: in al, 64h
        test al, 1
        jz .mode
        in al, 60h
        loop .flush
.mode:  mov al, 60h
        out 64h, al
        mov al, 65h
        out 60h, al
        in al, 92h
        or al, 2
        and al, 0feh
        out 92h, al
        ret

; The ACPI table that systems write into stands in RAM.
place_facs:
        mov si, facs
        mov ax, EBDA_SEGMENT
        mov es, ax
        mov di, FACS
        mov cx, 64
        cs rep movsb
        ret
facs:   db "FACS"
        dd 64
        times 56 db 0

; Calls every option ROM from C0000 to DFFFF whose bytes sum to zero.
option_roms:
        mov bx, 0c000h
.look:  mov ds, bx
        cmp word [0], 0aa55h
        jne .next
        movzx ecx, byte [2]
        shl ecx, 9
        mov edx, ecx
        xor si, si
        mov al, 0
.sum:   add al, [si]
        inc si
        loop .sum
        test al, al
        jnz .next
        shr edx, 4
        pusha
        push ds
        push ds
        push word 3
        mov bp, sp
        call far [bp]
        add sp, 4
        pop ds
        popa
        add bx, dx
        cmp bx, 0e000h
        jb .look
        jmp .end
.next:  add bx, 80h
        cmp bx, 0e000h
        jb .look
.end:   push word 40h
        pop ds
        ret

; AL = register of CMOS memory -> AL = its value.
cmos:   out 70h, al
        in al, 71h
        ret

; AL = BCD -> AL = binary.
binary: push bx
        mov bl, al
        and bl, 0fh
        shr al, 4
        mov bh, 10
        mul bh
        add al, bl
        pop bx
        ret

; Ticks since midnight from the clock: 18.2065 a second, as 1193182 / 65536. DS = 40h.
clock_to_ticks:
        mov al, 4
        call cmos
        call binary
        movzx eax, al
        imul ecx, eax, 3600
        mov al, 2
        call cmos
        call binary
        movzx eax, al
        imul eax, eax, 60
        add ecx, eax
        mov al, 0
        call cmos
        call binary
        movzx eax, al
        add eax, ecx
        mov ecx, 1193182
        mul ecx
        shrd eax, edx, 16
        mov [TICKS], eax
        mov byte [TICK_DAY], 0
        ret

; ---------------------------------------------------------------- hardware interrupts

dummy:  iret

irq0:   push ds
        push eax
        push dx
        push word 40h
        pop ds
        inc dword [TICKS]
        cmp dword [TICKS], 1800b0h
        jb .today
        mov dword [TICKS], 0
        mov byte [TICK_DAY], 1
.today: int 1ch
        mov al, 20h
        out 20h, al
        pop dx
        pop eax
        pop ds
        iret

irq_slave:
        push ax
        mov al, 20h
        out 0a0h, al
        out 20h, al
        pop ax
        iret

irq_master:
        push ax
        mov al, 20h
        out 20h, al
        pop ax
        iret

irq6:   push ax
        push ds
        push word 40h
        pop ds
        or byte [SEEK_STATUS], 80h
        mov al, 20h
        out 20h, al
        pop ds
        pop ax
        iret

%include "keyboard.inc"
%include "disk.inc"
%include "services.inc"

; ---------------------------------------------------------------- what stands at fixed places

        times 0efc7h - ($ - $$) db 0
diskette_parameters:                    ; step rate, DMA, motor, 512 bytes, last sector, gaps, fill, settle, start
        db 0dfh, 2, 25h, 2, 18, 1bh, 0ffh, 6ch, 0f6h, 0fh, 8

        times 0fff0h - ($ - $$) db 0
        jmp 0f000h:power_on
        db "01/01/00"
        db 0, 0fch                      ; model: AT
checksum: db 0                          ; the build makes the sum of all bytes zero
