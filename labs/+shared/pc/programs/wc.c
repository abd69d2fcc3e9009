/* wc [FILES]: counts lines, words and bytes. */
#include "lib/unix.h"

static char buffer[PAGE];

struct counts {
    u32 lines, words, bytes;
};

static int count_file(int file, struct counts *counts) {
    bool inside = false;
    int got;
    while ((got = read(file, buffer, sizeof buffer)) > 0)
        for (int k = 0; k < got; k++) {
            bool blank = buffer[k] == ' ' || buffer[k] == '\n' || buffer[k] == '\t';
            counts->bytes++;
            if (buffer[k] == '\n') counts->lines++;
            if (!blank && !inside) counts->words++;
            inside = !blank;
        }
    return got;
}

static void show(const struct counts *counts, const char *name) {
    print("%7u %7u %7u %s\n", counts->lines, counts->words, counts->bytes, name);
}

int main(int count, char **words) {
    struct counts total = {0, 0, 0};
    int status = 0;
    if (count == 1) {
        count_file(0, &total);
        show(&total, "");
    }
    for (int k = 1; k < count; k++) {
        struct counts counts = {0, 0, 0};
        int file = open(words[k], O_RDONLY, 0), error = file < 0 ? file : count_file(file, &counts);
        if (error < 0) {
            status = complain("wc", words[k], error);
            continue;
        }
        close(file);
        show(&counts, words[k]);
        total.lines += counts.lines, total.words += counts.words, total.bytes += counts.bytes;
    }
    if (count > 2) show(&total, "total");
    return status;
}
