/* System calls about signals: the old form with 32-bit masks, and the one with 64-bit masks, of which the upper half
   is for signals that nobody sends here. */
#include "process.h"
#include "space.h"
#include "syscall.h"

static int sys_kill(int pid, int signal) {
    if (signal < 0 || signal >= SIGNALS) return -EINVAL;
    if (pid == -1) return -EPERM; /* everybody: nobody means that */
    if (pid <= 0) return signal_group(pid == 0 ? current->group : -pid, signal) ? 0 : -ESRCH;
    struct process *process = process_with(pid);
    if (!process) return -ESRCH;
    if (signal != 0) signal_send(process, signal);
    return 0;
}

static int sys_tgkill(int group, int pid, int signal) {
    (void)group; /* a process is one thread */
    return sys_kill(pid, signal);
}


static int sys_sigaction(int signal, u32 new_at, u32 old_at) {
    struct sigaction_old narrow;
    struct sigaction new = {0}, old;
    if (new_at) {
        if (copy_in(&narrow, new_at, sizeof narrow) != 0) return -EFAULT;
        new = (struct sigaction){narrow.handler, narrow.flags, narrow.restorer, {narrow.mask}};
    }
    int error = signal_set_action(signal, new_at ? &new : NULL, &old);
    if (error || !old_at) return error;
    narrow = (struct sigaction_old){old.handler, old.mask[0], old.flags, old.restorer};
    return copy_out(old_at, &narrow, sizeof narrow);
}

static int sys_rt_sigaction(int signal, u32 new_at, u32 old_at, u32 mask_size) {
    struct sigaction new, old;
    if (mask_size != sizeof new.mask) return -EINVAL;
    if (new_at && copy_in(&new, new_at, sizeof new) != 0) return -EFAULT;
    int error = signal_set_action(signal, new_at ? &new : NULL, &old);
    return error || !old_at ? error : copy_out(old_at, &old, sizeof old);
}

static int sys_signal(int signal, void *handler) {
    const struct sigaction new = {.handler = handler, .flags = SA_RESETHAND | SA_NODEFER};
    struct sigaction old;
    int error = signal_set_action(signal, &new, &old);
    return error ? error : (int)(u32)old.handler;
}

static int set_mask(int how, u32 set_at, u32 old_at, u32 size) {
    u32 set[2] = {0}, old[2] = {0};
    if (set_at && copy_in(set, set_at, size) != 0) return -EFAULT;
    int error = signal_set_mask(how, set_at ? set : NULL, old);
    return error || !old_at ? error : copy_out(old_at, old, size);
}

static int sys_sigprocmask(int how, u32 set_at, u32 old_at) { return set_mask(how, set_at, old_at, 4); }
static int sys_rt_sigprocmask(int how, u32 set_at, u32 old_at, u32 size) {
    return size == 8 ? set_mask(how, set_at, old_at, 8) : -EINVAL;
}

static int sys_sigreturn(void) { return signal_return_plain(current->frame); }
static int sys_rt_sigreturn(void) { return signal_return_info(current->frame); }

static int sys_pause(void) {
    static struct queue nothing;
    u32 flags = irq_save();
    while (sleep_lightly(&nothing, 0) != -EINTR) continue;
    irq_restore(flags);
    return -EINTR;
}

/* Waits with another mask; the handler runs under it, and its return brings the old one back. */
static int sys_rt_sigsuspend(u32 set_at, u32 size) {
    u32 set[2];
    if (size != sizeof set) return -EINVAL;
    if (copy_in(set, set_at, sizeof set) != 0) return -EFAULT;
    signal_set_mask(SIG_SETMASK, set, &current->suspended_mask);
    current->suspended = true;
    return sys_pause();
}

const struct call_row signal_rows[] = {
    ROW(kill, sys_kill),
    ROW(tgkill, sys_tgkill),
    ROW(sigaction, sys_sigaction),
    ROW(rt_sigaction, sys_rt_sigaction),
    ROW(signal, sys_signal),
    ROW(sigprocmask, sys_sigprocmask),
    ROW(rt_sigprocmask, sys_rt_sigprocmask),
    ROW(sigreturn, sys_sigreturn),
    ROW(rt_sigreturn, sys_rt_sigreturn),
    ROW(pause, sys_pause),
    ROW(rt_sigsuspend, sys_rt_sigsuspend),
    LAST_ROW,
};
