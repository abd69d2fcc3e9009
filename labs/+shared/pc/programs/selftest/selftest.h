/* The parts of the self-test. */
#ifndef SELFTEST_H
#define SELFTEST_H

#include "../lib/unix.h"

void check(bool right, const char *what);
/* Runs a part in a process of its own, which must end with this status of waitpid. */
bool in_child(void (*part)(void), int expected_status);

void test_processes(void);
void test_memory(void);
void test_files(void);
void test_pipes(void);
void test_signals(void);
void test_many_forks(u32 forks);

#endif
