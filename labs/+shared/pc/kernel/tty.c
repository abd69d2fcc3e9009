/*
 * The terminal: makes lines of what is typed, shows it, lets it be corrected, and turns ^C into a signal for the
 * processes in the foreground. A program may ask for single characters instead (ICANON off).
 */
#include "console.h"
#include "process.h"
#include "space.h"

#define CTRL(letter) ((letter) & 0x1f)
#define DELETE 0x7f
#define HELD 1024

static struct termios mode = {
    .c_iflag = ICRNL,
    .c_oflag = OPOST | ONLCR,
    .c_cflag = 0xbd, /* 38400 baud, 8 bits, receiver on */
    .c_lflag = ISIG | ICANON | ECHO,
    .c_cc = {[VINTR] = CTRL('C'), [VERASE] = DELETE, [VKILL] = CTRL('U'), [VEOF] = CTRL('D'), [VMIN] = 1},
};
static int foreground = 1; /* process group: at first that of the first program */

/* Typed characters: read up to `out`, complete lines up to `ready`, being typed up to `in`. */
static char held[HELD];
static u32 out, ready, in;
static bool ends[HELD]; /* the character is ^D: the line ends without it */
static struct queue readers, writers;

static void show(char c) {
    if (!(mode.c_lflag & ECHO)) return;
    if (c == '\n' && (mode.c_oflag & ONLCR)) console_raw('\r');
    console_raw(c);
    console_settle();
}

static void show_control(char c) {
    show('^');
    show((char)(c + 64));
    show('\n');
}

static void erase_one(void) {
    if (in == ready) return;
    in--;
    show('\b');
    show(' ');
    show('\b');
}

static void take(char c, bool end) {
    if (in - out == HELD) return;
    held[in % HELD] = c;
    ends[in % HELD] = end;
    in++;
}

static void release_line(void) {
    ready = in;
    wake_all(&readers);
}

static void edit_line(char c) {
    if (c == (char)mode.c_cc[VERASE] || c == '\b') {
        erase_one();
    } else if (c == (char)mode.c_cc[VKILL]) {
        while (in != ready) erase_one();
    } else if (c == (char)mode.c_cc[VEOF]) {
        take(0, true);
        release_line();
    } else {
        /* A line longer than can be held waits for its end: that place stays free. */
        if (c == '\n' || in - out < HELD - 1) {
            take(c, false);
            show(c);
        }
        if (c == '\n') release_line();
    }
}

void tty_input(char c) {
    if (c == '\r' && (mode.c_iflag & ICRNL)) c = '\n';
    if ((mode.c_lflag & ISIG) && c == (char)mode.c_cc[VINTR]) {
        in = ready; /* what was being typed is void */
        show_control(c);
        signal_group(foreground, SIGINT);
    } else if (mode.c_lflag & ICANON) {
        edit_line(c);
    } else {
        take(c, false);
        show(c);
        release_line();
    }
}

/* ---- what processes do ---- */

static int read_tty(struct file *file, void *to, u32 length) {
    u32 done = 0;
    int result = 0;
    if (current->group != foreground) return -EIO;
    u32 flags = irq_save();
    while (out == ready && result == 0) {
        result = file->flags & O_NONBLOCK ? -EAGAIN : sleep_lightly(&readers, 0);
        if (result == -EINTR) result = -RESTART;
    }
    while (result == 0 && done < length && out != ready) {
        char c = held[out % HELD];
        bool end = ends[out % HELD];
        out++;
        irq_restore(flags); /* the copy may have to bring in a page */
        if (!end && user_copy((u8 *)to + done, &c, 1) != 0) result = -EFAULT;
        flags = irq_save();
        if (end) break;
        done++;
        if (c == '\n' && (mode.c_lflag & ICANON)) break;
    }
    irq_restore(flags);
    return result < 0 ? result : (int)done;
}

void tty_room(void) { wake_all(&writers); }

/* A line is slow: whoever writes faster waits here, and others run meanwhile. */
static int wait_for_room(u32 characters) {
    u32 flags = irq_save();
    int result = 0;
    while (console_room() < characters && result == 0) result = sleep_lightly(&writers, 0);
    irq_restore(flags);
    return result == -EINTR ? -RESTART : result;
}

static int write_tty(struct file *file, const void *from, u32 length) {
    char part[128];
    u32 done = 0;
    (void)file;
    while (done < length) {
        u32 count = least(sizeof part, length - done);
        int error = wait_for_room(2 * sizeof part); /* each may be a new line, which is two */
        if (error) return done ? (int)done : error;
        if (user_copy(part, (const u8 *)from + done, count) != 0) return done ? (int)done : -EFAULT;
        for (u32 k = 0; k < count; k++) {
            if (part[k] == '\n' && (mode.c_oflag & OPOST) && (mode.c_oflag & ONLCR)) console_raw('\r');
            console_raw(part[k]);
        }
        console_settle();
        done += count;
    }
    return (int)done;
}

static int control_tty(struct file *file, u32 request, u32 argument) {
    static const struct winsize size = {25, 80, 0, 0};
    (void)file;
    switch (request) {
    case TCGETS: return copy_out(argument, &mode, sizeof mode);
    case TCSETSF: out = in = ready; /* and drop what was typed */ /* fall through */
    case TCSETS:
    case TCSETSW: return copy_in(&mode, argument, sizeof mode);
    case TIOCGPGRP: return copy_out(argument, &foreground, sizeof foreground);
    case TIOCSPGRP: return copy_in(&foreground, argument, sizeof foreground);
    case TIOCGWINSZ: return copy_out(argument, &size, sizeof size);
    default: return -EINVAL;
    }
}

static int tty_ready(struct file *file) {
    (void)file;
    return POLLOUT | (out != ready ? POLLIN : 0);
}

const struct file_calls tty_calls = {
    .read = read_tty, .write = write_tty, .control = control_tty, .ready = tty_ready};
