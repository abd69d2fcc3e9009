/* Changes of names: files and directories come, go, and are called otherwise. Each change is on the disk when it
   returns. */
#include "fs.h"
#include "fs_format.h"
#include "path.h"
#include "string.h"

#define MOST_LINKS 60000

/* The directory of a path's last name, with the right to change it; or an error and neither. */
static int begin_at(const char *path, struct inode **directory, char name[NAME_LENGTH + 1]) {
    int error = path_find_parent(path, directory, name);
    if (error) return error;
    error = !*name ? -EEXIST : fs_begin_change();
    if (!error && (*directory)->links == 0) { /* removed while we waited */
        fs_end_change();
        error = -ENOENT;
    }
    if (error) inode_drop(*directory);
    return error;
}

static int end_at(struct inode *directory, int error) {
    fs_end_change();
    inode_drop(directory);
    int synced = fs_sync();
    return error ? error : synced;
}

static bool is_dots(const char *name) { return text_equal(name, ".") || text_equal(name, ".."); }

static int is_free(struct inode *directory, const char *name) {
    u32 number;
    int error = fs_find_name(directory, name, &number);
    return error == -ENOENT ? 0 : error ? error : -EEXIST;
}

/* The last link is gone: whoever still uses it may; then it is freed. */
static int lose_link(struct inode *inode) {
    inode->links--;
    return fs_inode_store(inode);
}

static int add_link(struct inode *inode) {
    if (inode->links >= MOST_LINKS) return -EMLINK;
    inode->links++;
    return fs_inode_store(inode);
}

int fs_create(const char *path, u32 mode, struct inode **made) {
    struct inode *directory;
    char name[NAME_LENGTH + 1];
    int error = begin_at(path, &directory, name);
    if (error) return error;
    bool have = false;
    error = is_free(directory, name);
    if (!error) have = (error = fs_inode_make((u16)mode, made)) == 0;
    if (!error) error = fs_add_name(directory, name, (*made)->number);
    if (error && have) (*made)->links = 0;
    error = end_at(directory, error);
    if (error && have) inode_drop(*made);
    return error;
}

static int fill_directory(struct inode *parent, struct inode *made, const char *name) {
    int error = fs_add_name(made, ".", made->number);
    if (!error) error = fs_add_name(made, "..", parent->number);
    if (!error) error = add_link(made); /* its own dot */
    if (!error) error = fs_add_name(parent, name, made->number);
    if (!error) error = add_link(parent); /* the two dots */
    return error;
}

int fs_make_directory(const char *path, u32 mode) {
    struct inode *directory, *made = NULL;
    char name[NAME_LENGTH + 1];
    int error = begin_at(path, &directory, name);
    if (error) return error;
    error = is_free(directory, name);
    if (!error) error = fs_inode_make((u16)(S_IFDIR | (mode & 0777)), &made);
    if (!error) error = fill_directory(directory, made, name);
    if (error && made) made->links = 0;
    error = end_at(directory, error);
    if (made) inode_drop(made);
    return error;
}

int fs_link(const char *old_path, const char *new_path) {
    struct inode *inode, *directory;
    char name[NAME_LENGTH + 1];
    int error = path_find(old_path, &inode);
    if (error) return error;
    if (S_ISDIR(inode->mode)) error = -EPERM;
    if (inode->number >= PROC_NUMBERS) error = -EXDEV;
    if (!error) error = begin_at(new_path, &directory, name);
    if (!error) {
        error = is_free(directory, name);
        if (!error) error = inode->links == 0 ? -ENOENT : add_link(inode);
        if (!error) {
            error = fs_add_name(directory, name, inode->number);
            if (error) lose_link(inode);
        }
        error = end_at(directory, error);
    }
    inode_drop(inode);
    return error;
}

int fs_unlink(const char *path) {
    struct inode *directory, *inode = NULL;
    char name[NAME_LENGTH + 1];
    int error = begin_at(path, &directory, name);
    if (error) return error;
    error = fs_find(directory, name, &inode);
    if (!error) error = S_ISDIR(inode->mode) ? -EISDIR : fs_remove_name(directory, name);
    if (!error) error = lose_link(inode);
    error = end_at(directory, error);
    if (inode) {
        inode_drop(inode);
        fs_sync();
    }
    return error;
}

static int remove_directory(struct inode *parent, struct inode *inode, const char *name) {
    if (!S_ISDIR(inode->mode)) return -ENOTDIR;
    if (!fs_is_empty(inode)) return -ENOTEMPTY;
    int error = fs_remove_name(parent, name);
    if (error) return error;
    inode->links = 0;
    error = fs_inode_store(inode);
    return error ? error : lose_link(parent);
}

int fs_remove_directory(const char *path) {
    struct inode *directory, *inode = NULL;
    char name[NAME_LENGTH + 1];
    int error = begin_at(path, &directory, name);
    if (error) return error;
    error = is_dots(name) ? -EINVAL : fs_find(directory, name, &inode);
    if (!error) error = inode->number == ROOT_INODE ? -EBUSY : remove_directory(directory, inode, name);
    error = end_at(directory, error);
    if (inode) {
        inode_drop(inode);
        fs_sync();
    }
    return error;
}

/* ---- rename ---- */

/* What a rename is about. */
struct move {
    struct inode *from, *to; /* directories */
    const char *old_name, *new_name;
    struct inode *inode, *victim; /* what moves; what had the new name before, or null */
};

/* A directory must not move into itself: walk up from its new place. */
static int check_ancestors(const struct move *move) {
    u32 number = move->to->number;
    while (number != ROOT_INODE) {
        struct inode *at;
        if (number == move->inode->number) return -EINVAL;
        int error = fs_inode(number, &at);
        if (error) return error;
        error = fs_find_name(at, "..", &number);
        inode_drop(at);
        if (error) return error;
    }
    return 0;
}

static int remove_victim(const struct move *move) {
    bool directory = S_ISDIR(move->inode->mode);
    if (S_ISDIR(move->victim->mode) && !directory) return -EISDIR;
    if (S_ISDIR(move->victim->mode)) return remove_directory(move->to, move->victim, move->new_name);
    if (directory) return -ENOTDIR;
    int error = fs_remove_name(move->to, move->new_name);
    return error ? error : lose_link(move->victim);
}

static int carry_out(struct move *move) {
    bool directory = S_ISDIR(move->inode->mode), elsewhere = move->from->number != move->to->number;
    if (move->victim == move->inode) return 0;
    int error = directory && elsewhere ? check_ancestors(move) : 0;
    if (!error && move->victim) error = remove_victim(move);
    if (!error) error = fs_add_name(move->to, move->new_name, move->inode->number);
    if (!error) error = fs_remove_name(move->from, move->old_name);
    if (!error && directory && elsewhere) {
        error = fs_change_name(move->inode, "..", move->to->number);
        if (!error) error = add_link(move->to);
        if (!error) error = lose_link(move->from);
    }
    return error;
}

int fs_rename(const char *old_path, const char *new_path) {
    struct move move = {0};
    char old_name[NAME_LENGTH + 1], new_name[NAME_LENGTH + 1];
    int error = path_find_parent(old_path, &move.from, old_name);
    if (error) return error;
    error = begin_at(new_path, &move.to, new_name);
    if (!error) {
        move.old_name = old_name, move.new_name = new_name;
        if (is_dots(old_name) || is_dots(new_name) || !*old_name) error = -EINVAL;
        if (!error) error = fs_find(move.from, old_name, &move.inode);
        if (!error) {
            error = fs_find(move.to, new_name, &move.victim);
            if (error == -ENOENT) error = 0;
            if (!error) error = carry_out(&move);
        }
        error = end_at(move.to, error);
    }
    if (move.victim) inode_drop(move.victim);
    if (move.inode) inode_drop(move.inode);
    inode_drop(move.from);
    fs_sync();
    return error;
}
