/* Names with * and ?, for the shell. */
#ifndef GLOB_H
#define GLOB_H

/* Calls `found` for every file whose name fits the pattern, in order; * and ? count in the last part of a path only.
   How many there were. */
int glob(const char *pattern, void (*found)(const char *path, void *context), void *context);

#endif
