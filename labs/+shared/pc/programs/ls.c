/* ls [-l] [NAMES]: lists directories, by name; with -l what each entry is. */
#include "lib/unix.h"

#define MOST 512
#define NAMES_SIZE 16384

static char records[2048], names[NAMES_SIZE];
static const char *sorted[MOST];
static u32 count_sorted, names_used;

static void keep(const char *name) {
    u32 length = text_length(name) + 1, at = count_sorted;
    if (count_sorted == MOST || names_used + length > NAMES_SIZE) return;
    char *kept = memcpy(names + names_used, name, length);
    names_used += length;
    for (; at > 0 && text_compare(sorted[at - 1], kept) > 0; at--) sorted[at] = sorted[at - 1];
    sorted[at] = kept;
    count_sorted++;
}

static void show(const char *path, const char *name, bool details) {
    struct stat64 stat;
    if (details && get_stat(path, &stat) == 0) {
        char kind = S_ISDIR(stat.st_mode) ? 'd' : S_ISCHR(stat.st_mode) ? 'c' : '-';
        u32 owner = stat.st_mode >> 6 & 7, group = stat.st_mode >> 3 & 7, others = stat.st_mode & 7;
        print("%c%u%u%u %3u %8u  ", kind, owner, group, others, stat.st_nlink, (u32)stat.st_size);
    }
    print("%s\n", name);
}

static int list(const char *path, bool details) {
    char inside[256];
    int file = open(path, O_RDONLY | O_DIRECTORY, 0), got;
    if (file < 0) return complain("ls", path, file);
    count_sorted = names_used = 0;
    while ((got = list_directory(file, records, sizeof records)) > 0)
        for (int at = 0; at < got; at += ((struct dirent64 *)(records + at))->d_reclen)
            keep(((struct dirent64 *)(records + at))->d_name);
    close(file);
    if (got < 0) return complain("ls", path, got);
    for (u32 k = 0; k < count_sorted; k++) {
        if (sorted[k][0] == '.') continue;
        format_into(inside, sizeof inside, "%s/%s", path, sorted[k]);
        show(inside, sorted[k], details);
    }
    return 0;
}

int main(int count, char **words) {
    bool details = count > 1 && text_compare(words[1], "-l") == 0;
    int first = details ? 2 : 1, status = 0;
    if (first == count) return list(".", details);
    for (int k = first; k < count; k++) {
        struct stat64 stat;
        int error = get_stat(words[k], &stat);
        if (error) {
            status = complain("ls", words[k], error);
            continue;
        }
        if (!S_ISDIR(stat.st_mode)) {
            show(words[k], words[k], details);
            continue;
        }
        if (count - first > 1) print("%s:\n", words[k]);
        status |= list(words[k], details);
    }
    return status;
}
