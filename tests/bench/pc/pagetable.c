/* Page-table edits: 300 000 times map a page, flush its translation, touch it. */
#include "kernel.h"

#define EDITS 300000
#define WINDOW 0x00c00000u
static u32 directory[1024] __attribute__((aligned(4096)));
static u32 tables[4][1024] __attribute__((aligned(4096)));
static u8 frames[64][4096] __attribute__((aligned(4096)));

void system_call(void) {}

static void map(u32 address, u32 frame) {
  tables[address >> 22][(address >> 12) & 1023] = frame | 3;
  __asm__ volatile("invlpg (%0)" : : "r"(address) : "memory");
}

void kernel_main(void) {
  for (u32 t = 0; t < 4; t++) {
    directory[t] = (u32)tables[t] | 7;
    for (u32 i = 0; i < 1024; i++) tables[t][i] = (t << 22) | (i << 12) | 7;
  }
  __asm__ volatile("movl %0, %%cr3\n\tmovl %%cr0, %%eax\n\torl $0x80000000, %%eax\n\tmovl %%eax, %%cr0" : : "r"(directory) : "eax");
  begin();
  u32 sum = 0;
  for (u32 i = 0; i < EDITS; i++) {
    u32 address = WINDOW + ((i * 7 & 255) << 12);
    map(address, (u32)frames[i * 5 & 63]);
    volatile u32 *word = (volatile u32 *)(address + (i & 1023) * 4);
    *word += i;
    sum += *word;
  }
  end(sum);
}
