/* Ring-3 system calls: 400 000 getpid by int 0x80, with paging on. */
#include "kernel.h"

#define CALLS 400000
static u32 directory[1024] __attribute__((aligned(4096)));
static u32 tables[4][1024] __attribute__((aligned(4096)));
static u8 user_stack[8192] __attribute__((aligned(4096)));
static u32 served;

u32 system_call(u32 number) {
  served++;
  return number == 20 ? 42 : (u32)-38;
}

static void program(void) {
  u32 sum = 0;
  for (u32 i = 0; i < CALLS; i++) {
    u32 result = 20;
    __asm__ volatile("int $0x80" : "+a"(result) : : "memory");
    sum += result;
  }
  u32 number = 1;
  __asm__ volatile("int $0x80" : "+a"(number) : "b"(sum) : "memory");
}

void kernel_main(void) {
  for (u32 t = 0; t < 4; t++) {
    directory[t] = (u32)tables[t] | 7;
    for (u32 i = 0; i < 1024; i++) tables[t][i] = (t << 22) | (i << 12) | 7;
  }
  __asm__ volatile("movl %0, %%cr3\n\tmovl %%cr0, %%eax\n\torl $0x80000000, %%eax\n\tmovl %%eax, %%cr0" : : "r"(directory) : "eax");
  begin();
  enter_user(program, user_stack + sizeof user_stack);
  end(served);
}
