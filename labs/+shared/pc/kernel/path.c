/* From names to inodes. */
#include "path.h"

#include "fs.h"
#include "fs_format.h"
#include "proc.h"
#include "process.h"
#include "string.h"

/* Copies the next name of a path; what comes behind it, or null if the name is too long. */
static const char *next_name(const char *path, char name[NAME_LENGTH + 1]) {
    u32 length = 0;
    for (; *path && *path != '/'; path++) {
        if (length == NAME_LENGTH) return NULL;
        name[length++] = *path;
    }
    name[length] = 0;
    while (*path == '/') path++;
    return path;
}

static int start_of(const char **path, struct inode **at) {
    if (**path == '/') {
        while (**path == '/') ++*path;
        return fs_inode(ROOT_INODE, at);
    }
    *at = current->directory;
    if (!*at) return -ENOENT;
    inode_hold(*at);
    return 0;
}

/* One step; gives up the hold on where it started. */
static int enter(struct inode **at, const char *name) {
    struct inode *directory = *at;
    bool to_proc = directory->number == ROOT_INODE && text_equal(name, "proc");
    int error = -ENOTDIR;
    if (S_ISDIR(directory->mode)) error = to_proc ? proc_root(at) : directory->calls->find(directory, name, at);
    inode_drop(directory);
    return error;
}

int path_find(const char *path, struct inode **found) {
    char name[NAME_LENGTH + 1];
    struct inode *at;
    if (!*path) return -ENOENT;
    int error = start_of(&path, &at);
    while (!error && *path) {
        path = next_name(path, name);
        if (!path) {
            inode_drop(at);
            return -ENAMETOOLONG;
        }
        error = enter(&at, name);
    }
    *found = at;
    return error;
}

int path_find_parent(const char *path, struct inode **directory, char name[NAME_LENGTH + 1]) {
    struct inode *at;
    if (!*path) return -ENOENT;
    int error = start_of(&path, &at);
    while (!error) {
        path = next_name(path, name);
        if (path && *path) {
            error = enter(&at, name);
            continue;
        }
        if (!path) error = -ENAMETOOLONG;
        else if (!S_ISDIR(at->mode)) error = -ENOTDIR;
        else if (at->number >= PROC_NUMBERS) error = -EROFS;
        else break;
        inode_drop(at);
    }
    *directory = at;
    return error;
}

/* The name under which the parent knows an inode. */
static int name_in(struct inode *parent, u32 number, struct entry *entry) {
    int result;
    for (u32 position = 0; (result = parent->calls->list(parent, &position, entry)) == 1;)
        if (entry->inode == number && !text_equal(entry->name, ".") && !text_equal(entry->name, "..")) return 0;
    return result < 0 ? result : -ENOENT;
}

/* Puts a name before the text that stands at the end of the buffer. */
static int prepend(char *text, u32 *start, const char *name) {
    u32 length = text_length(name) + 1;
    if (length > *start) return -ERANGE;
    *start -= length;
    text[*start] = '/';
    memcpy(text + *start + 1, name, length - 1);
    return 0;
}

int path_of(struct inode *directory, char *text, u32 size) {
    struct inode *at = directory;
    struct entry entry;
    u32 start = size - 1;
    int error = 0;
    inode_hold(at);
    text[start] = 0;
    while (!error && at->number != ROOT_INODE) {
        u32 number = at->number;
        struct inode *parent;
        error = at->calls->find(at, "..", &parent);
        if (error) break;
        inode_drop(at);
        at = parent;
        if (at->number == ROOT_INODE && number == PROC_NUMBERS)
            text_copy(entry.name, "proc", sizeof entry.name);
        else
            error = name_in(at, number, &entry);
        if (!error) error = prepend(text, &start, entry.name);
    }
    inode_drop(at);
    if (!error && text[start] == 0) error = prepend(text, &start, "");
    if (error) return error;
    move_bytes(text, text + start, size - start);
    return (int)(size - start);
}
