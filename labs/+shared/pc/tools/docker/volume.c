/* Volumes: directories of the host by name, which containers are given by --volume NAME:/PLACE. */
#include "docker.h"

static int show(const char *path, const char *name, void *context) {
    (void)path, (void)context;
    print("%-8s %s\n", "local", name);
    return 0;
}

int docker_volume(int count, char **words) {
    char path[LONGEST_PATH];
    const char *verb = count > 0 ? words[0] : "";
    if (text_compare(verb, "ls") == 0) {
        print("%-8s %s\n", "DRIVER", "VOLUME NAME");
        each_entry(VOLUMES, show, NULL);
        return 0;
    }
    bool create = text_compare(verb, "create") == 0, remove = text_compare(verb, "rm") == 0;
    if (count != 2 || (!create && !remove && text_compare(verb, "inspect") != 0))
        return refuse("volume", "takes ls, create NAME, rm NAME, or inspect NAME");
    if (text_find(words[1], '/') || words[1][0] == '.') return refuse(words[1], "is no name of a volume");
    format_into(path, sizeof path, VOLUMES "/%s%s", words[1], create ? "/_data" : "");
    if (!create && !exists(path)) return refuse(words[1], "is no volume; docker volume ls lists them");
    int error = create ? make_path(path) : remove ? remove_tree(path) : 0;
    if (error) return complain("docker", path, error);
    if (create || remove)
        print("%s\n", words[1]);
    else
        print("{ \"Name\": \"%s\", \"Driver\": \"local\", \"Mountpoint\": \"%s/_data\" }\n", words[1], path);
    return 0;
}
