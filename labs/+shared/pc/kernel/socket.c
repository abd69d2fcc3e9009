/* Sockets for datagrams (UDP), and the system call that reaches them. */
#include "clock.h"
#include "file.h"
#include "frames.h"
#include "net.h"
#include "process.h"
#include "space.h"
#include "string.h"
#include "syscall.h"

#define SOCKETS 16
#define QUEUED 16 /* datagrams that wait for one socket; more are lost, as UDP may */
#define FIRST_FREE_PORT 32768

/* Fits into one frame. */
struct datagram {
    struct datagram *next;
    struct ends ends;
    u32 length;
    u8 bytes[DATAGRAM_MOST];
};

struct socket {
    bool taken;
    u32 address, peer;
    u16 port, peer_port; /* 0: none */
    u32 patience; /* ticks that a receiver waits; 0: for ever */
    u32 queued;
    struct datagram *first, *last;
    struct queue receivers;
};

static struct socket sockets[SOCKETS];

/* ---- arriving ---- */

static struct socket *socket_for(const struct ends *ends) {
    for (struct socket *s = sockets; s < sockets + SOCKETS; s++) {
        if (!s->taken || s->port != ends->to_port || (s->address != 0 && s->address != ends->to)) continue;
        if (s->peer_port == 0 || (s->peer == ends->from && s->peer_port == ends->from_port)) return s;
    }
    return NULL;
}

void socket_deliver(const struct ends *ends, const u8 *bytes, u32 length) {
    struct socket *socket = socket_for(ends);
    if (!socket || socket->queued == QUEUED || length > DATAGRAM_MOST) return;
    struct datagram *datagram = frame_get();
    if (!datagram) return;
    datagram->next = NULL;
    datagram->ends = *ends;
    datagram->length = length;
    memcpy(datagram->bytes, bytes, length);
    u32 flags = irq_save();
    if (socket->last)
        socket->last->next = datagram;
    else
        socket->first = datagram;
    socket->last = datagram;
    socket->queued++;
    wake_all(&socket->receivers);
    irq_restore(flags);
}

/* ---- ports ---- */

static bool port_taken(u16 port) {
    for (struct socket *s = sockets; s < sockets + SOCKETS; s++)
        if (s->taken && s->port == port) return true;
    return false;
}

static int bind_to(struct socket *socket, u32 address, u16 port) {
    static u16 next = FIRST_FREE_PORT;
    if (port != 0 && port_taken(port)) return -EADDRINUSE;
    while (port == 0) {
        u16 candidate = swap16(next);
        next = next == 0xffff ? FIRST_FREE_PORT : next + 1;
        if (!port_taken(candidate)) port = candidate;
    }
    socket->address = address;
    socket->port = port;
    return 0;
}

/* ---- sending and receiving ---- */

static int send_from(struct socket *socket, const void *from, u32 length, u32 to, u16 port) {
    if (length > DATAGRAM_MOST) return -EMSGSIZE;
    int error = socket->port == 0 ? bind_to(socket, 0, 0) : 0;
    if (error) return error;
    u8 *bytes = frame_get();
    if (!bytes) return -ENOMEM;
    error = user_copy(bytes, from, length);
    const struct ends ends = {socket->address ? socket->address : net_source_for(to), to, socket->port, port};
    if (!error) error = net_send(&ends, bytes, length);
    frame_drop(bytes);
    return error ? error : (int)length;
}

/* Waits for a datagram and takes it out of the queue. */
static int take(struct socket *socket, bool wait, struct datagram **taken) {
    u32 flags = irq_save(), until = socket->patience ? clock_ticks() + socket->patience : 0;
    int result = 0;
    while (!socket->first && result == 0) result = wait ? sleep_lightly(&socket->receivers, until) : -EAGAIN;
    *taken = socket->first;
    if (*taken) {
        socket->first = (*taken)->next;
        if (!socket->first) socket->last = NULL;
        socket->queued--;
    }
    irq_restore(flags);
    if (*taken) return 0;
    return result == -EINTR ? -RESTART : result;
}

static int receive_into(struct socket *socket, void *to, u32 length, bool wait, struct ends *ends) {
    struct datagram *datagram;
    int error = take(socket, wait, &datagram);
    if (error) return error;
    length = least(length, datagram->length);
    *ends = datagram->ends;
    error = user_copy(to, datagram->bytes, length);
    frame_drop(datagram);
    return error ? error : (int)length;
}

/* ---- as files ---- */

static int read_socket(struct file *file, void *to, u32 length) {
    struct ends ends;
    return receive_into(file->object, to, length, !(file->flags & O_NONBLOCK), &ends);
}

static int write_socket(struct file *file, const void *from, u32 length) {
    struct socket *socket = file->object;
    if (socket->peer_port == 0) return -EDESTADDRREQ;
    return send_from(socket, from, length, socket->peer, socket->peer_port);
}

static void close_socket(struct file *file) {
    struct socket *socket = file->object;
    while (socket->first) {
        struct datagram *datagram = socket->first;
        socket->first = datagram->next;
        frame_drop(datagram);
    }
    *socket = (struct socket){0};
}

static int socket_ready(struct file *file) {
    const struct socket *socket = file->object;
    return POLLOUT | (socket->first ? POLLIN : 0);
}

static const struct file_calls socket_calls = {
    .read = read_socket, .write = write_socket, .close = close_socket, .ready = socket_ready};

/* ---- socketcall: one number for all calls, their arguments in memory ---- */

static int make_socket(u32 family, u32 type, u32 protocol) {
    if (family != AF_INET) return -EAFNOSUPPORT;
    if ((type & 0xf) != SOCK_DGRAM || (protocol != 0 && protocol != IPPROTO_UDP)) return -EPROTONOSUPPORT;
    for (struct socket *s = sockets; s < sockets + SOCKETS; s++) {
        if (s->taken) continue;
        struct file *file = file_make(&socket_calls, O_RDWR);
        if (!file) return -ENFILE;
        *s = (struct socket){.taken = true};
        file->object = s;
        return file_install(file, 0);
    }
    return -ENFILE;
}

static int read_address(u32 at, u32 length, struct sockaddr_in *address) {
    if (length < sizeof *address) return -EINVAL;
    int error = copy_in(address, at, sizeof *address);
    return error ? error : address->sin_family == AF_INET ? 0 : -EAFNOSUPPORT;
}

static int give_address(u32 at, u32 length_at, u32 ip, u16 port) {
    const struct sockaddr_in address = {AF_INET, port, ip, {0}};
    u32 room, size = sizeof address;
    if (at == 0) return 0;
    int error = copy_in(&room, length_at, sizeof room);
    if (!error) error = copy_out(at, &address, least(room, size));
    return error ? error : copy_out(length_at, &size, sizeof size);
}

static int connect_socket(struct socket *socket, u32 at, u32 length) {
    struct sockaddr_in address;
    int error = read_address(at, length, &address);
    if (error) return error;
    socket->peer = address.sin_addr;
    socket->peer_port = address.sin_port;
    return socket->port == 0 ? bind_to(socket, 0, 0) : 0;
}

static int bind_socket(struct socket *socket, u32 at, u32 length) {
    struct sockaddr_in address;
    int error = socket->port != 0 ? -EINVAL : read_address(at, length, &address);
    return error ? error : bind_to(socket, address.sin_addr, address.sin_port);
}

static int send_to(struct file *file, u32 from, u32 length, u32 address_at, u32 address_length) {
    struct sockaddr_in address;
    if (!user_range(from, length)) return -EFAULT;
    if (address_at == 0) return write_socket(file, (const void *)from, length);
    int error = read_address(address_at, address_length, &address);
    return error ? error : send_from(file->object, (const void *)from, length, address.sin_addr, address.sin_port);
}

static int receive_from(struct file *file, const u32 a[6]) {
    struct ends ends;
    bool wait = !(file->flags & O_NONBLOCK) && !(a[3] & MSG_DONTWAIT);
    if (!user_range(a[1], a[2])) return -EFAULT;
    int length = receive_into(file->object, (void *)a[1], a[2], wait, &ends);
    if (length < 0) return length;
    int error = give_address(a[4], a[5], ends.from, ends.from_port);
    return error ? error : length;
}

static int set_option(struct socket *socket, u32 level, u32 option, u32 at) {
    struct timeval time;
    if (level != SOL_SOCKET || option != SO_RCVTIMEO) return -EOPNOTSUPP;
    int error = copy_in(&time, at, sizeof time);
    if (error) return error;
    socket->patience = (u32)time.tv_sec * TICKS_PER_SECOND + ((u32)time.tv_usec + 9999) / 10000;
    return 0;
}

static int sys_socketcall(u32 call, u32 arguments_at) {
    u32 a[6] = {0}; /* more is read than some calls have; what is missing stays 0 */
    for (u32 k = 0; k < COUNT(a); k++)
        if (copy_in(&a[k], arguments_at + 4 * k, sizeof a[k]) != 0) break;
    if (call == SOCKET_socket) return make_socket(a[0], a[1], a[2]);
    struct file *file = file_of((int)a[0]);
    if (!file) return -EBADF;
    if (file->calls != &socket_calls) return -ENOTSOCK;
    struct socket *socket = file->object;
    switch (call) {
    case SOCKET_bind: return bind_socket(socket, a[1], a[2]);
    case SOCKET_connect: return connect_socket(socket, a[1], a[2]);
    case SOCKET_getsockname: return give_address(a[1], a[2], socket->address, socket->port);
    case SOCKET_send: return send_to(file, a[1], a[2], 0, 0);
    case SOCKET_sendto: return send_to(file, a[1], a[2], a[4], a[5]);
    case SOCKET_recv: a[4] = 0; return receive_from(file, a);
    case SOCKET_recvfrom: return receive_from(file, a);
    case SOCKET_setsockopt: return set_option(socket, a[1], a[2], a[3]);
    default: return -EOPNOTSUPP;
    }
}

const struct call_row socket_rows[] = {ROW(socketcall, sys_socketcall), LAST_ROW};
