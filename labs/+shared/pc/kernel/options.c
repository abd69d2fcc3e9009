/* Reading of the kernel's command line. */
#include "options.h"

#include "packets.h"
#include "string.h"

struct options options = {
    .serial = true,
    .vga = true,
    .batch = true,
    .address = 0x0f02000a,
    .gateway = 0x0202000a,
    .init = {"/bin/sh"},
};

static char words[512];

/* Ends the first word of `text` with a zero and returns what comes behind it. */
static char *split(char *text) {
    while (*text && *text != ' ') text++;
    if (*text) *text++ = 0;
    while (*text == ' ') text++;
    return text;
}

static void read_init(char *text) {
    u32 count = 0;
    while (*text && count < INIT_WORDS) {
        char *rest = split(text);
        options.init[count++] = text;
        text = rest;
    }
    options.init[count] = NULL;
}

void options_read(const char *command_line) {
    text_copy(words, command_line, sizeof words);
    char *word = words;
    const char *value;
    while (*word) {
        if ((value = text_after(word, "init=")) && *value) {
            read_init((char *)value);
            return;
        }
        char *rest = split(word);
        if ((value = text_after(word, "console="))) {
            options.serial = text_equal(value, "serial") || !text_equal(value, "vga");
            options.vga = text_equal(value, "vga") || !text_equal(value, "serial");
        } else if ((value = text_after(word, "disk="))) {
            options.dma = text_equal(value, "dma");
        } else if ((value = text_after(word, "batch="))) {
            options.batch = !text_equal(value, "off");
        } else if ((value = text_after(word, "ip="))) {
            read_address(&options.address, value);
        } else if ((value = text_after(word, "gateway="))) {
            read_address(&options.gateway, value);
        }
        word = rest;
    }
}
