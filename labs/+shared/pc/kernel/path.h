/* Paths: from names to inodes. */
#ifndef PATH_H
#define PATH_H

#include "inode.h"

#define PATH_LENGTH 256

/* Finds and holds. */
int path_find(const char *path, struct inode **found);
/* Finds the directory of the last name, and copies that name; for what shall be made or removed there. */
int path_find_parent(const char *path, struct inode **directory, char name[NAME_LENGTH + 1]);
/* Writes the path of a directory by walking up to the root; its length with the zero, -ERANGE, -ENOENT. */
int path_of(struct inode *directory, char *text, u32 size);

#endif
