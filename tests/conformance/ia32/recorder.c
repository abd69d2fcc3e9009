/*
 * Executes instructions on the processor at hand and writes what they did. Reads cases (seed and instruction bytes, see
 * cases.ts) from standard input; the state before each follows from its seed as in state.ts: change both or neither.
 *
 * With any argument the local descriptor table is filled for cases of segments, and printed first.
 * Output, one line a case: seed, bytes, then `!vector` for an exception, else `f` and the flags; `rN=value` for each
 * register that changed; `d` or `s`, offset, `=` and bytes for each stretch of the data or stack page that changed.
 * Built by record.sh with -m32 -no-pie.
 */
#define _GNU_SOURCE
#include <asm/ldt.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <ucontext.h>

#define DATA 0x400000u
#define CODE 0x410000u
#define STACK 0x420000u
#define PAGE 0x1000u
#define KEPT_FLAGS 0xcd5u /* CF PF AF ZF SF DF OF */

enum { EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI };

uint32_t in_regs[8], out_regs[8], in_flags, out_flags, host_esp, code_address = CODE, after_address;
static volatile int vector;
static sigjmp_buf back;
static uint8_t data_before[PAGE], stack_before[PAGE];
static uint32_t x;

static uint32_t next(void) {
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  return x;
}

static uint32_t edge(void) {
  uint32_t choice = next() & 7, value = next();
  switch (choice) {
  case 0: return 0;
  case 1: return 0xffffffffu;
  case 2: return 0x80000000u;
  case 3: return 0x7fffffffu;
  case 4: return value & 0xff;
  case 5: return 1u << (value & 31);
  default: return value;
  }
}

static void prepare(uint32_t seed) {
  x = (seed * 0x9e3779b1u ^ 0x5bd1e995u) | 1;
  in_regs[EAX] = edge();
  in_regs[EDX] = edge();
  in_regs[ECX] = (seed & 1) ? next() & 15 : edge();
  in_regs[EBX] = DATA + 0x180 + (next() & 31);
  in_regs[ESI] = DATA + 0x100 + (next() & 63);
  in_regs[EDI] = DATA + 0x240 + (next() & 63);
  in_regs[EBP] = STACK + 0x800;
  in_regs[ESP] = STACK + 0x700 + (next() & 0x7c);
  in_flags = next() & ((seed & 6) == 0 ? KEPT_FLAGS : KEPT_FLAGS & ~0x400u);
  memset(data_before, 0, PAGE);
  for (int i = 0; i < 0x400; i++) data_before[i] = next();
  for (unsigned i = 0; i < PAGE; i++) stack_before[i] = next();
  memcpy((void *)DATA, data_before, PAGE);
  memcpy((void *)STACK, stack_before, PAGE);
}

/* ---- x87: a case with a colon has a state of the unit, and behind the colon its operand at [EBX] */

struct environment {
  uint32_t control, status, tags, pointers[4];
};
struct unit {
  struct environment e;
  uint8_t registers[8][10];
} __attribute__((packed));
static struct unit unit_before, unit_after;
static uint16_t numbers[8][5];

static void x87_number(uint16_t *to) {
  uint32_t kind = next() & 15, sign = (next() & 1) << 15, high = next(), low = next(), more = next();
  uint32_t normal = high | 0x80000000u, exponent;
  switch (kind) {
  case 0: exponent = 0, high = low = 0; break;
  case 1: exponent = 0x7fff, high = 0x80000000u, low = 0; break;
  case 2: exponent = 0x7fff, high |= 0xc0000000u; break;
  case 3: exponent = 0x7fff, high = normal & 0xbfffffffu, low |= 1; break;
  case 4: exponent = 0, high &= 0x7fffffffu; break;
  case 5:
    if (more & 1) exponent = 0, high = normal;
    else exponent = more & 0x7fff, high &= 0x7fffffffu;
    break;
  case 6: exponent = 0x3fff + (more & 7), high = normal & 0xff000000u, low = 0; break;
  case 7: exponent = 0x3fff + (more & 63), high = normal, low = 0; break;
  case 8: exponent = 0x3ffe + (more & 1), high = normal; break;
  case 9: exponent = 0x3fff, high = 0x80000000u, low = 0; break;
  case 10: exponent = more & 8 ? 1 + (more & 3) : 0x7ffa + (more & 3), high = normal; break;
  default: exponent = 0x3fff - 40 + more % 80, high = normal;
  }
  memcpy(to, &low, 4);
  memcpy(to + 2, &high, 4);
  to[4] = sign | exponent;
}

static void prepare_unit(uint32_t seed) {
  x = ((seed + 0x20000) * 0x9e3779b1u ^ 0x5bd1e995u) | 1;
  uint32_t masks = next() & 7 ? 0x3f : next() & 0x3f;
  uint32_t control = (next() & 0xf00) | 0x40 | masks, top = next() & 7, empty, flags;
  if (next() & 1) empty = 1u << ((top + 7) & 7);
  else empty = next(), empty &= next() & 0xff;
  flags = next() & 15 ? 0 : next() & 0x7f;
  uint32_t status = (next() & 0x4700) | top << 11 | flags, tags = 0;
  for (int r = 0; r < 8; r++) {
    x87_number(numbers[r]);
    if (empty >> r & 1) tags |= 3u << 2 * r;
  }
  memset(&unit_before, 0, sizeof unit_before);
  unit_before.e.control = control;
  unit_before.e.status = status;
  unit_before.e.tags = tags;
  for (unsigned i = 0; i < 8; i++) memcpy(unit_before.registers[i], numbers[(top + i) & 7], 10);
}

/* Tags and status, the control word if it changed, then the registers that changed, by number. */
static void print_unit(void) {
  unsigned top = unit_after.e.status >> 11 & 7;
  printf(" t%x u%x", unit_after.e.tags & 0xffff, unit_after.e.status & 0xffff);
  if ((unit_after.e.control ^ unit_before.e.control) & 0xffff) printf(" c%x", unit_after.e.control & 0xffff);
  for (unsigned r = 0; r < 8; r++) {
    const uint8_t *now = unit_after.registers[(r - top) & 7];
    if (memcmp(now, numbers[r], 10) == 0) continue;
    printf(" x%u=", r);
    for (int k = 9; k >= 0; k--) printf("%02x", now[k]);
  }
}

/* ---- segments: a case with an @ may use these descriptors, and behind the @ says what it tests */

enum { DATA_SEGMENT, DATA_DOWN, CODE_SEGMENT, CODE_CONFORMING };
static void make_descriptors(void) {
  static const struct { unsigned base, limit, contents, locked, wide, pages, absent; } kinds[] = {
      {DATA, 0xfff, DATA_SEGMENT, 0, 1, 0, 0},
      {DATA, 0xfff, DATA_SEGMENT, 1, 1, 0, 0},
      {DATA - 0x1000, 0xfff, DATA_DOWN, 0, 1, 0, 0},
      {DATA - 0xf000, 0xefff, DATA_DOWN, 0, 0, 0, 0},
      {DATA, 0xfff, CODE_SEGMENT, 0, 1, 0, 0},
      {DATA, 0xfff, CODE_SEGMENT, 1, 1, 0, 0},
      {0, 0xfffff, CODE_CONFORMING, 0, 1, 1, 1},
      {0, 0xfffff, CODE_SEGMENT, 0, 1, 1, 0},
      {DATA, 0xfff, DATA_SEGMENT, 0, 1, 0, 1},
      {DATA, 0, DATA_SEGMENT, 0, 1, 0, 0},
      {DATA, 0, DATA_SEGMENT, 0, 1, 1, 0},
      {0, 0xfffff, CODE_SEGMENT, 0, 1, 1, 1},
  };
  for (unsigned k = 0; k < sizeof kinds / sizeof *kinds; k++) {
    struct user_desc d = {.entry_number = k, .base_addr = kinds[k].base, .limit = kinds[k].limit,
                          .contents = kinds[k].contents, .read_exec_only = kinds[k].locked,
                          .seg_32bit = kinds[k].wide, .limit_in_pages = kinds[k].pages,
                          .seg_not_present = kinds[k].absent};
    if (syscall(SYS_modify_ldt, 1, &d, sizeof d) != 0) perror("modify_ldt");
  }
}

/* The table as the processor has it now: accessed bits are those of the cases so far. */
static void print_descriptors(void) {
  uint64_t table[12] = {0};
  syscall(SYS_modify_ldt, 0, table, sizeof table);
  for (int k = 0; k < 12; k++) printf("%016llx%c", (unsigned long long)table[k], k < 11 ? ' ' : '\n');
}

/* All registers and the status flags from the case, the instruction, a jump back, all registers out. */
void execute(void);
__asm__(".text\n"
        "execute:\n"
        "  pusha\n"
        "  movl %esp, host_esp\n"
        "  pushl in_flags\n"
        "  popf\n"
        "  movl in_regs+0, %eax\n"
        "  movl in_regs+4, %ecx\n"
        "  movl in_regs+8, %edx\n"
        "  movl in_regs+12, %ebx\n"
        "  movl in_regs+16, %esp\n"
        "  movl in_regs+20, %ebp\n"
        "  movl in_regs+24, %esi\n"
        "  movl in_regs+28, %edi\n"
        "  jmp *code_address\n"
        "after:\n"
        "  movl %eax, out_regs+0\n"
        "  movl %ecx, out_regs+4\n"
        "  movl %edx, out_regs+8\n"
        "  movl %ebx, out_regs+12\n"
        "  movl %esp, out_regs+16\n"
        "  movl %ebp, out_regs+20\n"
        "  movl %esi, out_regs+24\n"
        "  movl %edi, out_regs+28\n"
        "  movl host_esp, %esp\n"
        "  pushf\n"
        "  popl out_flags\n"
        "  ljmp $0x23, $1f\n"
        "1: pushl %ss\n"
        "  popl %es\n"
        "  xorl %eax, %eax\n"
        "  movw %ax, %fs\n"
        "  cld\n"
        "  popa\n"
        "  ret\n");
extern char after[];

static void on_signal(int number, siginfo_t *info, void *context) {
  (void)number;
  (void)info;
  greg_t *g = ((ucontext_t *)context)->uc_mcontext.gregs;
  static const int order[8] = {REG_EAX, REG_ECX, REG_EDX, REG_EBX, REG_ESP, REG_EBP, REG_ESI, REG_EDI};
  for (int i = 0; i < 8; i++) out_regs[i] = g[order[i]];
  out_flags = g[REG_EFL];
  vector = g[REG_TRAPNO];
  siglongjmp(back, 1);
}

static void print_changes(char name, const uint8_t *before, const uint8_t *now) {
  for (unsigned i = 0; i < PAGE; i++) {
    if (before[i] == now[i]) continue;
    printf(" %c%x=", name, i);
    for (; i < PAGE && before[i] != now[i]; i++) printf("%02x", now[i]);
  }
}

static void run(uint32_t seed, const char *text) {
  uint8_t code[32];
  const char *operand = strchr(text, ':');
  size_t length = strcspn(text, ":@") / 2;
  for (size_t i = 0; i < length; i++) sscanf(text + 2 * i, "%2hhx", &code[i]);
  prepare(seed);
  if (operand) {
    uint32_t at = in_regs[EBX] - DATA;
    for (const char *p = operand + 1; *p; p += 2) sscanf(p, "%2hhx", &data_before[at++]);
    memcpy((void *)DATA, data_before, PAGE);
    prepare_unit(seed);
  }
  memcpy((void *)CODE, code, length);
  uint8_t *jump = (uint8_t *)CODE + length;
  uint32_t through = (uint32_t)&after_address;
  jump[0] = 0xff;
  jump[1] = 0x25;
  memcpy(jump + 2, &through, 4);
  vector = -1;
  if (sigsetjmp(back, 1) == 0) {
    if (!operand) __asm__ volatile("fninit");
    if (operand) __asm__ volatile("frstor %0" : : "m"(unit_before));
    execute();
    if (operand) __asm__ volatile("fnsave %0" : "=m"(unit_after));
  }
  /* A segment may reach further than the pages do. */
  if (vector == 14 && strchr(text, '@')) return;
  printf("%u %s", seed, text);
  if (vector >= 0) printf(" !%d", vector);
  else printf(" f%x", out_flags & KEPT_FLAGS);
  for (int i = 0; i < 8; i++)
    if (out_regs[i] != in_regs[i]) printf(" r%d=%x", i, out_regs[i]);
  if (operand && vector < 0) print_unit();
  print_changes('d', data_before, (uint8_t *)DATA);
  print_changes('s', stack_before, (uint8_t *)STACK);
  printf("\n");
}

int main(int count, char **arguments) {
  (void)arguments;
  const unsigned places[3] = {DATA, CODE, STACK};
  for (int i = 0; i < 3; i++)
    if (mmap((void *)places[i], PAGE, PROT_READ | PROT_WRITE | PROT_EXEC,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED) {
      perror("mmap");
      return 1;
    }
  stack_t alternative = {.ss_sp = malloc(1 << 16), .ss_size = 1 << 16};
  sigaltstack(&alternative, NULL);
  struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
  const int signals[] = {SIGSEGV, SIGFPE, SIGILL, SIGTRAP, SIGBUS};
  for (int i = 0; i < 5; i++) sigaction(signals[i], &action, NULL);
  after_address = (uint32_t)after;
  if (count > 1) {
    make_descriptors();
    print_descriptors();
  }
  unsigned seed;
  char text[300];
  while (scanf("%u %299s", &seed, text) == 2) run(seed, text);
  return 0;
}
