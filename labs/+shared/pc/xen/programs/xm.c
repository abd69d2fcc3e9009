/*
 * xm: the domains of this machine, from domain 0. Hypercalls go by /dev/xen/privcmd, names and the building of domains
 * by the store. The commands are those of Xen's own xm.
 */
#include "../../programs/lib/unix.h"

/* ---- hypercalls: domctl.h ---- */

#define DOMCTL 36
#define VERSION 5
#define DESTROY 2
#define PAUSE 3
#define UNPAUSE 4
#define INFO 5
#define SCHEDULER 16
#define CREDIT 5

#define HYPERCALL 0x305000

struct domctl {
    u32 command, version;
    uint16_t domain, padding[3];
    union {
        struct {
            uint16_t domain;
            u32 flags;
            uint64_t pages, most_pages, shared_info, time; /* nanoseconds */
            u32 processors, last_processor, security;
            u8 handle[16];
        } info;
        struct {
            u32 scheduler, set;
            uint16_t weight, cap;
        } share;
        u8 all[128];
    } of;
};

#define DYING 1
#define SHUT_DOWN 4
#define PAUSED 8
#define BLOCKED 16
#define RUNNING 32
#define REASON(flags) ((flags) >> 16 & 0xff)
#define CRASHED 3

static int control(struct domctl *domctl, u32 command, u32 domain) {
    uint64_t call[6] = {DOMCTL, (u32)domctl};
    int file = open("/dev/xen/privcmd", O_RDWR, 0);
    if (file < 0) return file;
    domctl->command = command;
    domctl->version = VERSION;
    domctl->domain = (uint16_t)domain;
    int result = system_call(54, file, HYPERCALL, call);
    close(file);
    return result;
}

/* ---- the store ---- */

#define READ 2
#define WRITE 11
#define FAILED 16

static struct {
    u32 type, request, transaction, length;
    char payload[1024];
} message;

/* The answer's length, or -1. */
static int ask(u32 type, const char *path, const char *value) {
    int file = open("/dev/xen/xenbus", O_RDWR, 0);
    if (file < 0) return -1;
    message.type = type;
    message.length = format_into(message.payload, sizeof message.payload, "%s", path) + 1;
    if (value) message.length += format_into(message.payload + message.length, 512, "%s", value);
    int got = write(file, &message, 16 + message.length);
    if (got > 0) got = read(file, &message, sizeof message - 1);
    close(file);
    if (got < 16 || message.type == FAILED) return -1;
    message.payload[message.length] = 0;
    return (int)message.length;
}

static const char *name_of(u32 domain) {
    char path[64];
    format_into(path, sizeof path, "/local/domain/%u/name", domain);
    return ask(READ, path, NULL) < 0 ? "?" : message.payload;
}

/* What the domain builder answers to a request; true if it is done. */
static int build(const char *command, const char *what) {
    char request[128];
    format_into(request, sizeof request, "%s %s", command, what);
    if (ask(WRITE, "/tool/builder/request", request) < 0 || ask(READ, "/tool/builder/answer", NULL) < 0) {
        print_to(2, "xm: nobody builds domains here\n");
        return 1;
    }
    print("%s\n", message.payload);
    return message.payload[0] == '!';
}

/* ---- commands ---- */

static bool next_domain(struct domctl *domctl, u32 from) {
    return control(domctl, INFO, from) == 0;
}

/* A number or a name; -1: there is no such domain. */
static int domain_named(const char *text) {
    struct domctl domctl;
    if (text[0] >= '0' && text[0] <= '9') return (int)number_from(text, 0);
    for (u32 id = 0; next_domain(&domctl, id); id = domctl.of.info.domain + 1u)
        if (text_compare(name_of(domctl.of.info.domain), text) == 0) return domctl.of.info.domain;
    return -1;
}

static u32 divided(uint64_t value, u32 by) {
    u32 quotient, rest;
    asm("divl %4" : "=a"(quotient), "=d"(rest) : "0"((u32)value), "1"((u32)(value >> 32)), "r"(by));
    return quotient;
}

static int list(void) {
    struct domctl domctl;
    print("%-20s %4s %6s  %-6s %10s\n", "Name", "ID", "KB", "State", "Time(s)");
    for (u32 id = 0; next_domain(&domctl, id); id = domctl.of.info.domain + 1u) {
        u32 flags = domctl.of.info.flags, milliseconds = divided(domctl.of.info.time, 1000000);
        print("%-20s %4u %6u  %c%c%c%c%c%c %6u.%03u\n", name_of(domctl.of.info.domain), domctl.of.info.domain,
              (u32)domctl.of.info.pages * 4, flags & RUNNING ? 'r' : '-', flags & BLOCKED ? 'b' : '-',
              flags & PAUSED ? 'p' : '-', flags & SHUT_DOWN && REASON(flags) != CRASHED ? 's' : '-',
              flags & SHUT_DOWN && REASON(flags) == CRASHED ? 'c' : '-', flags & DYING ? 'd' : '-', milliseconds / 1000,
              milliseconds % 1000);
    }
    return 0;
}

/* Until no other domain runs or waits any more. */
static int wait(void) {
    struct domctl domctl;
    for (;;) {
        bool any = false;
        for (u32 id = 1; next_domain(&domctl, id); id = domctl.of.info.domain + 1u)
            if (!(domctl.of.info.flags & (SHUT_DOWN | DYING))) any = true;
        if (!any) return 0;
        pause_for(20);
    }
}

static int share(u32 domain, int count, char **words) {
    struct domctl domctl = {0};
    domctl.of.share.scheduler = CREDIT;
    domctl.of.share.set = 1;
    int error = control(&domctl, SCHEDULER, domain);
    if (error == 0 && count > 0) {
        domctl.of.share.set = 0;
        domctl.of.share.weight = (uint16_t)number_from(words[0], domctl.of.share.weight);
        if (count > 1) domctl.of.share.cap = (uint16_t)number_from(words[1], 0);
        error = control(&domctl, SCHEDULER, domain);
    }
    if (error != 0) return complain("xm", "sched-credit", error);
    print("weight %u, cap %u %%\n", domctl.of.share.weight, domctl.of.share.cap);
    return 0;
}

static int usage(void) {
    print_to(2, "xm list | create NAME | pause|unpause|destroy|console DOMAIN | sched-credit DOMAIN [WEIGHT [CAP]] | wait\n");
    return 2;
}

static int act(u32 command, const char *name, u32 domain) {
    struct domctl domctl;
    int error = control(&domctl, command, domain);
    return error ? complain("xm", name, error) : 0;
}

int main(int count, char **words) {
    const char *command = count > 1 ? words[1] : "";
    if (text_compare(command, "list") == 0) return list();
    if (text_compare(command, "wait") == 0) return wait();
    if (count < 3) return usage();
    if (text_compare(command, "create") == 0) return build("create", words[2]);
    int domain = domain_named(words[2]);
    if (domain < 0) {
        print_to(2, "xm: there is no domain %s\n", words[2]);
        return 1;
    }
    char number[16];
    format_into(number, sizeof number, "%d", domain);
    if (text_compare(command, "pause") == 0) return act(PAUSE, words[2], (u32)domain);
    if (text_compare(command, "unpause") == 0) return act(UNPAUSE, words[2], (u32)domain);
    if (text_compare(command, "destroy") == 0) return act(DESTROY, words[2], (u32)domain);
    if (text_compare(command, "console") == 0) return build("console", number);
    if (text_compare(command, "sched-credit") == 0) return share((u32)domain, count - 3, words + 3);
    return usage();
}
