/* Taking turns: one queue of those who could run, round robin by the timer; and waiting in queues. */
#include "clock.h"
#include "frames.h"
#include "print.h"
#include "process.h"
#include "space.h"

struct process processes[PROCESSES];
/* The first entry is not a process but the processor's idling, on the stack that boot.S began with. */
struct process *current = &processes[0];
bool need_schedule;

static struct queue ready;
static struct process *fpu_user; /* whose values the unit holds */
static bool fpu_allowed;

#define STACK_MARK 0x5a5ea6edu /* at the deep end of every kernel stack */

static void append(struct queue *queue, struct process *process) {
    process->next = NULL;
    process->queue = queue;
    if (queue->last)
        queue->last->next = process;
    else
        queue->first = process;
    queue->last = process;
}

static void take_out(struct process *process) {
    struct queue *queue = process->queue;
    struct process *before = NULL;
    for (struct process *p = queue->first; p != process; p = p->next) before = p;
    if (before)
        before->next = process->next;
    else
        queue->first = process->next;
    if (queue->last == process) queue->last = before;
    process->queue = NULL;
}

void schedule_start(void) {
    current->state = RUNNING;
    current->name[0] = '-';
    fpu_forbid();
}

void make_ready(struct process *process) {
    process->state = READY;
    append(&ready, process);
    if (current == &processes[0]) need_schedule = true;
}

/* ---- the switch ---- */

/* A selector of the process's own segment faults once the process has taken the segment back. */
static u16 valid_selector(const struct process *process, u16 selector) {
    return selector >> 3 == TLS_ENTRY && process->tls == 0 ? 0 : selector;
}

static void switch_segments(struct process *from, struct process *to) {
    from->fs = read_fs();
    from->gs = read_gs();
    if (from->tls != to->tls) set_tls(to->tls);
    else if ((from->fs | from->gs | to->fs | to->gs) == 0) return;
    load_fs(valid_selector(to, to->fs));
    load_gs(valid_selector(to, to->gs));
}

/* The unit is switched only when somebody else uses it: until then it is forbidden, and the trap comes to fpu_lend. */
static void switch_fpu(const struct process *to) {
    bool allowed = to == fpu_user;
    if (allowed == fpu_allowed) return;
    fpu_allowed = allowed;
    if (allowed)
        fpu_allow();
    else
        fpu_forbid();
}

bool fpu_lend(void) {
    if (!fpu_present()) return false;
    if (!current->fpu && !(current->fpu = frame_get_zeroed())) return false;
    bool first = current->fpu[FPU_STATE] != 1;
    fpu_allow();
    fpu_allowed = true;
    if (fpu_user) fpu_save(fpu_user->fpu);
    if (first)
        fpu_clear();
    else
        fpu_load(current->fpu);
    current->fpu[FPU_STATE] = 1;
    fpu_user = current;
    return true;
}

/* Puts the unit's values into the saved state, for a copy of it. */
void fpu_settle(void) {
    if (fpu_user != current) return;
    fpu_save(current->fpu);
    fpu_load(current->fpu);
}

void fpu_forget(struct process *process) {
    if (fpu_user == process) fpu_user = NULL;
    if (process->fpu) frame_drop(process->fpu);
    process->fpu = NULL;
    if (process == current) switch_fpu(current);
}

void schedule(void) {
    struct process *from = current, *to = ready.first;
    if (irq_enabled()) panic("interrupts are on in the scheduler, which turned them off");
    if (from->stack && *(u32 *)from->stack != STACK_MARK)
        panic("process %d (%s) used up its kernel stack", from->pid, from->name);
    if (!to) {
        if (from->state == RUNNING) return;
        to = &processes[0];
    } else {
        take_out(to);
    }
    to->state = RUNNING;
    to->quantum = QUANTUM;
    need_schedule = false;
    if (to == from) return;
    current = to;
    /* Idling happens in any address space. */
    if (to->space && current_address_space() != PHYSICAL(to->space->directory))
        load_address_space(PHYSICAL(to->space->directory));
    if (to->stack) set_kernel_stack(to->stack + PAGE_SIZE);
    switch_segments(from, to);
    switch_fpu(to);
    switch_stacks(&from->esp, to->esp);
}

void stack_mark(u8 *stack) { *(u32 *)stack = STACK_MARK; }

/* ---- waiting ---- */

static u32 next_due; /* tick at which somebody's wait or alarm ends at the earliest; 0: nobody waits for a time */

static bool is_due(u32 tick, u32 now) { return tick != 0 && (int)(now - tick) >= 0; }

static void note_due(u32 tick) {
    if (tick != 0 && (next_due == 0 || (int)(tick - next_due) < 0)) next_due = tick;
}

void schedule_alarm(u32 tick) {
    current->alarm_at = tick;
    note_due(tick);
}

static void wait_in(struct queue *queue, bool by_signal, u32 until) {
    current->state = WAITING;
    current->wakes_by_signal = by_signal;
    current->wake_at = until;
    note_due(until);
    append(queue, current);
    schedule();
}

void sleep_in(struct queue *queue) { wait_in(queue, false, 0); }

static int sleep_limited(struct queue *queue, bool by_signal, u32 until) {
    if (by_signal && signal_waits(current)) return -EINTR;
    if (until != 0 && (int)(clock_ticks() - until) >= 0) return -EAGAIN;
    wait_in(queue, by_signal, until);
    return by_signal && signal_waits(current) ? -EINTR : 0;
}

int sleep_lightly(struct queue *queue, u32 until) { return sleep_limited(queue, true, until); }
int sleep_until(struct queue *queue, u32 until) { return sleep_limited(queue, false, until); }

void wake_process(struct process *process) {
    if (process->state != WAITING) return;
    take_out(process);
    process->wake_at = 0;
    make_ready(process);
}

void wake_all(struct queue *queue) {
    u32 flags = irq_save();
    while (queue->first) wake_process(queue->first);
    irq_restore(flags);
}

/* ---- the timer ---- */

static void end_waits(u32 now) {
    next_due = 0;
    for (struct process *p = processes + 1; p < processes + PROCESSES; p++) {
        if (p->state == UNUSED) continue;
        if (p->state == WAITING && is_due(p->wake_at, now)) wake_process(p);
        if (is_due(p->alarm_at, now)) {
            p->alarm_at = 0;
            signal_send(p, SIGALRM);
        }
        if (p->state == WAITING) note_due(p->wake_at);
        note_due(p->alarm_at);
    }
}

void schedule_tick(bool process_ran) {
    u32 now = clock_ticks();
    if (process_ran)
        current->user_ticks++;
    else
        current->system_ticks++;
    if (is_due(next_due, now)) end_waits(now);
    if (current->quantum > 0) current->quantum--;
    if (current->quantum == 0 && ready.first) need_schedule = true;
}
