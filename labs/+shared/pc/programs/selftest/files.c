/* Files and directories, in a directory of their own that is gone at the end. */
#include "selftest.h"

#define BIG (300 * 1024)

static u8 buffer[PAGE];

static bool write_and_read(const char *name, u32 length, u32 piece) {
    u32 seed = 9, done, crc = 0, seen = 0;
    int file = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644), got;
    if (file < 0) return false;
    for (done = 0; done < length; done += piece) {
        for (u32 k = 0; k < piece; k++) buffer[k] = (u8)random_next(&seed);
        if (write(file, buffer, piece) != (int)piece) break;
        crc = crc32(crc, buffer, piece);
    }
    close(file);
    file = open(name, O_RDONLY, 0);
    while ((got = read(file, buffer, sizeof buffer)) > 0) seen = crc32(seen, buffer, (u32)got);
    close(file);
    return done >= length && seen == crc;
}

static bool many_names(void) {
    char name[32];
    bool right = true;
    for (u32 k = 0; k < 80; k++) {
        format_into(name, sizeof name, "file-%u", k);
        int file = open(name, O_WRONLY | O_CREAT | O_EXCL, 0644);
        right &= file >= 0 && write(file, &k, sizeof k) == sizeof k;
        close(file);
    }
    for (u32 k = 0, value; k < 80; k++) {
        format_into(name, sizeof name, "file-%u", k);
        int file = open(name, O_RDONLY, 0);
        right &= read(file, &value, sizeof value) == sizeof value && value == k;
        close(file);
        right &= unlink(name) == 0;
    }
    return right;
}

static bool position(void) {
    char c = 0;
    struct stat64 stat;
    int file = open("hole", O_RDWR | O_CREAT, 0644);
    bool right = seek(file, 10000, SEEK_SET) == 10000 && write(file, "x", 1) == 1;
    right &= seek(file, 5000, SEEK_SET) == 5000 && read(file, &c, 1) == 1 && c == 0;
    right &= seek(file, -1, SEEK_END) == 10000 && read(file, &c, 1) == 1 && c == 'x';
    right &= get_stat("hole", &stat) == 0 && stat.st_size == 10001;
    right &= system_call(SYS_ftruncate, file, 10, 0, 0, 0) == 0 && seek(file, 0, SEEK_END) == 10;
    close(file);
    return right && unlink("hole") == 0;
}

static bool names(void) {
    struct stat64 stat;
    int file = open("one", O_WRONLY | O_CREAT, 0644);
    bool right = write(file, "same", 4) == 4;
    close(file);
    right &= link("one", "two") == 0 && get_stat("two", &stat) == 0 && stat.st_nlink == 2;
    right &= unlink("one") == 0 && get_stat("one", &stat) == -ENOENT && get_stat("two", &stat) == 0;
    right &= rename("two", "three") == 0 && get_stat("three", &stat) == 0 && stat.st_size == 4;
    right &= open("three", O_WRONLY | O_CREAT | O_EXCL, 0644) == -EEXIST;
    return right && unlink("three") == 0;
}

/* A file without a name lives until it is closed. */
static bool unlinked_lives(void) {
    char text[4] = {0};
    int file = open("ghost", O_RDWR | O_CREAT, 0644);
    bool right = write(file, "boo", 3) == 3 && unlink("ghost") == 0;
    right &= seek(file, 0, SEEK_SET) == 0 && read(file, text, 3) == 3 && text[0] == 'b';
    close(file);
    return right && open("ghost", O_RDONLY, 0) == -ENOENT;
}

static bool directories(void) {
    char where[128];
    bool right = make_directory("a", 0755) == 0 && make_directory("a/b", 0755) == 0;
    right &= make_directory("a", 0755) == -EEXIST && remove_directory("a") == -ENOTEMPTY;
    right &= rename("a", "a/b/c") == -EINVAL && rename("a/b", "d") == 0;
    right &= change_directory("d") == 0 && system_call(SYS_getcwd, where, sizeof where, 0, 0, 0) > 0;
    right &= text_compare(where + text_length(where) - 2, "/d") == 0 && change_directory("..") == 0;
    right &= open("d/missing/x", O_RDONLY, 0) == -ENOENT && open("d", O_WRONLY, 0) == -EISDIR;
    return right && remove_directory("d") == 0 && remove_directory("a") == 0 && unlink("a") == -ENOENT;
}

/* Names that begin at a directory which is not the current one. */
static bool relative_names(void) {
    struct stat64 stat;
    int root = open("/", O_RDONLY | O_DIRECTORY, 0), here = open(".", O_RDONLY | O_DIRECTORY, 0);
    int file = system_call(SYS_openat, here, "there", O_WRONLY | O_CREAT, 0644, 0);
    bool right = file >= 0 && close(file) == 0;
    right &= system_call(SYS_fstatat64, root, "tmp/selftest/there", &stat, 0, 0) == 0 && S_ISREG(stat.st_mode);
    right &= system_call(SYS_fstatat64, root, "there", &stat, 0, 0) == -ENOENT;
    right &= system_call(SYS_unlinkat, here, "there", 0, 0, 0) == 0 && get_stat("there", &stat) == -ENOENT;
    close(root);
    close(here);
    return right;
}

static void write_much(void) { leave(write_and_read("much-of-child", 20 * 1024, 1000) ? 0 : 1); }

static bool several_writers(void) {
    int children[4], right = 0;
    char name[32];
    for (u32 k = 0; k < COUNT(children); k++) {
        children[k] = fork();
        if (children[k] != 0) continue;
        format_into(name, sizeof name, "writer-%u", k);
        bool well = true;
        for (u32 n = 0; n < 4; n++) well &= write_and_read(name, 8192, 512);
        leave(well && unlink(name) == 0 ? 0 : 1);
    }
    for (u32 k = 0, status; k < COUNT(children); k++)
        right += wait_for(children[k], (int *)&status, 0) == children[k] && status == 0;
    return right == COUNT(children);
}

void test_files(void) {
    make_directory("/tmp", 0755);
    if (make_directory("/tmp/selftest", 0755) != 0 || change_directory("/tmp/selftest") != 0) {
        check(false, "a directory for the tests of files can be made");
        return;
    }
    check(write_and_read("small", 1, 1), "a byte is written and read");
    check(write_and_read("odd", 12345, 15), "a file in odd pieces is written and read");
    check(write_and_read("big", BIG, PAGE), "a big file is written and read");
    check(unlink("small") == 0 && unlink("odd") == 0 && unlink("big") == 0, "files are removed");
    check(many_names(), "80 files in one directory");
    check(position(), "positions, sizes, and zeroes in between");
    check(names(), "link, unlink, rename");
    check(unlinked_lives(), "a file without a name lives until it is closed");
    check(directories(), "directories are made, moved, entered and removed");
    check(relative_names(), "names begin at any directory");
    check(in_child(write_much, 0) && unlink("much-of-child") == 0, "a child writes a file");
    check(several_writers(), "four processes write four files at once");
    change_directory("/");
    check(remove_directory("/tmp/selftest") == 0, "nothing is left behind");
}
