/* net [ADDRESS [COUNT]]: sends datagrams to the echo service (UDP port 7) of a station and compares what comes back.
   Without an address a process of its own is the service, and everything stays in this machine. */
#include "lib/unix.h"

#define ECHO_PORT 7
#define OWN_PORT 7007
#define LOOPBACK 0x0100007fu
#define LENGTH 512

static u32 swap16(u32 v) { return (v << 8 | v >> 8) & 0xffff; }

static int socket_call(int call, u32 a, u32 b, u32 c, u32 d, u32 e, u32 f) {
    const u32 arguments[] = {a, b, c, d, e, f};
    return system_call(SYS_socketcall, call, arguments, 0, 0, 0);
}

static u32 address_from(const char *text) {
    u32 address = 0;
    for (u32 k = 0; k < 4; k++) {
        address |= (number_from(text, 0) & 0xff) << 8 * k;
        text = text_find(text, '.');
        if (!text) break;
        text++;
    }
    return address;
}

static int udp_socket(void) { return socket_call(SOCKET_socket, AF_INET, SOCK_DGRAM, 0, 0, 0, 0); }

/* The echo service; ends when an empty datagram comes. */
static void serve(int socket) {
    u8 datagram[LENGTH];
    for (;;) {
        struct sockaddr_in from;
        u32 size = sizeof from;
        int got = socket_call(SOCKET_recvfrom, (u32)socket, (u32)datagram, sizeof datagram, 0, (u32)&from, (u32)&size);
        if (got <= 0) leave(0);
        socket_call(SOCKET_sendto, (u32)socket, (u32)datagram, (u32)got, 0, (u32)&from, size);
    }
}

static int start_service(void) {
    const struct sockaddr_in own = {AF_INET, (unsigned short)swap16(OWN_PORT), LOOPBACK, {0}};
    int socket = udp_socket();
    if (socket < 0) return socket;
    int error = socket_call(SOCKET_bind, (u32)socket, (u32)&own, sizeof own, 0, 0, 0);
    if (error) return error;
    int child = fork();
    if (child == 0) serve(socket);
    close(socket);
    return child;
}

int main(int count, char **words) {
    u32 address = count > 1 ? address_from(words[1]) : LOOPBACK, rounds = number_from(count > 2 ? words[2] : NULL, 50);
    u32 port = count > 1 ? ECHO_PORT : OWN_PORT, echoed = 0, seed = 1;
    int child = count > 1 ? 0 : start_service(), socket = udp_socket();
    if (child < 0 || socket < 0) return complain("net", "socket", child < 0 ? child : socket);
    const struct sockaddr_in to = {AF_INET, (unsigned short)swap16(port), address, {0}};
    const struct timeval patience = {2, 0};
    int error = socket_call(SOCKET_connect, (u32)socket, (u32)&to, sizeof to, 0, 0, 0);
    if (!error)
        error = socket_call(SOCKET_setsockopt, (u32)socket, SOL_SOCKET, SO_RCVTIMEO, (u32)&patience, sizeof patience, 0);
    for (u32 k = 0; k < rounds && error >= 0; k++) {
        u32 sent[LENGTH / 4], back[LENGTH / 4];
        for (u32 n = 0; n < COUNT(sent); n++) sent[n] = random_next(&seed);
        error = socket_call(SOCKET_send, (u32)socket, (u32)sent, sizeof sent, 0, 0, 0);
        if (error >= 0) error = socket_call(SOCKET_recv, (u32)socket, (u32)back, sizeof back, 0, 0, 0);
        echoed += error == sizeof sent && memcmp(sent, back, sizeof sent) == 0;
    }
    if (error < 0) complain("net", count > 1 ? words[1] : "loopback", error == -EAGAIN ? -EHOSTUNREACH : error);
    if (child > 0) {
        socket_call(SOCKET_send, (u32)socket, (u32)&seed, 0, 0, 0, 0);
        wait_for(child, NULL, 0);
    }
    return verdict(echoed == rounds, "net: %u datagrams of %u bytes, %u echoed", rounds, LENGTH, echoed);
}
