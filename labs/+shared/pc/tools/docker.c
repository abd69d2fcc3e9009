/* docker [--debug] COMMAND: containers and images, as the command of that name has them. It keeps images as layers that
   an overlay shows as one tree, writes a bundle for every container, and lets crun do the rest: --debug shows what. */
#include "docker/docker.h"

bool debugging;

const char *keep(const char *text) {
    static char texts[16384];
    static u32 used;
    u32 length = text_length(text) + 1;
    if (used + length > sizeof texts) leave(refuse(text, "finds no room any more"));
    char *copy = memcpy(texts + used, text, length);
    used += length;
    return copy;
}

void random_id(char id[ID]) {
    u32 words[2] = {0, 0};
    system_call(SYS_getrandom, words, sizeof words, 0);
    format_into(id, ID, "%08x%04x", words[0], words[1] & 0xffff);
}

int refuse(const char *name, const char *why) {
    print_to(2, "docker: %s %s\n", name, why);
    return 1;
}

static const struct {
    const char *name;
    command *run;
    const char *words, *what;
} commands[] = {
    {"run", docker_run, "[OPTIONS] IMAGE [PROGRAM ...]", "make a container and start it"},
    {"create", docker_create, "[OPTIONS] IMAGE [PROGRAM ...]", "only make it"},
    {"start", docker_start, "[-a] NAME", "start one that was made, or has ended"},
    {"ps", docker_ps, "[-a]", "those that run; all"},
    {"exec", docker_exec, "[-it] NAME PROGRAM ...", "a program more in one that runs"},
    {"logs", docker_logs, "[-f] NAME", "what it has written"},
    {"stats", docker_stats, "", "what those that run use"},
    {"inspect", docker_inspect, "NAME", "all that is known of a container or image"},
    {"diff", docker_diff, "NAME", "the files that it has changed"},
    {"stop", docker_stop, "[-t SECONDS] NAME ...", "ask it to end, then end it"},
    {"kill", docker_kill, "[-s SIGNAL] NAME ...", "end it"},
    {"pause", docker_pause, "NAME ...", "freeze it"},
    {"unpause", docker_unpause, "NAME ...", "let it go on"},
    {"wait", docker_wait, "NAME", "wait for its end, and say its status"},
    {"rm", docker_rm, "[-f] NAME ...", "remove it and its changes"},
    {"images", docker_images, "", "the images"},
    {"history", docker_history, "IMAGE", "the layers of one"},
    {"commit", docker_commit, "NAME IMAGE", "an image with the changes of a container as its top layer"},
    {"build", docker_build, "[-t IMAGE] [-f FILE] DIRECTORY", "an image as a Dockerfile says"},
    {"tag", docker_tag, "IMAGE NAME", "another name for an image"},
    {"rmi", docker_rmi, "IMAGE ...", "remove an image"},
    {"volume", docker_volume, "ls | create NAME | rm NAME | inspect NAME", "directories that outlive containers"},
};

static int help(void) {
    print("docker [--debug] COMMAND\n");
    for (u32 k = 0; k < COUNT(commands); k++)
        print("  %-8s %s\n           %s\n", commands[k].name, commands[k].words, commands[k].what);
    return 0;
}

int main(int count, char **words) {
    count--, words++;
    if (count > 0 && (text_compare(*words, "--debug") == 0 || text_compare(*words, "-D") == 0))
        debugging = true, count--, words++;
    if (count == 0) return help();
    for (u32 k = 0; k < COUNT(commands); k++)
        if (text_compare(commands[k].name, words[0]) == 0) return commands[k].run(count - 1, words + 1);
    return refuse(words[0], "is no command that is known here; docker alone lists them");
}
