; The video BIOS, an option ROM at C0000: INT 10h in text modes of 40 or 80 columns and 25 rows.
; IBM PS/2 and PC BIOS Interface Technical Reference, "INT 10h".
        bits 16
        cpu 386
        org 0

ROM_BLOCKS      equ 8                   ; of 512 bytes
TEXT            equ 0b800h
CRTC            equ 3d4h

; BIOS data area, from segment 40h
MODE            equ 49h
COLUMNS         equ 4ah
PAGE_SIZE       equ 4ch
PAGE_START      equ 4eh
CURSORS         equ 50h                 ; column and row of each of eight pages
CURSOR_SHAPE    equ 60h
PAGE            equ 62h
CRTC_PORT       equ 63h
MODE_SETTING    equ 65h
ROWS            equ 84h                 ; less one
CELL_HEIGHT     equ 85h
VIDEO_CONTROL   equ 87h
VIDEO_SWITCHES  equ 88h
VIDEO_FLAGS     equ 89h
COMBINATION     equ 8ah

        dw 0aa55h
        db ROM_BLOCKS
        jmp near start
        db "Strata VGA text BIOS", 0

; Called by the system BIOS: takes INT 10h, 42h and 6Dh, and sets mode 3.
start:
        push ds
        pusha
        xor ax, ax
        mov ds, ax
        mov bx, 10h * 4
        call take
        mov bx, 6dh * 4
        call take
        popa
        pusha
        mov ax, 3
        int 10h
        popa
        pop ds
        retf
take:   mov word [bx], int10
        mov [bx + 2], cs
        ret

; Registers are kept on the stack; functions change them there: ES DS DI SI BP SP BX DX CX AX from the top down.
R_ES    equ 0
R_DS    equ 2
R_DI    equ 4
R_SI    equ 6
R_BP    equ 8
R_BX    equ 12
R_DX    equ 14
R_CX    equ 16
R_AX    equ 18

int10:
        sti
        cld
        pusha
        push ds
        push es
        mov bp, sp
        push word 40h
        pop ds
        cmp ah, (functions_end - functions) / 2
        jae .done
        movzx si, ah
        add si, si
        mov di, TEXT
        mov es, di
        call [cs:functions + si]
.done:  pop es
        pop ds
        popa
        iret

functions:
        dw set_mode, set_shape, set_cursor, get_cursor, nothing, set_page, scroll_up, scroll_down
        dw read_cell, write_cells, write_characters, nothing, nothing, nothing, teletype, get_mode
        dw palette, font, alternate, write_string, nothing, nothing, nothing, nothing
        dw nothing, nothing, combination, functionality
functions_end:

nothing: ret

; AL = mode; bit 7: keep the screen. Modes without text leave everything as it is.
set_mode:
        mov ah, al
        and ah, 7fh
        cmp ah, 3
        jbe .text
        cmp ah, 7
        jne .none
        mov ah, 3
.text:  mov [MODE], ah
        mov bx, 80
        cmp ah, 1
        ja .wide
        mov bx, 40
.wide:  mov [COLUMNS], bx
        mov word [PAGE_SIZE], 1000h
        mov word [PAGE_START], 0
        mov byte [PAGE], 0
        mov word [CURSOR_SHAPE], 0607h
        mov word [CRTC_PORT], CRTC
        mov word [MODE_SETTING], 3029h
        mov byte [ROWS], 24
        mov word [CELL_HEIGHT], 16
        mov byte [VIDEO_CONTROL], 60h
        mov byte [VIDEO_SWITCHES], 0f9h
        mov byte [VIDEO_FLAGS], 51h
        mov byte [COMBINATION], 8
        mov di, CURSORS
        mov cx, 8
.home:  mov word [di], 0
        add di, 2
        loop .home
        test al, 80h
        jnz .registers
        mov ax, 0720h
        xor di, di
        mov cx, 4000h
        rep stosw
.registers:
        mov dx, CRTC
        mov ax, 0011h                   ; unlock the first eight registers
        out dx, ax
        mov si, crtc_values
        mov bl, 0
.next:  mov al, bl
        mov ah, [cs:si]
        inc si
        cmp byte [MODE], 1
        ja .plain
        call narrow
.plain: out dx, ax
        inc bl
        cmp bl, 25
        jb .next
        mov dx, 3dah                    ; the attribute controller shows the screen
        in al, dx
        mov dx, 3c0h
        mov al, 20h
        out dx, al
.none:  ret

; Registers that differ with 40 columns.
narrow: cmp al, 1
        jne .end
        mov ah, 27h
.end:   cmp al, 13h
        jne .done
        mov ah, 14h
.done:  ret

crtc_values:
        db 5fh, 4fh, 50h, 82h, 55h, 81h, 0bfh, 1fh, 0, 4fh, 0dh, 0eh, 0, 0, 0, 0
        db 9ch, 8eh, 8fh, 28h, 1fh, 96h, 0b9h, 0a3h, 0ffh

; CX = first and last line of the cursor within its cell, in eighths or sixteenths.
set_shape:
        mov [CURSOR_SHAPE], cx
        mov ah, ch
        mov bl, cl
        and bl, 1fh
        cmp bl, 8
        jae .fine
        mov bh, ah
        and bh, 0e0h
        and ah, 1fh
        shl ah, 1
        or ah, bh
        shl bl, 1
        inc bl
.fine:  mov dx, CRTC
        mov al, 0ah
        out dx, ax
        mov ah, bl
        mov al, 0bh
        out dx, ax
        ret

; BH = page, DH = row, DL = column.
set_cursor:
        movzx di, bh
        and di, 7
        add di, di
        mov [CURSORS + di], dx
        shr di, 1
        mov ax, di
        cmp al, [PAGE]
        je show_cursor
        ret

; Puts the cursor of the page shown where its position says.
show_cursor:
        movzx si, byte [PAGE]
        add si, si
        mov dx, [CURSORS + si]
        movzx ax, dh
        mul byte [COLUMNS]
        movzx bx, byte [CURSORS + si]
        add bx, ax
        mov ax, [PAGE_START]
        shr ax, 1
        add bx, ax
        mov dx, CRTC
        mov al, 0eh
        mov ah, bh
        out dx, ax
        mov al, 0fh
        mov ah, bl
        out dx, ax
        ret

get_cursor:
        movzx si, bh
        and si, 7
        add si, si
        mov ax, [CURSORS + si]
        mov [bp + R_DX], ax
        mov ax, [CURSOR_SHAPE]
        mov [bp + R_CX], ax
        ret

; AL = page to show.
set_page:
        and al, 7
        mov [PAGE], al
        movzx ax, al
        mul word [PAGE_SIZE]
        mov [PAGE_START], ax
        mov bx, ax
        shr bx, 1
        mov dx, CRTC
        mov al, 0ch
        mov ah, bh
        out dx, ax
        mov al, 0dh
        mov ah, bl
        out dx, ax
        jmp show_cursor

; DI = offset in text memory of row AH, column AL on page BH. Changes AX and DX.
cell:   push bx
        mov dx, ax
        movzx ax, bh
        and al, 7
        push dx
        mul word [PAGE_SIZE]
        pop dx
        mov di, ax
        movzx ax, dh
        mul byte [COLUMNS]
        mov bl, dl
        mov bh, 0
        add ax, bx
        add ax, ax
        add di, ax
        pop bx
        ret

; DI = offset of the cursor's cell on page BH.
cursor_cell:
        movzx si, bh
        and si, 7
        add si, si
        mov ax, [CURSORS + si]
        jmp cell

; AL = rows (0: all), BH = attribute of blank ones, CX = upper left, DX = lower right corner.
scroll_up:
        mov bl, 0
        jmp scroll
scroll_down:
        mov bl, 1
scroll:
        cmp dl, [COLUMNS]
        jb .inside
        mov dl, [COLUMNS]
        dec dl
.inside:
        cmp dh, [ROWS]
        jbe .clip
        mov dh, [ROWS]
.clip:  cmp cl, dl
        ja .end
        cmp ch, dh
        ja .end
        mov ah, dh
        sub ah, ch
        inc ah                          ; rows of the window
        cmp al, 0
        je .all
        cmp al, ah
        jbe .some
.all:   mov al, ah
.some:  push es
        pop ds                          ; from here on DS = ES = text memory
        sub ah, al                      ; AH = rows to move, AL = rows to blank
        test bl, bl
        jnz .down
.up:    test ah, ah
        jz .blank_up
        mov bl, ch
        add bl, al
        call move_row
        inc ch
        dec ah
        jmp .up
.blank_up:
        test al, al
        jz .end
        call blank_row
        inc ch
        dec al
        jmp .blank_up
.down:  xchg ch, dh                     ; CH = lowest row
.lower: test ah, ah
        jz .blank_down
        mov bl, ch
        sub bl, al
        call move_row
        dec ch
        dec ah
        jmp .lower
.blank_down:
        test al, al
        jz .end
        call blank_row
        dec ch
        dec al
        jmp .blank_down
.end:   ret

; DI = offset of row AL, column CL on the page shown; DS = text memory.
row_cell:
        push ds
        push ax
        push bx
        push word 40h
        pop ds
        mul byte [COLUMNS]
        movzx bx, cl
        add ax, bx
        add ax, ax
        add ax, [PAGE_START]
        mov di, ax
        pop bx
        pop ax
        pop ds
        ret

; Copies row BL to row CH, columns CL to DL.
move_row:
        pusha
        mov al, bl
        call row_cell
        mov si, di
        mov al, ch
        call row_cell
        sub dl, cl
        movzx cx, dl
        inc cx
        rep movsw
        popa
        ret

; Blanks row CH, columns CL to DL, with attribute BH.
blank_row:
        pusha
        mov al, ch
        call row_cell
        sub dl, cl
        movzx cx, dl
        inc cx
        mov al, ' '
        mov ah, bh
        rep stosw
        popa
        ret

read_cell:
        call cursor_cell
        mov ax, [es:di]
        mov [bp + R_AX], ax
        ret

; AL = character, BL = attribute, BH = page, CX = how often.
write_cells:
        push ax
        call cursor_cell
        pop ax
        mov ah, bl
        rep stosw
        ret

write_characters:
        push ax
        call cursor_cell
        pop ax
        jcxz .end
.next:  stosb
        inc di
        loop .next
.end:   ret

; AL = character, written at the cursor of the page shown as a teletype would.
teletype:
        mov bh, [PAGE]
        mov bl, 0ffh                    ; keep the attribute
; AL = character, BH = page, BL = attribute or FF.
put:    movzx si, bh
        and si, 7
        add si, si
        mov dx, [CURSORS + si]
        cmp al, 13
        je .return
        cmp al, 10
        je .feed
        cmp al, 8
        je .back
        cmp al, 7
        je .place
        push ax
        push dx
        push si
        mov ax, dx
        call cell
        pop si
        pop dx
        pop ax
        mov [es:di], al
        cmp bl, 0ffh
        je .kept
        mov [es:di + 1], bl
.kept:  inc dl
        cmp dl, [COLUMNS]
        jb .place
        mov dl, 0
.feed:  inc dh
        cmp dh, [ROWS]
        jbe .place
        mov dh, [ROWS]
        push dx
        push si
        push bx
        push ax
        movzx ax, dh                    ; new rows take the attribute of the last one
        mov ah, al
        mov al, 0
        call cell
        mov bh, [es:di + 1]
        mov ax, 0601h
        xor cx, cx
        mov dh, [ROWS]
        mov dl, [COLUMNS]
        dec dl
        int 10h
        pop ax
        pop bx
        pop si
        pop dx
        jmp .place
.return:
        mov dl, 0
        jmp .place
.back:  test dl, dl
        jz .place
        dec dl
.place: mov [CURSORS + si], dx
        jmp show_cursor

get_mode:
        mov al, [MODE]
        mov ah, [COLUMNS]
        mov [bp + R_AX], ax
        mov al, [PAGE]
        mov [bp + R_BX + 1], al
        ret

; AL = 00: attribute register BL := BH; 02: all seventeen at ES:DX; 03: blinking; 10, 12: colours.
palette:
        cmp al, 10h
        je .color
        cmp al, 12h
        je .colors
        cmp al, 0
        jne .end
        mov dx, 3dah
        in al, dx
        mov dx, 3c0h
        mov al, bl
        and al, 1fh
        out dx, al
        mov al, bh
        out dx, al
        mov al, 20h
        out dx, al
.end:   ret
.color: mov dx, 3c8h
        mov al, bl
        out dx, al
        inc dx
        mov al, [bp + R_DX + 1]
        out dx, al
        mov al, ch
        out dx, al
        mov al, cl
        out dx, al
        ret
.colors:
        mov es, [bp + R_ES]
        mov si, dx
        mov dx, 3c8h
        mov al, bl
        out dx, al
        inc dx
.each:  jcxz .end
        mov ah, 3
.part:  mov al, [es:si]
        inc si
        out dx, al
        dec ah
        jnz .part
        loop .each
        ret

; AL = 30h: where the font is. There is none in this ROM: its address is that of zeros.
font:   cmp al, 30h
        jne .end
        mov [bp + R_ES], cs
        mov word [bp + R_BP], no_font
        mov ax, [CELL_HEIGHT]
        mov [bp + R_CX], ax
        mov al, [ROWS]
        mov [bp + R_DX], al
.end:   ret
no_font: times 16 db 0

; BL = 10h: memory and switches. Others (cursor emulation, palette loading …) are accepted.
alternate:
        cmp bl, 10h
        je .information
        cmp bl, 30h
        jb .end
        mov byte [bp + R_AX], 12h
.end:   ret
.information:
        mov word [bp + R_BX], 0003h
        mov word [bp + R_CX], 0009h
        ret

; AL = write mode, BH = page, BL = attribute, CX = length, DX = position, ES:BP = text.
write_string:
        push fs
        movzx di, bh
        and di, 7
        add di, di
        push di
        push word [CURSORS + di]
        mov [CURSORS + di], dx
        mov fs, [bp + R_ES]
        mov di, [bp + R_BP]
        mov ah, al
.next:  jcxz .done
        mov al, [fs:di]
        inc di
        test ah, 2
        jz .attribute
        mov bl, [fs:di]
        inc di
.attribute:
        push ax
        push cx
        push di
        push bx
        call put
        pop bx
        pop di
        pop cx
        pop ax
        loop .next
.done:  pop dx
        pop di
        pop fs
        test ah, 1
        jnz .moved
        mov [CURSORS + di], dx
        jmp show_cursor
.moved: ret

combination:
        cmp al, 0
        jne .end
        mov byte [bp + R_AX], 1ah
        mov word [bp + R_BX], 0008h
.end:   ret

; BX = 0: state table at ES:DI. Only what programs look at is filled.
functionality:
        test bx, bx
        jnz .end
        mov es, [bp + R_ES]
        push di
        mov cx, 32
        xor ax, ax
        rep stosw
        pop di
        mov word [es:di], static_table
        mov [es:di + 2], cs
        mov si, MODE
        mov cx, 30
        push di
        add di, 4
        rep movsb
        pop di
        mov al, [ROWS]
        inc al
        mov [es:di + 22h], al
        mov byte [es:di + 25h], 8
        mov byte [bp + R_AX], 1bh
.end:   ret
static_table:
        db 0fh, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0

        times ROM_BLOCKS * 512 - 1 - ($ - $$) db 0
checksum: db 0                          ; the build makes the sum of all bytes zero
