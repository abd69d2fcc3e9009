/* crun: what its files have in common. */
#ifndef CRUN_H
#define CRUN_H

#include "../lib/files.h"
#include "../lib/json.h"

#define STATES "/run/crun"
#define GROUPS "/sys/fs/cgroup"

/* Every step that the kernel is asked for is told here: −1, nowhere. */
extern int log_file;
#define trace(...) (log_file >= 0 ? print_to(log_file, "crun: " __VA_ARGS__) : (void)0)

/* A container: its configuration, and where its files are. */
struct container {
    const char *name;
    char bundle[LONGEST_PATH];
    struct json *config;
    int pid;
};

/* Reads BUNDLE/config.json; complains and answers 1 where something is wrong. */
int read_bundle(struct container *container);

/* ---- limits.c ---- */
int make_group(const struct container *container);
int enter_group(const char *name); /* the process that calls */
int remove_group(const char *name);
/* Kills everybody in the group. */
void kill_group(const char *name);

/* ---- first.c ---- */
/* Makes the first process, whose pid is the container's: set up as the configuration says, it waits for a byte on the
   fifo. 0, or an error after a complaint; the process may be there even so. */
int make_first(struct container *container, const char *fifo);

/* ---- mounts.c ---- */
/* Puts the tree of the container together. Answers what is wrong, with the error, or null. */
const char *make_root(const struct container *container, int *error);
/* Makes that tree the root, and hides in it what is not to be seen. Answers as make_root does. */
const char *enter_root(struct json *config, int *error);

/* ---- identity.c ---- */
/* Flags of the namespaces that the configuration wants made anew. */
int wanted_namespaces(struct json *config);
/* Joins those that are given by path. */
const char *join_given(struct json *config, int *error);
/* User, groups, capabilities, limits: the last thing before the program. */
const char *become_user(struct json *config, int *error);
/* The path of a program as the configuration's PATH has it; null where there is none. */
const char *find_program(struct json *config, const char *name);
/* Executes a program with the configuration's environment; comes back only with an error. */
int execute_in(struct json *config, const char *path, const char *const words[]);

/* ---- hooks.c ---- */
/* Runs the hooks of a kind, each with the state on its standard input; 1 where one has failed. */
int run_hooks(const struct container *container, const char *kind, const char *status);
void put_state(int file, const struct container *container, const char *status);

#endif
