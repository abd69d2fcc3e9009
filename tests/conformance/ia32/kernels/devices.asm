; What programs see of the devices: interrupt controllers, timer, clock, keyboard controller, ATA disk, local APIC.
; Nothing here depends on how fast they are. The disk has 4096 sectors, of which each is full of the bytes of its number.
%include "lab.nasm"

%macro outp 2                   ; port, byte
        mov dx, %1
        mov al, %2
        out dx, al
%endmacro

%macro shown 2                  ; name, port: the byte read
        mov dx, %2
        in al, dx
        movzx eax, al
        show %1, eax
%endmacro

main:
        call interrupt_controllers
        call timer
        call clock
        call keyboard
        call disk
        call apic
        ret

; ---------------------------------------------------------------- 8259A

interrupt_controllers:
        outp 0x20, 0x11
        outp 0x21, 0x20
        outp 0x21, 0x04
        outp 0x21, 0x01
        outp 0xa0, 0x11
        outp 0xa1, 0x28
        outp 0xa1, 0x02
        outp 0xa1, 0x01
        shown 'mask after ICW', 0x21
        outp 0x21, 0xff
        outp 0xa1, 0xff
        shown 'mask', 0x21
        outp 0x20, 0x0b
        shown 'in service', 0x20
        outp 0x4d0, 0xff                ; timer, keyboard and cascade stay edges
        shown 'levels', 0x4d0
        outp 0x4d1, 0xff
        shown 'levels of the second', 0x4d1
        outp 0x4d0, 0
        outp 0x4d1, 0
        ret

; ---------------------------------------------------------------- 8254

timer:
        outp 0x43, 0x30                 ; counter 0, mode 0: low while it counts
        outp 0x43, 0xe2                 ; read-back of its status: no count yet
        in al, 0x40
        and al, 0xbf                    ; QEMU does not tell "null count"
        movzx eax, al
        show 'counter 0 without a count', eax
        outp 0x40, 0xff
        outp 0x40, 0xff
        outp 0x43, 0xe2
        in al, 0x40
        and al, 0xbf
        movzx eax, al
        show 'while it counts', eax
        outp 0x43, 0xb0                 ; counter 2 the same, with its gate shut: it holds
        outp 0x61, 0x00
        outp 0x42, 0x34
        outp 0x42, 0x12
        shown 'speaker port with the gate shut', 0x61
        outp 0x43, 0x80                 ; latch
        outp 0x43, 0x80                 ; a second latch does nothing
        in al, 0x42
        in al, 0x42                     ; QEMU counts in spite of the gate: no value to show
        outp 0x61, 0x01
        mov ecx, 5000000
.count: in al, 0x61
        test al, 0x20
        loopz .count
        in al, 0x61
        and eax, 0x23
        show 'its output at the end', eax
        outp 0x61, 0x00
        outp 0x43, 0x50                 ; counter 1, low byte only
        outp 0x43, 0xe4
        in al, 0x41
        and eax, 0xbf
        show 'counter 1 by the low byte', eax
        ret

; ---------------------------------------------------------------- MC146818

cmos_in:                                ; AL -> AL
        out 0x70, al
        in al, 0x71
        ret
cmos_out:                               ; AH at AL
        out 0x70, al
        mov al, ah
        out 0x71, al
        ret
%macro cmos 2                           ; name, register
        mov al, %2
        call cmos_in
        movzx eax, al
        show %1, eax
%endmacro
%macro set_cmos 2
        mov ax, (%2 << 8) | %1
        call cmos_out
%endmacro

clock:
        set_cmos 0x0b, 0x82             ; the clock stands: SET
        set_cmos 0x00, 0x58
        set_cmos 0x02, 0x59
        set_cmos 0x04, 0x23
        set_cmos 0x07, 0x31
        set_cmos 0x08, 0x12
        set_cmos 0x09, 0x99
        cmos 'status D', 0x0d
        mov al, 0x0a
        call cmos_in
        and eax, 0x7f
        show 'status A', eax
        cmos 'status B', 0x0b
        cmos 'hours', 0x04
        cmos 'day', 0x07
        set_cmos 0x0b, 0x02
        cmos 'year', 0x09
        cmos 'month', 0x08
        mov al, 0x0c
        call cmos_in
        set_cmos 0x0b, 0x42             ; periodic interrupt at 1024 Hz: the flags of status C
        mov ecx, 10000000
.wait:  mov al, 0x0c
        call cmos_in
        test al, 0x40
        loopz .wait
        and eax, 0xe0 & ~0x20
        show 'status C with a period passed', eax
        set_cmos 0x0b, 0x02
        set_cmos 0x20, 0xa5
        cmos 'memory', 0x20
        ret

; ---------------------------------------------------------------- 8042

key_wait:
        mov ecx, 1000000
.wait:  in al, 0x64
        test al, 1
        loopz .wait
        ret
%macro key_answer 1
        call key_wait
        in al, 0x60
        movzx eax, al
        show %1, eax
%endmacro
key_ready:
        in al, 0x64
        test al, 2
        jnz key_ready
        ret
%macro key_command 1
        call key_ready
        outp 0x64, %1
%endmacro
%macro key_data 1
        call key_ready
        outp 0x60, %1
%endmacro

keyboard:
        mov ecx, 100000
.flush: in al, 0x60
        loop .flush
        key_command 0xaa
        key_answer 'self-test'
        key_command 0xab
        key_answer 'test of the lines'
        key_command 0x60
        key_data 0x64                   ; no interrupts, translation
        key_command 0x20
        key_answer 'command byte'
        key_data 0xee
        key_answer 'echo'
        key_data 0xf2
        key_answer 'identify'
        key_answer 'identify 1'
        key_answer 'identify 2'
        key_data 0xf4
        key_answer 'enable'
        key_data 0xed
        key_answer 'lamps'
        key_data 0x07
        key_answer 'lamps set'
        key_data 0xf3
        key_answer 'rate'
        key_data 0x2b
        key_answer 'rate set'
        key_data 0xff
        key_answer 'reset'
        key_answer 'reset done'
        key_command 0xd0
        call key_wait
        in al, 0x60
        and eax, 0x03
        show 'output port', eax
        key_command 0xd2
        key_data 0x1e
        key_answer 'as if from the keyboard'
        ret

; ---------------------------------------------------------------- ATA

DATA    equ 0x1f0
ERROR   equ 0x1f1
COUNT   equ 0x1f2
LOW     equ 0x1f3
MIDDLE  equ 0x1f4
HIGH    equ 0x1f5
DRIVE   equ 0x1f6
COMMAND equ 0x1f7
CONTROL equ 0x3f6

ata_wait:                               ; AL = status once it is not busy
        push ecx
        mov ecx, 1000000
.wait:  mov dx, COMMAND
        in al, dx
        test al, 0x80
        loopnz .wait
        pop ecx
        ret
%macro ata 6                            ; name, drive and head, low, middle, count, command
        outp DRIVE, %2
        outp COUNT, %5
        outp LOW, %3
        outp MIDDLE, %4
        outp HIGH, 0
        outp COMMAND, %6
        call ata_wait
        and al, 0xef                    ; DSC is as old as drives that seek
        movzx eax, al
        show %1, eax
%endmacro
%macro ata_error 0
        shown '  error', ERROR
%endmacro
take:                                   ; a sector into the buffer
        mov edi, buffer
        mov ecx, 256
        mov dx, DATA
        rep insw
        ret
%macro word_of 2                ; name, number of the word in the buffer
        movzx eax, word [buffer + 2 * %2]
        show %1, eax
%endmacro

disk:
        outp CONTROL, 0x02              ; no interrupts
        outp DRIVE, 0xa0                ; QEMU keeps what was selected
        outp COUNT, 0x55
        outp CONTROL, 0x06
        outp CONTROL, 0x02
        mov ecx, 1000000                ; QEMU does not say at once that it is busy
.reset: mov dx, COUNT
        in al, dx
        cmp al, 1
        loopne .reset
        call ata_wait
        shown 'after reset: count', COUNT
        shown 'low', LOW
        shown 'middle', MIDDLE
        shown 'high', HIGH
        shown 'error', ERROR
        ata 'IDENTIFY DEVICE', 0xa0, 0, 0, 0, 0xec
        call take
        word_of '  cylinders', 1
        word_of '  heads', 3
        word_of '  sectors', 6
        word_of '  multiple', 47
        movzx eax, word [buffer + 98]
        and eax, 0x0300
        show '  word 49: LBA, DMA', eax
        word_of '  sectors by LBA', 60
        word_of '  and their upper half', 61
        movzx eax, word [buffer + 106]
        and eax, 7
        show '  word 53', eax
        ata 'READ SECTORS', 0xe0, 0x21, 0, 2, 0x20
        call take
        word_of '  first word', 0
        call ata_wait
        call take
        word_of '  last word', 255
        shown '  count after it', COUNT
        ata 'READ SECTORS by cylinder, head and sector', 0xa1, 3, 0, 1, 0x20
        call take
        word_of '  first word', 0
        ata 'READ VERIFY', 0xe0, 0, 0, 8, 0x40
        ata 'SET MULTIPLE to 3', 0xe0, 0, 0, 3, 0xc6
        ata_error
        ata 'SET MULTIPLE to 4', 0xe0, 0, 0, 4, 0xc6
        ata 'READ MULTIPLE', 0xe0, 8, 0, 4, 0xc4
        mov ecx, 4 * 256
        mov edi, buffer
        mov dx, DATA
        rep insw
        movzx eax, word [buffer + 3 * 512]
        show '  its last sector', eax
        call ata_wait
        movzx eax, al
        and eax, 0x89
        show '  status then', eax
        ata 'WRITE SECTORS', 0xe0, 0x40, 0, 1, 0x30
        mov esi, buffer
        mov ecx, 256
        mov dx, DATA
        rep outsw
        call ata_wait
        ata 'READ SECTORS of it', 0xe0, 0x40, 0, 1, 0x20
        call take
        word_of '  first word', 0
        ata 'no such command', 0xe0, 0, 0, 0, 0x01
        ata_error
        ata 'READ NATIVE MAX', 0xe0, 0, 0, 0, 0xf8
        shown '  low', LOW
        shown '  middle', MIDDLE
        ata 'SET FEATURES of none', 0xe0, 0, 0, 0, 0xef
        ata_error
        ata 'IDLE IMMEDIATE', 0xe0, 0, 0, 0, 0xe1
        ata 'CHECK POWER MODE', 0xe0, 0, 0, 0, 0xe5
        shown '  count', COUNT
        ata 'FLUSH CACHE', 0xe0, 0, 0, 0, 0xe7
        ata 'EXECUTE DEVICE DIAGNOSTIC', 0xe0, 0, 0, 0, 0x90
        ata_error
        ata 'IDENTIFY PACKET DEVICE', 0xa0, 0, 0, 0, 0xa1
        ata_error
        outp DRIVE, 0xb0                ; there is no second drive
        shown 'status of none', COMMAND
        outp DRIVE, 0xa0
        ret

; ---------------------------------------------------------------- local APIC

APIC    equ 0xfee00000
%macro apic_shown 2
        mov eax, [APIC + %2]
        show %1, eax
%endmacro

apic:
        set_gate 0x41, .tick, 0x8e00
        set_gate 0x42, .self, 0x8e00
        mov dword [APIC + 0xf0], 0x1ff
        apic_shown 'spurious', 0xf0
        mov dword [APIC + 0x80], 0x123
        apic_shown 'task priority', 0x80
        mov dword [APIC + 0x80], 0
        mov dword [APIC + 0x3e0], 0x0b
        apic_shown 'divide', 0x3e0
        mov dword [ticks], 0
        mov dword [selves], 0
        mov dword [APIC + 0x320], 0x41
        mov dword [APIC + 0x380], 20000
        sti
        mov ecx, 100000000
.wait:  cmp dword [ticks], 0
        jne .ticked
        loop .wait
.ticked:
        cli
        show 'timer interrupts', [ticks]
        apic_shown 'count at the end', 0x390
        mov dword [APIC + 0x320], 0x10000
        apic_shown 'timer masked', 0x320
        mov dword [APIC + 0x300], 0x44042       ; to itself
        mov eax, [APIC + 0x220]
        show 'requested', eax
        sti
        nop
        nop
        cli
        show 'interrupts from itself', [selves]
        mov dword [APIC + 0x80], 0x50           ; its class is below
        mov dword [APIC + 0x300], 0x44042
        sti
        nop
        nop
        cli
        show 'while the task has priority', [selves]
        mov dword [APIC + 0x80], 0
        sti
        nop
        nop
        cli
        show 'after it', [selves]
        mov eax, [APIC + 0x120]
        show 'in service', eax
        ret
.tick:  inc dword [ticks]
        mov dword [APIC + 0xb0], 0
        iret
.self:  inc dword [selves]
        mov dword [APIC + 0xb0], 0
        iret

section .bss
ticks:  resd 1
selves: resd 1
buffer: resb 2048
