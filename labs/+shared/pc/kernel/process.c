/* The life of a process: fork, exit, wait. */
#include "process.h"

#include "clock.h"
#include "file.h"
#include "frames.h"
#include "inode.h"
#include "power.h"
#include "print.h"
#include "space.h"
#include "string.h"

#define LAST_PID 32767
static int last_pid;

struct process *process_with(int pid) {
    for (struct process *p = processes + 1; p < processes + PROCESSES; p++)
        if (p->state != UNUSED && p->pid == pid) return p;
    return NULL;
}

static int next_pid(void) {
    do last_pid = last_pid == LAST_PID ? 2 : last_pid + 1;
    while (process_with(last_pid));
    return last_pid;
}

/* An unused entry with a kernel stack and a pid, or null. */
static struct process *allocate(void) {
    for (struct process *p = processes + 1; p < processes + PROCESSES; p++) {
        if (p->state != UNUSED) continue;
        u8 *stack = frame_get();
        if (!stack) return NULL;
        int pid = next_pid();
        memset(p, 0, sizeof *p);
        p->stack = stack;
        p->pid = pid;
        p->start_tick = clock_ticks();
        p->quantum = QUANTUM;
        stack_mark(stack);
        return p;
    }
    return NULL;
}

/* ---- beginning ---- */

/* What switch_stacks finds on the stack of a process that never ran. */
struct beginning {
    u32 ebp, edi, esi, ebx, eip;
};

static struct frame *frame_of(struct process *process) {
    return (struct frame *)(process->stack + PAGE_SIZE) - 1;
}

/* The process begins with `begin` if there is one, and then leaves the kernel with its frame. */
static void begin_at(struct process *process, void (*begin)(void)) {
    u32 *top = (u32 *)frame_of(process);
    *--top = (u32)return_from_trap;
    if (begin) *--top = (u32)begin;
    struct beginning *beginning = (struct beginning *)(top + 1) - 1;
    memset(beginning, 0, sizeof *beginning - sizeof beginning->eip);
    process->esp = (u32)beginning;
}

/* One that nobody has forked, and nobody waits for. */
static void start(const char *name, void (*begin)(void)) {
    struct process *process = allocate();
    if (!process) panic("no memory for the process %s", name);
    process->group = process->session = process->pid;
    process->parent = process;
    text_copy(process->name, name, sizeof process->name);
    memset(frame_of(process), 0, sizeof(struct frame));
    begin_at(process, begin);
    u32 flags = irq_save();
    make_ready(process);
    irq_restore(flags);
}

void process_start_first(void (*begin)(void)) { start("init", begin); }
void process_start_in_kernel(const char *name, void (*run)(void)) { start(name, run); }

static void copy_files(struct process *to) {
    for (u32 k = 0; k < FILES; k++)
        if ((to->files[k] = current->files[k])) file_hold(to->files[k]);
    to->close_on_exec = current->close_on_exec;
    to->directory = current->directory;
    inode_hold(to->directory);
}

static int copy_fpu(struct process *to) {
    if (!current->fpu) return 0;
    if (!(to->fpu = frame_get())) return -ENOMEM;
    fpu_settle();
    memcpy(to->fpu, current->fpu, FPU_STATE + 1);
    return 0;
}

int process_fork(const struct frame *frame) {
    struct process *child = allocate();
    if (!child) return -EAGAIN;
    child->space = space_copy(current->space);
    if (!child->space || copy_fpu(child) != 0) {
        if (child->space) space_free(child->space);
        frame_drop(child->stack);
        return -ENOMEM;
    }
    copy_files(child);
    child->group = current->group;
    child->session = current->session;
    child->parent = current;
    text_copy(child->name, current->name, sizeof child->name);
    child->tls = current->tls;
    child->fs = read_fs();
    child->gs = read_gs();
    child->blocked = current->blocked;
    memcpy(child->actions, current->actions, sizeof child->actions);
    *frame_of(child) = *frame;
    frame_of(child)->eax = 0;
    begin_at(child, NULL);
    u32 flags = irq_save();
    make_ready(child);
    irq_restore(flags);
    return child->pid;
}

/* ---- end ---- */

/* Children of a process that ends become children of the first one. */
static void give_children_away(void) {
    struct process *first = process_with(1);
    for (struct process *p = processes + 1; p < processes + PROCESSES; p++) {
        if (p->state == UNUSED || p->parent != current) continue;
        p->parent = first;
        if (p->state == ENDED) wake_all(&first->children);
    }
}

static void print_end_of_first(int status) {
    if (status & 0x7f)
        print("varve: the first program was ended by signal %d", status & 0x7f);
    else
        print("varve: the first program ended with status %d", status >> 8);
    print("; powering off\n");
}

void process_exit(int status) {
    for (u32 k = 0; k < FILES; k++)
        if (current->files[k]) file_drop(current->files[k]), current->files[k] = NULL;
    if (current->pid == 1) {
        print_end_of_first(status);
        power_off((u8)(status & 0x7f ? 128 + (status & 0x7f) : status >> 8));
    }
    inode_drop(current->directory);
    give_children_away();
    struct space *space = current->space;
    load_address_space(PHYSICAL(kernel_directory));
    current->space = NULL;
    space_free(space);
    fpu_forget(current);
    irq_disable();
    current->exit_status = status;
    current->state = ENDED;
    signal_send(current->parent, SIGCHLD);
    wake_all(&current->parent->children);
    schedule();
    panic("process %d runs after its end", current->pid);
}

static bool is_meant(const struct process *child, int pid) {
    if (child->state == UNUSED || child->parent != current || child == current) return false;
    if (pid > 0) return child->pid == pid;
    return pid == -1 || child->group == (pid == 0 ? current->group : -pid);
}

static int bury(struct process *child) {
    int pid = child->pid;
    current->children_user += child->user_ticks + child->children_user;
    current->children_system += child->system_ticks + child->children_system;
    frame_drop(child->stack);
    child->state = UNUSED;
    return pid;
}

int process_wait(int pid, u32 status_at, int options) {
    for (;;) {
        bool any = false;
        u32 flags = irq_save();
        for (struct process *p = processes + 1; p < processes + PROCESSES; p++) {
            if (!is_meant(p, pid)) continue;
            any = true;
            if (p->state != ENDED) continue;
            irq_restore(flags);
            int error = status_at ? copy_out(status_at, &p->exit_status, sizeof p->exit_status) : 0;
            return error ? error : bury(p);
        }
        int result = any ? 0 : -ECHILD;
        bool wait = any && !(options & WNOHANG);
        if (wait) result = sleep_lightly(&current->children, 0);
        irq_restore(flags);
        if (!wait) return result;
        if (result == -EINTR) return -RESTART;
    }
}
