/* Directories: files of entries, each a name and the number of an inode. */
#include "cache.h"
#include "fs.h"
#include "fs_format.h"
#include "string.h"

/* The entry with a name ("" finds a free one), in a buffer that is held; -ENOENT. */
static int find_entry(struct inode *directory, const char *name, struct buffer **buffer, struct disk_entry **entry) {
    for (u32 offset = 0; offset < directory->size; offset += PAGE_SIZE) {
        int error = fs_block_of(directory, offset, false, buffer);
        if (error) return error;
        struct disk_entry *entries = (struct disk_entry *)(*buffer)->data;
        for (u32 k = 0; k < ENTRIES_IN_BLOCK; k++) {
            bool match = *name ? entries[k].inode != 0 && text_equal(entries[k].name, name) : entries[k].inode == 0;
            if (!match) continue;
            *entry = &entries[k];
            return 0;
        }
        cache_put(*buffer);
    }
    return -ENOENT;
}

static void set_entry(struct buffer *buffer, struct disk_entry *entry, const char *name, u32 number) {
    memset(entry, 0, sizeof *entry);
    if (number != 0) text_copy(entry->name, name, sizeof entry->name);
    entry->inode = number;
    cache_change(buffer, NAMES);
    cache_put(buffer);
}

int fs_find_name(struct inode *directory, const char *name, u32 *number) {
    struct buffer *buffer;
    struct disk_entry *entry;
    int error = find_entry(directory, name, &buffer, &entry);
    if (error) return error;
    *number = entry->inode;
    cache_put(buffer);
    return 0;
}

int fs_add_name(struct inode *directory, const char *name, u32 number) {
    struct buffer *buffer;
    struct disk_entry *entry;
    int error = find_entry(directory, "", &buffer, &entry);
    if (error == -ENOENT) {
        error = fs_block_of(directory, directory->size, true, &buffer);
        if (error) return error;
        entry = (struct disk_entry *)buffer->data;
        directory->size += PAGE_SIZE;
    } else if (error) {
        return error;
    }
    set_entry(buffer, entry, name, number);
    return fs_inode_store(directory);
}

int fs_change_name(struct inode *directory, const char *name, u32 number) {
    struct buffer *buffer;
    struct disk_entry *entry;
    int error = find_entry(directory, name, &buffer, &entry);
    if (!error) set_entry(buffer, entry, name, number);
    return error;
}

int fs_remove_name(struct inode *directory, const char *name) { return fs_change_name(directory, name, 0); }

int fs_list(struct inode *directory, u32 *position, struct entry *entry) {
    *position -= *position % sizeof(struct disk_entry); /* a process may seek anywhere */
    while (*position < directory->size) {
        struct buffer *buffer;
        int error = fs_block_of(directory, *position, false, &buffer);
        if (error) return error;
        const struct disk_entry *on_disk = (const struct disk_entry *)(buffer->data + *position % PAGE_SIZE);
        entry->inode = on_disk->inode;
        text_copy(entry->name, on_disk->name, sizeof entry->name);
        entry->type = DT_UNKNOWN;
        cache_put(buffer);
        *position += sizeof *on_disk;
        if (entry->inode != 0) return 1;
    }
    return 0;
}

bool fs_is_empty(struct inode *directory) {
    struct entry entry;
    for (u32 position = 0; fs_list(directory, &position, &entry) == 1;)
        if (!text_equal(entry.name, ".") && !text_equal(entry.name, "..")) return false;
    return true;
}

int fs_find(struct inode *directory, const char *name, struct inode **found) {
    u32 number;
    int error = fs_find_name(directory, name, &number);
    return error ? error : fs_inode(number, found);
}
