/*
 * /proc: files that are written at the moment they are read, in the words of Linux. There is a directory for each
 * process, in which stat is what ps reads, and uptime and meminfo beside them.
 */
#include "proc.h"

#include "clock.h"
#include "frames.h"
#include "fs.h"
#include "print.h"
#include "process.h"
#include "space.h"
#include "string.h"

/* Numbers of inodes: the root, its files, and for each pid a directory and its files. */
enum { ROOT = PROC_NUMBERS, UPTIME, MEMINFO, FIRST_PID = PROC_NUMBERS + 16 };
enum { DIRECTORY, STAT, CMDLINE, KINDS };

static u32 number_of(int pid, u32 kind) { return FIRST_PID + (u32)pid * KINDS + kind; }
static int pid_of(u32 number) { return (int)((number - FIRST_PID) / KINDS); }
static u32 kind_of(u32 number) { return (number - FIRST_PID) % KINDS; }

/* ---- contents ---- */

static u32 write_stat(char *text, u32 size, const struct process *p) {
    static const char letters[] = "?RRSTZ";
    u32 pages = p->space ? p->space->resident : 0, mapped = 0;
    for (u32 k = 0; p->space && k < p->space->count; k++)
        mapped += p->space->regions[k].end - p->space->regions[k].start;
    u32 length = print_to(text, size, "%d (%s) %c %d %d %d 1281 0 0 0 0 0 0 %u %u %u %u 20 0 1 0 %u %u %u ", p->pid,
                          p->name, letters[p->state], p->parent == p ? 0 : p->parent->pid, p->group, p->session,
                          p->user_ticks, p->system_ticks, p->children_user, p->children_system, p->start_tick,
                          mapped, pages);
    return length + print_to(text + length, size - length, "4294967295 0 0 0 0 0 %u %u 0 0 0 0 0 17 0 0 0\n",
                             p->pending, p->blocked);
}

static u32 write_text(char *text, u32 size, u32 number) {
    struct frame_counts frames = frames_counted();
    u32 ticks = clock_ticks();
    if (number == UPTIME)
        return print_to(text, size, "%u.%02u %u.%02u\n", ticks / TICKS_PER_SECOND, ticks % TICKS_PER_SECOND,
                        processes[0].system_ticks / TICKS_PER_SECOND, processes[0].system_ticks % TICKS_PER_SECOND);
    if (number == MEMINFO)
        return print_to(text, size, "MemTotal: %11u kB\nMemFree: %12u kB\n", frames.total * 4, frames.free * 4);
    const struct process *p = process_with(pid_of(number));
    if (!p) return 0;
    return kind_of(number) == STAT ? write_stat(text, size, p) : print_to(text, size, "%s%c", p->name, 0);
}

static int read_text(struct inode *inode, void *to, u32 offset, u32 length) {
    char text[512];
    u32 size = write_text(text, sizeof text, inode->number);
    if (offset >= size) return 0;
    length = least(length, size - offset);
    return user_copy(to, text + offset, length) ? -EFAULT : (int)length;
}

/* ---- names ---- */

static int make(u32 number, struct inode **found);

static bool read_pid(const char *name, int *pid) {
    *pid = 0;
    if (!*name) return false;
    for (; *name >= '0' && *name <= '9' && *pid < 100000; name++) *pid = *pid * 10 + *name - '0';
    return *name == 0;
}

static int find(struct inode *directory, const char *name, struct inode **found) {
    int pid;
    bool root = directory->number == ROOT;
    if (text_equal(name, ".")) return make(directory->number, found);
    if (text_equal(name, "..")) return root ? fs_inode(1, found) : proc_root(found);
    if (!root) {
        if (text_equal(name, "stat")) return make(number_of(pid_of(directory->number), STAT), found);
        if (text_equal(name, "cmdline")) return make(number_of(pid_of(directory->number), CMDLINE), found);
        return -ENOENT;
    }
    if (text_equal(name, "uptime")) return make(UPTIME, found);
    if (text_equal(name, "meminfo")) return make(MEMINFO, found);
    if (text_equal(name, "self")) return make(number_of(current->pid, DIRECTORY), found);
    return read_pid(name, &pid) && process_with(pid) ? make(number_of(pid, DIRECTORY), found) : -ENOENT;
}

static bool name_entry(struct entry *entry, const char *name, u32 number, u8 type) {
    entry->inode = number;
    entry->type = type;
    text_copy(entry->name, name, sizeof entry->name);
    return true;
}

/* Positions: 0 and 1 the two dots, then the files, then the entries of the process table. */
static bool list_root(u32 position, struct entry *entry) {
    char name[12];
    if (position == 2) return name_entry(entry, "uptime", UPTIME, DT_REG);
    if (position == 3) return name_entry(entry, "meminfo", MEMINFO, DT_REG);
    const struct process *p = &processes[position - 3];
    if (p->state == UNUSED) return false;
    print_to(name, sizeof name, "%d", p->pid);
    return name_entry(entry, name, number_of(p->pid, DIRECTORY), DT_DIR);
}

static int list(struct inode *directory, u32 *position, struct entry *entry) {
    bool root = directory->number == ROOT;
    for (u32 end = root ? PROCESSES + 3 : 4; *position < end;) {
        u32 at = (*position)++;
        if (at < 2)
            return name_entry(entry, at ? ".." : ".", at ? (root ? 1 : ROOT) : directory->number, DT_DIR);
        if (root ? list_root(at, entry)
                 : name_entry(entry, at == 2 ? "stat" : "cmdline", directory->number + at - 1, DT_REG))
            return 1;
    }
    return 0;
}

static const struct inode_calls calls = {.read = read_text, .find = find, .list = list};

static int make(u32 number, struct inode **found) {
    struct inode *inode = inode_slot(number);
    if (!inode) return -ENFILE;
    bool directory = number == ROOT || (number >= FIRST_PID && kind_of(number) == DIRECTORY);
    if (inode->uses == 0)
        *inode = (struct inode){.calls = &calls, .number = number, .links = 1, .modified = clock_seconds(),
                                .mode = directory ? S_IFDIR | 0555 : S_IFREG | 0444};
    inode->uses++;
    *found = inode;
    return 0;
}

int proc_root(struct inode **found) { return make(ROOT, found); }
