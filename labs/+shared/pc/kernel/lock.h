/* A lock for those who may wait for the disk while they hold it. */
#ifndef LOCK_H
#define LOCK_H

#include "process.h"

struct lock {
    bool taken;
    struct queue queue;
};

static inline void lock_take(struct lock *lock) {
    u32 flags = irq_save();
    while (lock->taken) sleep_in(&lock->queue);
    lock->taken = true;
    irq_restore(flags);
}

static inline void lock_give(struct lock *lock) {
    lock->taken = false;
    wake_all(&lock->queue);
}

#endif
