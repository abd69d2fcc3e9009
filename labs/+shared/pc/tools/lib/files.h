/* Whole files and whole trees of them. What fails answers a negative error number. */
#ifndef FILES_H
#define FILES_H

#include "../call.h"

#define LONGEST_PATH 256

/* Reads a file as text that ends with 0; its length. -EFBIG where it has no room. */
int read_file(const char *path, char *to, u32 size);
/* Makes a file of a text, or writes it into one of /proc or /sys. */
int write_file(const char *path, const char *text);
bool exists(const char *path);
/* Makes a directory and those that lead to it. */
int make_path(const char *path);
/* Calls `found` for every entry of a directory but . and .., until one answers something else than 0: that is the
   answer. Where `found` removes entries, others may be passed over. */
int each_entry(const char *path, int (*found)(const char *path, const char *name, void *context), void *context);
int remove_tree(const char *path);
/* Copies a file or a tree over what is there: with links, devices, owners, modes, times, and the mark of an overlay
   that nothing of lower layers shows through a directory. */
int copy_tree(const char *from, const char *to);

#endif
