/* Options of commands: --name TEXT, --name=TEXT, -n TEXT, and letters of flags together, as in -it. */
#include "docker.h"

static int add(const struct option *option, const char *text) {
    const char **list = option->to;
    if (option->kind == TEXT) return *list = text, 0;
    for (u32 k = 0; k + 1 < MOST_WORDS; k++)
        if (!list[k]) return list[k] = text, 0;
    return refuse(option->name, "is given too often");
}

static const struct option *by_name(const char *name, const struct option *options, u32 known) {
    for (u32 k = 0; k < known; k++) {
        u32 length = text_length(options[k].name);
        if (memcmp(name, options[k].name, length) == 0 && (name[length] == 0 || name[length] == '=')) return &options[k];
    }
    return NULL;
}

static const struct option *by_letter(char letter, const struct option *options, u32 known) {
    for (u32 k = 0; k < known; k++)
        if (options[k].letter == letter) return &options[k];
    return NULL;
}

int take_options(int count, char **words, const struct option *options, u32 known) {
    int at = 0;
    for (; at < count && words[at][0] == '-' && words[at][1]; at++) {
        bool wide = words[at][1] == '-';
        const char *letters = words[at] + 1;
        do {
            const struct option *option = wide ? by_name(words[at] + 2, options, known) : by_letter(*letters, options, known);
            if (!option) return refuse(words[at], "is no option that is known here"), -1;
            const char *cut = wide ? text_find(words[at], '=') : NULL;
            if (option->kind == FLAG) {
                *(bool *)option->to = true;
                continue;
            }
            if (!cut && (at + 1 == count || (!wide && letters[1]))) return refuse(words[at], "needs a value"), -1;
            if (add(option, cut ? cut + 1 : words[++at])) return -1;
            break;
        } while (!wide && *++letters);
    }
    return at;
}
