/*
 * sh [-c COMMANDS | FILE]: the shell. Commands with arguments, '…' and "…", * and ?, pipes, < > >>, & and ;,
 * # comments, $? for the last status. Built in: cd, exit, kill, wait. ^C ends what runs in the foreground, not the shell.
 */
#include "lib/unix.h"
#include "sh/glob.h"

#define LINE 1024
#define MOST_WORDS 64
#define MOST_STAGES 8

/* One command of a pipeline. */
struct stage {
    char *words[MOST_WORDS + 1];
    int count;
    const char *input, *output;
    bool append;
};

struct pipeline {
    struct stage stages[MOST_STAGES];
    int count;
    bool background;
};

static int input_file, last_status;
static bool interactive;

/* ---- reading lines ---- */

/* One line without its end; -1 at the end of the input. Reads ahead only from files, which nobody else reads. */
static int read_line(char *line) {
    int length = 0;
    char c;
    for (;;) {
        int got = read(input_file, &c, 1);
        if (got == -EINTR) continue;
        if (got <= 0) return length > 0 ? length : -1;
        if (c == '\n') break;
        if (length < LINE - 1) line[length++] = c;
    }
    line[length] = 0;
    return length;
}

/* ---- taking a line apart ---- */

enum token { END, WORD, PIPE, INPUT, OUTPUT, APPEND, BACKGROUND, SEMICOLON, BAD };

static char texts[4 * LINE];
static u32 texts_used;
static bool has_pattern; /* the last word: * or ? stood in it outside of quotes */

static bool ends_word(char c) { return c == 0 || text_find(" \t|<>&;", c) != NULL; }

static void put(char c) {
    if (texts_used < sizeof texts) texts[texts_used++] = c;
}

static enum token read_word(const char **at, char **word) {
    *word = texts + texts_used;
    has_pattern = false;
    while (!ends_word(**at)) {
        char quote = **at;
        if (quote == '\'' || quote == '"') {
            for (++*at; **at && **at != quote; ++*at) put(**at);
            if (!**at) return BAD;
            ++*at;
        } else if (quote == '$' && (*at)[1] == '?') {
            char number[12];
            format_into(number, sizeof number, "%d", last_status);
            for (const char *c = number; *c; c++) put(*c);
            *at += 2;
        } else {
            if (quote == '*' || quote == '?') has_pattern = true;
            put(*(*at)++);
        }
    }
    put(0);
    return texts_used < sizeof texts ? WORD : BAD;
}

static enum token next_token(const char **at, char **word) {
    while (**at == ' ' || **at == '\t') ++*at;
    char c = **at;
    if (c == 0 || c == '#') return END;
    if (!ends_word(c)) return read_word(at, word);
    ++*at;
    if (c == '>' && **at == '>') {
        ++*at;
        return APPEND;
    }
    return c == '|' ? PIPE : c == '<' ? INPUT : c == '>' ? OUTPUT : c == '&' ? BACKGROUND : SEMICOLON;
}

static const char *take_redirection(struct stage *stage, enum token token, const char **at) {
    char *word;
    if (next_token(at, &word) != WORD) return "a file name must follow < or >";
    if (token == INPUT)
        stage->input = word;
    else
        stage->output = word, stage->append = token == APPEND;
    return NULL;
}

static void add_found(const char *path, void *context) {
    struct stage *stage = context;
    char *word = texts + texts_used;
    u32 length = text_length(path) + 1;
    if (stage->count == MOST_WORDS || texts_used + length > sizeof texts) return;
    memcpy(word, path, length);
    texts_used += length;
    stage->words[stage->count++] = word;
}

/* A word that fits no file stands for itself. */
static const char *add_word(struct stage *stage, char *word) {
    if (has_pattern && glob(word, add_found, stage) > 0) return NULL;
    if (stage->count == MOST_WORDS) return "too many words";
    stage->words[stage->count++] = word;
    return NULL;
}

/* Reads one pipeline; what is wrong with it, or null. */
static const char *parse(const char **at, struct pipeline *pipeline) {
    memset(pipeline, 0, sizeof *pipeline);
    struct stage *stage = &pipeline->stages[pipeline->count++];
    for (;;) {
        char *word;
        const char *problem = NULL;
        enum token token = next_token(at, &word);
        bool empty = stage->count == 0;
        switch (token) {
        case WORD: problem = add_word(stage, word); break;
        case PIPE:
            if (empty) return "a command is missing before |";
            if (pipeline->count == MOST_STAGES) return "too many commands in one pipe";
            stage = &pipeline->stages[pipeline->count++];
            break;
        case BAD: return "a quote is not closed, or the line is too long";
        case INPUT:
        case OUTPUT:
        case APPEND: problem = take_redirection(stage, token, at); break;
        default: /* the end of the pipeline */
            pipeline->background = token == BACKGROUND;
            if (token == END) *at += text_length(*at);
            if (empty && pipeline->count > 1) return "a command is missing behind |";
            if (empty && (stage->input || stage->output)) return "a command is missing";
            if (empty) pipeline->count = 0;
            return NULL;
        }
        if (problem) return problem;
    }
}

/* ---- running ---- */

static void set_foreground(int group) {
    if (interactive) system_call(SYS_ioctl, 0, TIOCSPGRP, &group, 0, 0);
}

static void redirect(const char *name, int flags, int wanted) {
    int file = open(name, flags, 0644);
    if (file < 0) leave(complain("sh", name, file));
    duplicate_to(file, wanted);
    close(file);
}

static void become(struct stage *stage) {
    char path[256];
    const char *name = stage->words[0];
    if (stage->input) redirect(stage->input, O_RDONLY, 0);
    if (stage->output) redirect(stage->output, O_WRONLY | O_CREAT | (stage->append ? O_APPEND : O_TRUNC), 1);
    on_signal(SIGINT, (signal_handler)SIG_DFL, 0);
    on_signal(SIGTTOU, (signal_handler)SIG_DFL, 0);
    format_into(path, sizeof path, text_find(name, '/') ? "%s" : "/bin/%s", name);
    int error = execute(path, stage->words);
    complain("sh", name, error);
    leave(error == -ENOENT ? 127 : 126);
}

/* Starts one stage between two pipes; its pid. */
static int start(struct stage *stage, int input, int output, int unused, int group) {
    int child = fork();
    if (child != 0) {
        if (child > 0 && interactive) system_call(SYS_setpgid, child, group ? group : child, 0, 0, 0);
        return child;
    }
    if (interactive) system_call(SYS_setpgid, 0, group, 0, 0, 0);
    if (input != 0) duplicate_to(input, 0), close(input);
    if (output != 1) duplicate_to(output, 1), close(output);
    if (unused >= 0) close(unused);
    become(stage);
    return 0;
}

static void report_end(int status) {
    last_status = EXITED(status) ? EXIT_STATUS(status) : 128 + END_SIGNAL(status);
    if (!EXITED(status) && END_SIGNAL(status) != SIGINT && END_SIGNAL(status) != SIGPIPE)
        print_to(2, "sh: ended by signal %d\n", END_SIGNAL(status));
}

static void run(struct pipeline *pipeline) {
    int pids[MOST_STAGES], started = 0, input = 0, group = 0;
    for (int k = 0; k < pipeline->count; k++) {
        int ends[2] = {-1, 1};
        bool last = k + 1 == pipeline->count;
        int error = last ? 0 : make_pipe(ends);
        int child = error ? error : start(&pipeline->stages[k], input, ends[1], ends[0], group);
        if (input != 0) close(input);
        if (!last) close(ends[1]);
        input = last ? 0 : ends[0];
        if (child < 0) {
            last_status = complain("sh", "cannot start a process", child);
            break;
        }
        if (group == 0) {
            group = child;
            if (!pipeline->background) set_foreground(group);
        }
        pids[started++] = child;
    }
    if (input > 0) close(input);
    if (pipeline->background) {
        if (started > 0) print("[%d]\n", pids[started - 1]);
        return;
    }
    for (int k = 0; k < started; k++) {
        int status = 0;
        while (wait_for(pids[k], &status, 0) == -EINTR) continue;
        if (k + 1 == started) report_end(status);
    }
    set_foreground(system_call(SYS_getpgrp, 0, 0, 0, 0, 0));
}

/* ---- what the shell does itself ---- */

static void send_to(struct stage *stage) {
    bool named = stage->count > 2 && stage->words[1][0] == '-';
    int signal = named ? (int)number_from(stage->words[1] + 1, SIGTERM) : SIGTERM;
    for (int k = named ? 2 : 1; k < stage->count; k++) {
        int error = send_signal((int)number_from(stage->words[k], 0), signal);
        if (error) last_status = complain("kill", stage->words[k], error);
    }
}

static void wait_for_all(void) {
    int status;
    while (wait_for(-1, &status, 0) > 0) report_end(status);
}

static bool run_built_in(struct stage *stage) {
    const char *name = stage->words[0];
    if (text_compare(name, "cd") == 0) {
        const char *target = stage->count > 1 ? stage->words[1] : "/";
        int error = change_directory(target);
        last_status = error ? complain("cd", target, error) : 0;
    } else if (text_compare(name, "exit") == 0) {
        leave(stage->count > 1 ? (int)number_from(stage->words[1], 0) : last_status);
    } else if (text_compare(name, "kill") == 0) {
        last_status = 0;
        send_to(stage);
    } else if (text_compare(name, "wait") == 0) {
        wait_for_all();
    } else {
        return false;
    }
    return true;
}

static void run_line(const char *line) {
    static struct pipeline pipeline;
    texts_used = 0;
    while (*line) {
        const char *problem = parse(&line, &pipeline);
        if (problem) {
            print_to(2, "sh: %s\n", problem);
            last_status = 2;
            return;
        }
        if (pipeline.count == 0) continue;
        if (pipeline.count > 1 || !run_built_in(&pipeline.stages[0])) run(&pipeline);
    }
}

static void bury_background(void) {
    int status, pid;
    while ((pid = wait_for(-1, &status, WNOHANG)) > 0)
        if (interactive) print("[%d] %s\n", pid, status == 0 ? "done" : "ended");
}

static void be_interactive(void) {
    struct termios mode;
    interactive = input_file == 0 && system_call(SYS_ioctl, 0, TCGETS, &mode, 0, 0) == 0;
    if (!interactive) return;
    on_signal(SIGINT, (signal_handler)SIG_IGN, 0);
    on_signal(SIGTTOU, (signal_handler)SIG_IGN, 0);
    system_call(SYS_setpgid, 0, 0, 0, 0, 0);
    set_foreground(get_pid());
    int motd = open("/etc/motd", O_RDONLY, 0), got;
    char text[256];
    while (motd >= 0 && get_pid() == 1 && (got = read(motd, text, sizeof text)) > 0) write(1, text, (u32)got);
    if (motd >= 0) close(motd);
}

int main(int count, char **words) {
    char line[LINE];
    if (count > 2 && text_compare(words[1], "-c") == 0) {
        run_line(words[2]);
        return last_status;
    }
    if (count > 1 && (input_file = open(words[1], O_RDONLY, 0)) < 0) return complain("sh", words[1], input_file);
    be_interactive();
    for (;;) {
        bury_background();
        if (interactive) print("$ ");
        if (read_line(line) < 0) break;
        run_line(line);
    }
    if (interactive) print("\n");
    return last_status;
}
