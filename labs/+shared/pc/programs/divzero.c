/* divzero [COUNT]: divides by zero; each time the processor traps, the kernel sends a signal, and the handler steps
   over the instruction. */
#include "lib/unix.h"

static volatile u32 caught;

static void step_over(int signal, struct siginfo *about, struct ucontext *context) {
    const u32 length = 2; /* of DIV ECX */
    (void)signal, (void)about;
    caught++;
    context->uc_mcontext.eip += length;
}

int main(int count, char **words) {
    u32 rounds = number_from(count > 1 ? words[1] : NULL, 1000);
    int error = on_signal(SIGFPE, step_over, SA_SIGINFO);
    if (error) return complain("divzero", "sigaction", error);
    for (u32 k = 0; k < rounds; k++) {
        u32 low = k, high = 0;
        asm volatile("div %%ecx" : "+a"(low), "+d"(high) : "c"(0));
    }
    return verdict(caught == rounds, "divzero: %u divisions by zero, %u caught", rounds, caught);
}
