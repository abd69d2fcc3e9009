/* The file system on the disk. */
#ifndef FS_H
#define FS_H

#include "inode.h"
#include "types.h"

/* Mounts the disk; says on the console what is wrong with it if it cannot be used. */
int fs_mount(void);
/* Writes whatever is still in memory only. */
int fs_sync(void);
/* fs_sync, and marks the file system as shut down in order. */
void fs_shut_down(void);

int fs_create(const char *path, u32 mode, struct inode **made);
int fs_make_directory(const char *path, u32 mode);
int fs_link(const char *old_path, const char *new_path);
int fs_unlink(const char *path);
int fs_remove_directory(const char *path);
int fs_rename(const char *old_path, const char *new_path);

/* ---- between the parts of the file system ---- */

/* Only one process at a time changes names, sizes and rights; -EROFS if nobody may. */
int fs_begin_change(void);
void fs_end_change(void);

/* fs_mount.c: which blocks and inodes are in use. */
u32 fs_allocate_block(u32 wish); /* `wish` if it is free; 0: the disk is full */
void fs_free_block(u32 block);
u32 fs_allocate_inode(void); /* 0: none is left */
void fs_free_inode(u32 number);
/* False, with a message, if the inode contradicts itself or the disk. */
struct disk_inode;
bool fs_inode_valid(u32 number, const struct disk_inode *inode);

/* fs_inode.c */
int fs_inode(u32 number, struct inode **found); /* holds it */
int fs_inode_make(u16 mode, struct inode **made);
int fs_inode_store(struct inode *inode);
void fs_inode_free(struct inode *inode); /* nobody uses it and it has no name */
/* The block with the byte at `offset`, held; makes it if `make`. */
struct buffer;
int fs_block_of(struct inode *inode, u32 offset, bool make, struct buffer **buffer);
/* inode.c: an entry of the table in memory: the one with the number, or a free one with uses == 0, or null. */
struct inode *inode_slot(u32 number);

/* fs_names.c */
int fs_find_name(struct inode *directory, const char *name, u32 *number);
int fs_add_name(struct inode *directory, const char *name, u32 number);
int fs_remove_name(struct inode *directory, const char *name);
int fs_change_name(struct inode *directory, const char *name, u32 number);
bool fs_is_empty(struct inode *directory);
int fs_find(struct inode *directory, const char *name, struct inode **found);
int fs_list(struct inode *directory, u32 *position, struct entry *entry);

#endif
