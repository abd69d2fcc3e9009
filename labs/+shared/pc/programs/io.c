/* io [BLOCKS]: writes a file that is larger than what the kernel keeps in memory, reads it back, and removes it. */
#include "lib/unix.h"

#define NAME "io.tmp"

static u8 block[PAGE];

static void fill(u32 number) {
    u32 seed = number + 1;
    for (u32 k = 0; k < PAGE; k += 4) *(u32 *)(block + k) = random_next(&seed);
}

static int write_all(u32 blocks, u32 *crc) {
    int file = open(NAME, O_WRONLY | O_CREAT | O_TRUNC, 0644), done = PAGE;
    if (file < 0) return file;
    for (u32 k = 0; k < blocks && done == PAGE; k++) {
        fill(k);
        *crc = crc32(*crc, block, 64);
        done = write(file, block, PAGE);
    }
    int closed = close(file);
    return done < 0 ? done : done < (int)PAGE ? -ENOSPC : closed;
}

static int read_all(u32 *crc, u32 *blocks) {
    int file = open(NAME, O_RDONLY, 0), got;
    if (file < 0) return file;
    while ((got = read(file, block, PAGE)) == PAGE) {
        *crc = crc32(*crc, block, 64);
        ++*blocks;
    }
    close(file);
    return got;
}

int main(int count, char **words) {
    u32 blocks = number_from(count > 1 ? words[1] : NULL, 96), written = 0, seen = 0, seen_blocks = 0;
    int error = write_all(blocks, &written);
    if (error) complain("io", NAME, error);
    if (!error) error = read_all(&seen, &seen_blocks);
    if (error) complain("io", NAME, error);
    unlink(NAME);
    return verdict(!error && seen == written && seen_blocks == blocks, "io: %u blocks written, %u read, crc %x",
                   blocks, seen_blocks, seen);
}
