/* docker: what its files have in common. */
#ifndef DOCKER_H
#define DOCKER_H

#include "../lib/files.h"
#include "../lib/json.h"

#define IMAGES "/var/lib/docker/image"
#define LAYERS "/var/lib/docker/overlay2"
#define CONTAINERS "/var/lib/docker/containers"
#define VOLUMES "/var/lib/docker/volumes"
#define RUNNING "/run/crun"
#define GROUPS "/sys/fs/cgroup"

#define MOST_WORDS 48
#define MOST_LAYERS 64
#define ID 13 /* twelve digits and the end */

/* --debug: shows what crun was asked for and what it did. */
extern bool debugging;

/* A copy that stays. */
const char *keep(const char *text);
void random_id(char id[ID]);
/* Complains about a name, in a sentence; 1. */
int refuse(const char *name, const char *why);

/* ---- options.c ---- */

/* One option: a flag (bool), a text (const char *), or a list of texts (const char *[], a null at its end). */
struct option {
    const char *name;
    char letter; /* 0: it has none */
    enum { FLAG, TEXT, LIST } kind;
    void *to;
};
/* Takes options up to the first word that is none; that word's place, or −1 after a complaint. */
int take_options(int count, char **words, const struct option *options, u32 known);

/* ---- images.c ---- */

struct image {
    char name[80]; /* with its tag */
    char id[ID];
    const char *environment[MOST_WORDS], *command[MOST_WORDS], *entrypoint[MOST_WORDS];
    const char *layers[MOST_LAYERS]; /* directories, the lowest first */
    const char *directory, *user;
};
int load_image(const char *name, struct image *image);
/* Gives it a new number and keeps it under a name. */
int store_image(struct image *image, const char *name);
/* The files that a container has changed, as a layer of its own; its directory, or null after a complaint. */
const char *layer_of(const char *container);

/* ---- containers.c ---- */

/* What `run` and `create` are asked for. */
struct wish {
    const char *name, *memory, *cpus, *pids, *shares, *cpuset, *hostname, *directory, *user, *network, *entrypoint;
    const char *environment[MOST_WORDS], *volumes[MOST_WORDS], *add[MOST_WORDS], *drop[MOST_WORDS];
    const char *command[MOST_WORDS];
    bool detach, interactive, tty, remove, privileged, read_only;
};
/* Makes a container of an image; its name is in the wish afterwards. */
int make_container(struct wish *wish, struct image *image);
int remove_container(const char *name);
/* Finds a container by its name or the beginning of its number; its name in CONTAINERS, or null after a complaint. */
const char *find_container(const char *given);
/* What `docker` has noted of it; null if there is none. Only until the next is read. */
struct json *container_record(const char *name);
bool is_running(const char *name);
/* Its exit status; −1: it has not ended. */
int exit_status(const char *name);

/* ---- shim.c ---- */

/* Starts a container. Attached, it answers with its exit status, else with 0 once it runs. */
int start_container(const char *name, bool attached);
/* Runs crun and waits; its exit status. Words end with a null, and are MOST_WORDS with it at most. */
int run_crun(const char *container, const char *const words[]);

/* ---- commands ---- */

typedef int command(int count, char **words);
command docker_images, docker_commit, docker_tag, docker_rmi, docker_history;           /* images.c */
command docker_build;                                                                  /* build.c */
command docker_run, docker_create, docker_start, docker_rm;                            /* containers.c */
command docker_ps, docker_logs, docker_stats, docker_inspect, docker_diff;             /* look.c */
command docker_exec, docker_stop, docker_kill, docker_pause, docker_unpause, docker_wait; /* control.c */
command docker_volume;                                                                 /* volume.c */

#endif
