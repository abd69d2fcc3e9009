/* Pipes. */
#ifndef PIPE_H
#define PIPE_H

#include "file.h"

/* Makes a pipe and its two open files. */
int pipe_make(struct file **reader, struct file **writer);

#endif
