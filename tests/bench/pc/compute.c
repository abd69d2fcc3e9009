/* Compute: heap sort of 64 K words, CRC-32 of 256 KB, a sieve of 512 K: memory, branches, shifts, calls. */
#include "kernel.h"

#define WORDS 65536
#define SIEVE 524288
static u32 words[WORDS];
static u8 flags[SIEVE];
static u32 table[256];
static u32 state = 12345;

static u32 next(void) { return state = state * 1664525 + 1013904223; }

static void sift(u32 *a, u32 root, u32 count) {
  for (;;) {
    u32 child = 2 * root + 1;
    if (child >= count) return;
    if (child + 1 < count && a[child] < a[child + 1]) child++;
    if (a[root] >= a[child]) return;
    u32 t = a[root];
    a[root] = a[child];
    a[child] = t;
    root = child;
  }
}

static void sort(u32 *a, u32 count) {
  for (u32 i = count / 2; i-- > 0;) sift(a, i, count);
  for (u32 i = count; --i > 0;) {
    u32 t = a[0];
    a[0] = a[i];
    a[i] = t;
    sift(a, 0, i);
  }
}

static u32 crc(const u8 *bytes, u32 length) {
  u32 c = 0xffffffff;
  while (length--) c = table[(c ^ *bytes++) & 0xff] ^ (c >> 8);
  return ~c;
}

static u32 sieve(void) {
  u32 count = 0;
  for (u32 i = 0; i < SIEVE; i++) flags[i] = 1;
  for (u32 i = 2; i < SIEVE; i++) {
    if (!flags[i]) continue;
    count++;
    for (u32 j = i + i; j < SIEVE; j += i) flags[j] = 0;
  }
  return count;
}

void system_call(void) {}

void kernel_main(void) {
  for (u32 i = 0; i < 256; i++) {
    u32 c = i;
    for (int k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >> 1) : c >> 1;
    table[i] = c;
  }
  begin();
  u32 sum = 0;
  for (int round = 0; round < 3; round++) {
    for (u32 i = 0; i < WORDS; i++) words[i] = next();
    sort(words, WORDS);
    for (int k = 0; k < 6; k++) sum ^= crc((const u8 *)words, sizeof words) + (u32)k;
    sum += sieve();
  }
  end(sum);
}
