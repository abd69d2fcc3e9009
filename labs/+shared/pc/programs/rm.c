/* rm [-r] NAMES: removes files, with -r directories and what is in them. */
#include "lib/unix.h"

static int remove_all(const char *path);

/* Lists the directory anew after each piece: what was removed does not disturb the listing. */
static int empty_directory(const char *path) {
    char records[1024], inside[256];
    for (;;) {
        int file = open(path, O_RDONLY | O_DIRECTORY, 0), removed = 0;
        if (file < 0) return complain("rm", path, file);
        int got = list_directory(file, records, sizeof records);
        close(file);
        for (int at = 0; at < got;) {
            struct dirent64 *entry = (struct dirent64 *)(records + at);
            at += entry->d_reclen;
            if (text_compare(entry->d_name, ".") == 0 || text_compare(entry->d_name, "..") == 0) continue;
            format_into(inside, sizeof inside, "%s/%s", path, entry->d_name);
            if (remove_all(inside) != 0) return 1;
            removed++;
        }
        if (removed == 0) return 0;
    }
}

static int remove_all(const char *path) {
    struct stat64 stat;
    int error = get_stat(path, &stat);
    if (error) return complain("rm", path, error);
    if (!S_ISDIR(stat.st_mode)) {
        error = unlink(path);
    } else {
        if (empty_directory(path) != 0) return 1;
        error = remove_directory(path);
    }
    return error ? complain("rm", path, error) : 0;
}

int main(int count, char **words) {
    bool all = count > 1 && text_compare(words[1], "-r") == 0;
    int status = 0;
    for (int k = all ? 2 : 1; k < count; k++) {
        int error = all ? remove_all(words[k]) : unlink(words[k]);
        if (!all && error) complain("rm", words[k], error);
        if (error) status = 1;
    }
    return status;
}
