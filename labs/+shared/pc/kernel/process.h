/* Processes: what the kernel knows of each, and how they take turns, wait and end. */
#ifndef PROCESS_H
#define PROCESS_H

#include "../abi/linux.h"
#include "machine.h"
#include "types.h"

struct file;
struct inode;
struct space;

#define PROCESSES 64
#define FILES 32 /* open at once in one process */
#define QUANTUM 2 /* ticks that a process may run while others wait */

enum state { UNUSED, READY, RUNNING, WAITING, STOPPED, ENDED };

/* Processes that wait for the same thing, in the order of their coming. */
struct queue {
    struct process *first, *last;
};

struct process {
    enum state state;
    int pid, group, session;
    struct process *parent;
    char name[16];

    u8 *stack; /* of the kernel for this process: one frame */
    u32 esp; /* where switch_stacks left it */
    struct space *space;
    u64 tls;
    u16 fs, gs;
    u8 *fpu; /* its saved state, or null: it never used the unit */

    struct process *next; /* in the queue it stands in */
    struct queue *queue;
    bool wakes_by_signal;
    u32 wake_at; /* tick, 0: none */
    u32 alarm_at;
    u32 quantum;

    struct file *files[FILES];
    u32 close_on_exec; /* a bit for each descriptor */
    struct inode *directory; /* where relative paths begin */

    u32 pending, blocked; /* signals, signal 1 in bit 0 */
    u32 suspended_mask; /* of rt_sigsuspend: what is blocked again after the handler, if `suspended` */
    bool suspended;
    struct sigaction actions[SIGNALS];
    struct frame *frame; /* of the system call that is running */
    u32 fault_address;

    int exit_status; /* as waitpid reports it */
    struct queue children; /* the process itself, waiting for one of them to end */
    u32 user_ticks, system_ticks, children_user, children_system, start_tick;
};

extern struct process processes[PROCESSES];
extern struct process *current;
/* Somebody else should run when the current process goes back to its own code. */
extern bool need_schedule;

/* ---- schedule.c ---- */

void schedule_start(void);
/* Gives the processor to the next process; interrupts must be forbidden. */
void schedule(void);
void make_ready(struct process *process);
/* Wait in a queue. Interrupts must be forbidden, so that what is waited for cannot happen in between. */
void sleep_in(struct queue *queue);
/* As above, but a signal ends the wait with -EINTR, and reaching a tick with -EAGAIN (0: no limit). */
int sleep_lightly(struct queue *queue, u32 until);
/* As above without signals. */
int sleep_until(struct queue *queue, u32 until);
void wake_all(struct queue *queue);
/* Ends a wait of this process only. */
void wake_process(struct process *process);
/* The current process gets SIGALRM at that tick (0: it does not). */
void schedule_alarm(u32 tick);
/* The timer's doing: turns, waits that are over, alarms. */
void schedule_tick(bool process_ran);
/* Guards the deep end of a kernel stack against overflow. */
void stack_mark(u8 *stack);
/* The floating-point unit: given to the current process at its first use; saved for a copy; taken away. */
bool fpu_lend(void);
void fpu_settle(void);
void fpu_forget(struct process *process);

/* ---- process.c ---- */

struct process *process_with(int pid);
/* The first process: begins with a function of the kernel that must turn it into a program. */
void process_start_first(void (*begin)(void));
/* A process that stays in the kernel: `run` begins with interrupts off, and does not return. */
void process_start_in_kernel(const char *name, void (*run)(void));
int process_fork(const struct frame *frame);
void __attribute__((noreturn)) process_exit(int status);
int process_wait(int pid, u32 status_at, int options);

/* ---- exec.c ---- */

/* Replaces the program of the current process; arguments and environment are lists in its memory. For the first program
   the words are the kernel's own. */
int process_exec(struct frame *frame, const char *path, u32 arguments, u32 environment);
int process_exec_first(struct frame *frame, const char *const *words);

/* ---- signal.c ---- */

#define SIGNAL_BIT(signal) (1u << ((signal) - 1))
/* Returned by a call that a signal interrupted and that shall begin anew if the handler wishes so. */
#define RESTART 512

void signal_send(struct process *process, int signal);
/* To every process of a group; how many there were. */
int signal_group(int group, int signal);
bool signal_waits(const struct process *process);
/* Lets the process meet its signals: changes the frame, or ends it. */
void signal_deliver(struct frame *frame);
/* For faults: as signal_send, but one that is blocked or ignored ends the process. */
void signal_force(int signal, u32 address);
/* Back from a handler: the value that EAX had. */
int signal_return_plain(struct frame *frame);
int signal_return_info(struct frame *frame);
int signal_set_action(int signal, const struct sigaction *new_action, struct sigaction *old_action);
int signal_set_mask(int how, const u32 *set, u32 *old);

#endif
