/* Signals: sent, kept back, and delivered by making the process call its handler on its own stack. */
#include "process.h"
#include "space.h"
#include "string.h"

#define NEVER_BLOCKED (SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSTOP))
#define IGNORED_BY_DEFAULT \
    (SIGNAL_BIT(SIGCHLD) | SIGNAL_BIT(SIGCONT) | SIGNAL_BIT(SIGURG) | SIGNAL_BIT(SIGWINCH))
#define STOPS (SIGNAL_BIT(SIGSTOP) | SIGNAL_BIT(SIGTSTP) | SIGNAL_BIT(SIGTTIN) | SIGNAL_BIT(SIGTTOU))

bool signal_waits(const struct process *process) { return (process->pending & ~process->blocked) != 0; }

static bool is_ignored(const struct process *process, int signal) {
    void *handler = process->actions[signal].handler;
    if (handler == SIG_IGN) return true;
    return handler == SIG_DFL && (SIGNAL_BIT(signal) & IGNORED_BY_DEFAULT);
}

void signal_send(struct process *process, int signal) {
    if (process->state == UNUSED || process->state == ENDED) return;
    u32 flags = irq_save();
    if (process->state == STOPPED && (signal == SIGCONT || signal == SIGKILL)) make_ready(process);
    if (!is_ignored(process, signal) || (process->blocked & SIGNAL_BIT(signal))) {
        process->pending |= SIGNAL_BIT(signal);
        if (process->wakes_by_signal && signal_waits(process)) wake_process(process);
    }
    irq_restore(flags);
}

int signal_group(int group, int signal) {
    int count = 0;
    for (struct process *p = processes + 1; p < processes + PROCESSES; p++) {
        if (p->state == UNUSED || p->state == ENDED || p->group != group) continue;
        if (signal != 0) signal_send(p, signal);
        count++;
    }
    return count;
}

void signal_force(int signal, u32 address) {
    struct sigaction *action = &current->actions[signal];
    if (action->handler == SIG_IGN || (current->blocked & SIGNAL_BIT(signal))) action->handler = SIG_DFL;
    current->blocked &= ~SIGNAL_BIT(signal);
    current->fault_address = address;
    signal_send(current, signal);
}

/* ---- the frame on the process's stack; its layout is Linux's ---- */

struct plain_frame {
    u32 return_to, signal;
    struct sigcontext context;
    u8 fpu_unused[624];
    u32 mask_high;
    u8 code[8];
};

struct info_frame {
    u32 return_to, signal, info_at, context_at;
    struct siginfo info;
    struct ucontext context;
    u8 code[8];
};

/* What the handler returns to when the program named nothing better: the system call that undoes all this. */
static const u8 plain_return[8] = {0x58, 0xb8, SYS_sigreturn, 0, 0, 0, 0xcd, 0x80};
static const u8 info_return[8] = {0xb8, SYS_rt_sigreturn, 0, 0, 0, 0xcd, 0x80, 0x90};

/* What the handler's return blocks again. */
static u32 mask_behind(void) { return current->suspended ? current->suspended_mask : current->blocked; }

static struct sigcontext context_of(const struct frame *frame) {
    return (struct sigcontext){
        .gs = read_gs(), .fs = read_fs(), .es = frame->es, .ds = frame->ds, .edi = frame->edi,
        .esi = frame->esi, .ebp = frame->ebp, .esp = frame->esp, .ebx = frame->ebx, .edx = frame->edx,
        .ecx = frame->ecx, .eax = frame->eax, .trapno = frame->vector, .err = frame->error,
        .eip = frame->eip, .cs = frame->cs, .eflags = frame->eflags, .esp_at_signal = frame->esp,
        .ss = frame->ss, .oldmask = mask_behind(), .cr2 = current->fault_address,
    };
}

/* Makes the process call the handler; false if its stack is not there. */
static bool call_handler(struct frame *frame, int signal, const struct sigaction *action) {
    bool with_info = (action->flags & SA_SIGINFO) != 0;
    u32 size = with_info ? sizeof(struct info_frame) : sizeof(struct plain_frame);
    u32 at = ((frame->esp - size) & ~15u) - 4; /* as if a call had pushed its return address */
    u32 code, restorer = action->flags & SA_RESTORER ? (u32)action->restorer : 0;
    int error;
    if (with_info) {
        struct info_frame *info = (struct info_frame *)at;
        struct ucontext context = {.uc_mcontext = context_of(frame), .uc_sigmask = {mask_behind()}};
        const struct siginfo about = {.si_signo = signal, .si_addr = current->fault_address};
        const u32 head[4] = {restorer ? restorer : (u32)info->code, (u32)signal, (u32)&info->info,
                             (u32)&info->context};
        code = (u32)info->code;
        error = copy_out(at, head, sizeof head) | copy_out((u32)&info->info, &about, sizeof about) |
                copy_out((u32)&info->context, &context, sizeof context) |
                copy_out(code, info_return, sizeof info_return);
    } else {
        struct plain_frame *plain = (struct plain_frame *)at;
        const struct sigcontext context = context_of(frame);
        code = (u32)plain->code;
        const u32 head[2] = {restorer ? restorer : code, (u32)signal};
        error = copy_out(at, head, sizeof head) | copy_out((u32)&plain->context, &context, sizeof context) |
                copy_out(code, plain_return, sizeof plain_return);
    }
    if (error) return false;
    frame->eip = (u32)action->handler;
    frame->esp = at;
    frame->eax = (u32)signal;
    frame->edx = with_info ? (u32)&((struct info_frame *)at)->info : 0;
    frame->ecx = with_info ? (u32)&((struct info_frame *)at)->context : 0;
    frame->eflags &= ~FLAG_DIRECTION;
    frame->ds = frame->es = USER_DS;
    return true;
}

/* A call that the signal interrupted begins anew, or reports that it was interrupted. */
static void settle_call(struct frame *frame, bool restart) {
    if (frame->vector != VECTOR_SYSTEM_CALL || frame->eax != (u32)-RESTART) return;
    if (restart) {
        frame->eax = frame->error; /* system_call left the number there */
        frame->eip -= 2; /* the length of INT 80h */
    } else {
        frame->eax = (u32)-EINTR;
    }
}

static void stop_process(void) {
    irq_disable();
    current->state = STOPPED;
    schedule();
    irq_enable();
}

void signal_deliver(struct frame *frame) {
    u32 waiting = current->pending & ~current->blocked;
    int signal = __builtin_ctz(waiting) + 1;
    struct sigaction *action = &current->actions[signal];
    u32 flags = irq_save();
    current->pending &= ~SIGNAL_BIT(signal);
    irq_restore(flags);
    if (is_ignored(current, signal)) {
        settle_call(frame, true);
        return;
    }
    if (action->handler == SIG_DFL) {
        if (!(SIGNAL_BIT(signal) & STOPS)) process_exit(signal);
        stop_process();
        settle_call(frame, true);
        return;
    }
    settle_call(frame, (action->flags & SA_RESTART) != 0);
    if (!call_handler(frame, signal, action)) process_exit(SIGSEGV);
    current->suspended = false;
    current->blocked |= action->mask[0] & ~NEVER_BLOCKED;
    if (!(action->flags & SA_NODEFER)) current->blocked |= SIGNAL_BIT(signal);
    if (action->flags & SA_RESETHAND) action->handler = SIG_DFL;
}

/* ---- the way back from a handler ---- */

#define FLAGS_OF_PROCESS 0x40dd5u /* carry to overflow, trap, direction, alignment: what a process may set */

/* Only selectors that a process may hold: with any other one the kernel would fault on its way out. */
static u32 safe_selector(u32 selector, u32 otherwise) {
    selector &= 0xffff;
    return selector <= 3 || (selector | 3) == USER_DS || (selector | 3) == USER_CS ? selector : otherwise;
}

static int restore_context(struct frame *frame, u32 at) {
    struct sigcontext context;
    if (copy_in(&context, at, sizeof context) != 0) process_exit(SIGSEGV);
    frame->ebx = context.ebx, frame->ecx = context.ecx, frame->edx = context.edx;
    frame->esi = context.esi, frame->edi = context.edi, frame->ebp = context.ebp;
    frame->ds = safe_selector(context.ds, USER_DS), frame->es = safe_selector(context.es, USER_DS);
    frame->eip = context.eip, frame->esp = context.esp;
    frame->eflags = (frame->eflags & ~FLAGS_OF_PROCESS) | (context.eflags & FLAGS_OF_PROCESS);
    frame->vector = 0; /* no call any more: nothing is to be restarted */
    return (int)context.eax;
}

/* RET took the return address; the plain trampoline has popped the signal number as well. */
int signal_return_plain(struct frame *frame) {
    const struct plain_frame *plain = (const struct plain_frame *)(frame->esp - 8);
    u32 mask;
    if (copy_in(&mask, (u32)&plain->context.oldmask, sizeof mask) != 0) process_exit(SIGSEGV);
    current->blocked = mask & ~NEVER_BLOCKED;
    return restore_context(frame, (u32)&plain->context);
}

int signal_return_info(struct frame *frame) {
    const struct info_frame *info = (const struct info_frame *)(frame->esp - 4);
    u32 mask;
    if (copy_in(&mask, (u32)&info->context.uc_sigmask, sizeof mask) != 0) process_exit(SIGSEGV);
    current->blocked = mask & ~NEVER_BLOCKED;
    return restore_context(frame, (u32)&info->context.uc_mcontext);
}

/* ---- what programs ask ---- */

int signal_set_action(int signal, const struct sigaction *new, struct sigaction *old) {
    if (signal < 1 || signal >= SIGNALS) return -EINVAL;
    if (new && (signal == SIGKILL || signal == SIGSTOP)) return -EINVAL;
    if (old) *old = current->actions[signal];
    if (new) current->actions[signal] = *new;
    if (new && is_ignored(current, signal)) current->pending &= ~SIGNAL_BIT(signal);
    return 0;
}

int signal_set_mask(int how, const u32 *set, u32 *old) {
    if (old) *old = current->blocked;
    if (!set) return 0;
    if (how == SIG_BLOCK)
        current->blocked |= *set;
    else if (how == SIG_UNBLOCK)
        current->blocked &= ~*set;
    else if (how == SIG_SETMASK)
        current->blocked = *set;
    else
        return -EINVAL;
    current->blocked &= ~NEVER_BLOCKED;
    return 0;
}
