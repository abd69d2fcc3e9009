/* Programs of whoever made the bundle that run at certain moments. OCI runtime specification, config.md, "POSIX-platform
   Hooks"; runtime.md, "State". */
#include "crun.h"

void put_state(int file, const struct container *container, const char *status) {
    print_to(file, "{\n  \"ociVersion\": \"1.2.0\",\n  ");
    json_put_member(file, "id", container->name);
    print_to(file, ",\n  ");
    json_put_member(file, "status", status);
    print_to(file, ",\n  \"pid\": %d,\n  ", container->pid);
    json_put_member(file, "bundle", container->bundle);
    print_to(file, "\n}\n");
}

static int run_hook(const struct container *container, struct json *hook, const char *status) {
    const char *words[32], *texts[64], *path = json_text(hook, "path", "");
    int ends[2], end = 0, error = make_pipe(ends);
    if (error) return error;
    if (json_texts(hook, "args", words, COUNT(words)) == 0) words[0] = path, words[1] = NULL;
    int child = fork();
    if (child == 0) {
        json_texts(hook, "env", texts, COUNT(texts));
        environment = (char **)texts;
        duplicate_to(ends[0], 0);
        close(ends[0]), close(ends[1]);
        leave(complain("crun", path, execute(path, (char *const *)words)));
    }
    close(ends[0]);
    on_signal(SIGPIPE, (signal_handler)SIG_IGN, 0); /* a hook need not read */
    put_state(ends[1], container, status);
    on_signal(SIGPIPE, (signal_handler)SIG_DFL, 0);
    close(ends[1]);
    while (child > 0 && wait_for(child, &end, 0) == -EINTR) continue;
    return child < 0 ? child : end;
}

int run_hooks(const struct container *container, const char *kind, const char *status) {
    char name[48];
    format_into(name, sizeof name, "hooks.%s", kind);
    struct json *list = json_at(container->config, name);
    u32 k = 0;
    for (struct json *hook = list ? list->first : NULL; hook; hook = hook->next, k++) {
        trace("%s[%u]: %s\n", name, k, json_text(hook, "path", ""));
        int end = run_hook(container, hook, status);
        if (end != 0) return print_to(2, "crun: %s[%u]: failed (%d)\n", name, k, EXITED(end) ? EXIT_STATUS(end) : end), 1;
    }
    return 0;
}
