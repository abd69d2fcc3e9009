/* The keyboard behind the 8042, whose controller translates what keys send into the codes of the first PC (set 1). */
#include "../kernel/console.h"
#include "../kernel/interrupts.h"
#include "../kernel/machine.h"
#include "drivers.h"

#define DATA 0x60
#define STATUS 0x64
#define COMMAND 0x64
#define OUTPUT_FULL 1
#define INPUT_FULL 2
#define WRITE_MODE 0x60
#define MODE 0x45 /* interrupt, self-test passed, translation to set 1 */
#define LINE 1

#define RELEASED 0x80
#define PREFIX 0xe0
#define LEFT_SHIFT 0x2a
#define RIGHT_SHIFT 0x36
#define CONTROL 0x1d
#define CAPS_LOCK 0x3a

static const char plain[] = "\0\033" "1234567890-=\b\tqwertyuiop[]\n\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 ";
static const char shifted[] = "\0\033" "!@#$%^&*()_+\b\tQWERTYUIOP{}\n\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 ";

static bool shift, control, caps;

static void key(u8 code) {
    bool down = !(code & RELEASED);
    code &= (u8)~RELEASED;
    if (code == LEFT_SHIFT || code == RIGHT_SHIFT) shift = down;
    if (code == CONTROL) control = down;
    if (code == CAPS_LOCK && down) caps = !caps;
    if (!down || code >= sizeof plain - 1) return;
    char c = shift ? shifted[code] : plain[code];
    if (caps && plain[code] >= 'a' && plain[code] <= 'z') c ^= 0x20;
    if (control && ((c >= 'a' && c <= 'z') || (c >= '@' && c <= '_'))) c &= 0x1f;
    if (c != 0) tty_input(c);
}

static void handle(bool process_ran) {
    static bool prefixed; /* keys that the first PC did not have: Enter and / of the number pad are all we take */
    (void)process_ran;
    while (in8(STATUS) & OUTPUT_FULL) {
        u8 code = in8(DATA);
        if (code == PREFIX) {
            prefixed = true;
            continue;
        }
        if (!prefixed || code == 0x1c || code == 0x35 || (code & 0x7f) == CONTROL) key(code);
        prefixed = false;
    }
}

/* Nobody answers: there is no controller, and reading ones for ever would look like keys. */
static bool wait_for(u8 bit, bool set) {
    for (u32 k = 0; k < 1000; k++)
        if (((in8(STATUS) & bit) != 0) == set) return true;
    return false;
}

void keyboard_start(void) {
    if (in8(STATUS) == 0xff || !wait_for(INPUT_FULL, false)) return;
    out8(COMMAND, WRITE_MODE);
    if (wait_for(INPUT_FULL, false)) out8(DATA, MODE);
    while (in8(STATUS) & OUTPUT_FULL) in8(DATA);
    interrupt_handle(LINE, handle);
}
