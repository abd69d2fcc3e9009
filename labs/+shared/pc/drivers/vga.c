/* The screen: 25 rows of 80 characters in the memory of the VGA. */
#include "../kernel/console.h"
#include "../kernel/machine.h"
#include "drivers.h"

#define ROWS 25
#define COLUMNS 80
#define LIGHT_GREY 0x0700
#define TAB 8

#define CRTC_INDEX 0x3d4
#define CRTC_DATA 0x3d5
#define CURSOR_HIGH 0x0e
#define CURSOR_LOW 0x0f

static u16 *const cells = VIRTUAL(0xb8000);
static u32 row, column;

static void clear_row(u32 r) {
    for (u32 c = 0; c < COLUMNS; c++) cells[r * COLUMNS + c] = LIGHT_GREY | ' ';
}

static void scroll(void) {
    for (u32 k = 0; k < (ROWS - 1) * COLUMNS; k++) cells[k] = cells[k + COLUMNS];
    clear_row(ROWS - 1);
}

static void next_row(void) {
    if (row == ROWS - 1)
        scroll();
    else
        row++;
}

static void put(char c) {
    u32 flags = irq_save();
    if (c == '\n') {
        next_row();
    } else if (c == '\r') {
        column = 0;
    } else if (c == '\b') {
        if (column > 0) column--;
    } else {
        u32 count = c == '\t' ? TAB - column % TAB : 1;
        while (count-- > 0) {
            if (column == COLUMNS) column = 0, next_row();
            cells[row * COLUMNS + column++] = LIGHT_GREY | (c == '\t' ? ' ' : (u8)c);
        }
    }
    irq_restore(flags);
}

static void show_cursor(void) {
    u32 flags = irq_save(), at = row * COLUMNS + least(column, COLUMNS - 1);
    out8(CRTC_INDEX, CURSOR_HIGH);
    out8(CRTC_DATA, (u8)(at >> 8));
    out8(CRTC_INDEX, CURSOR_LOW);
    out8(CRTC_DATA, (u8)at);
    irq_restore(flags);
}

void vga_start(void) {
    static const struct console_driver driver = {.put = put, .settle = show_cursor};
    for (u32 r = 0; r < ROWS; r++) clear_row(r);
    console_add(&driver);
}
