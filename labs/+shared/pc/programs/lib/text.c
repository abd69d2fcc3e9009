/* Text, numbers, and what people read. */
#include "unix.h"

void *memcpy(void *to, const void *from, size_t length) {
    void *start = to;
    asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(length) : : "memory");
    return start;
}

void *memset(void *to, int value, size_t length) {
    void *start = to;
    asm volatile("rep stosb" : "+D"(to), "+c"(length) : "a"(value) : "memory");
    return start;
}

int memcmp(const void *a, const void *b, size_t length) {
    const u8 *x = a, *y = b;
    for (; length > 0; length--, x++, y++)
        if (*x != *y) return *x - *y;
    return 0;
}

u32 text_length(const char *text) {
    u32 length = 0;
    while (text[length]) length++;
    return length;
}

int text_compare(const char *a, const char *b) {
    while (*a && *a == *b) a++, b++;
    return (u8)*a - (u8)*b;
}

char *text_find(const char *text, char c) {
    for (; *text; text++)
        if (*text == c) return (char *)text;
    return NULL;
}

u32 number_from(const char *text, u32 otherwise) {
    u32 value = 0;
    if (!text) return otherwise;
    for (; *text >= '0' && *text <= '9'; text++) value = value * 10 + (u32)(*text - '0');
    return value;
}

/* ---- formatting ---- */

/* Collects what is formatted; `file` < 0: only into the text. */
struct sink {
    char *text;
    u32 size, length;
    int file;
};

static void flush(struct sink *sink) {
    if (sink->file < 0) return;
    write(sink->file, sink->text, sink->length);
    sink->length = 0;
}

static void emit(struct sink *sink, char c) {
    if (sink->length == sink->size) flush(sink);
    if (sink->length < sink->size) sink->text[sink->length++] = c;
}

static void emit_padded(struct sink *sink, const char *text, int width, char fill) {
    int length = (int)text_length(text);
    for (int k = length; k < width; k++) emit(sink, fill);
    while (*text) emit(sink, *text++);
    for (int k = length; k < -width; k++) emit(sink, ' ');
}

static void emit_number(struct sink *sink, char kind, u32 value, int width, char fill) {
    char buffer[16], *text = buffer + sizeof buffer - 1;
    u32 base = kind == 'x' ? 16 : 10;
    bool negative = kind == 'd' && (int)value < 0;
    if (negative) value = -value;
    *text = 0;
    do *--text = "0123456789abcdef"[value % base];
    while ((value /= base) != 0);
    if (negative) *--text = '-';
    emit_padded(sink, text, width, fill);
}

static void emit_all(struct sink *sink, const char *format, va_list values) {
    for (; *format; format++) {
        if (*format != '%') {
            emit(sink, *format);
            continue;
        }
        bool left = *++format == '-';
        if (left) format++;
        char fill = *format == '0' ? '0' : ' ';
        int width = 0;
        while (*format >= '0' && *format <= '9') width = width * 10 + *format++ - '0';
        if (left) width = -width;
        if (*format == 's')
            emit_padded(sink, va_arg(values, const char *), width, ' ');
        else if (*format == 'c')
            emit(sink, (char)va_arg(values, int));
        else if (*format == 'd' || *format == 'u' || *format == 'x')
            emit_number(sink, *format, va_arg(values, u32), width, fill);
        else
            emit(sink, *format);
    }
    flush(sink);
}

void print(const char *format, ...) {
    char text[256];
    struct sink sink = {text, sizeof text, 0, 1};
    va_list values;
    va_start(values, format);
    emit_all(&sink, format, values);
    va_end(values);
}

void print_to(int file, const char *format, ...) {
    char text[256];
    struct sink sink = {text, sizeof text, 0, file};
    va_list values;
    va_start(values, format);
    emit_all(&sink, format, values);
    va_end(values);
}

u32 format_into(char *text, u32 size, const char *format, ...) {
    struct sink sink = {text, size - 1, 0, -1};
    va_list values;
    va_start(values, format);
    emit_all(&sink, format, values);
    va_end(values);
    text[sink.length] = 0;
    return sink.length;
}

/* ---- errors ---- */

const char *error_text(int error) {
    switch (error < 0 ? -error : error) {
    case EPERM: return "not allowed";
    case ENOENT: return "no such file or directory";
    case ESRCH: return "no such process";
    case EIO: return "input or output failed";
    case ENXIO: return "no such device";
    case E2BIG: return "too many arguments";
    case ENOEXEC: return "not a program for this machine";
    case EBADF: return "not an open file";
    case ECHILD: return "no child";
    case EAGAIN: return "not now";
    case ENOMEM: return "not enough memory";
    case EACCES: return "permission denied";
    case EEXIST: return "exists already";
    case ENOTDIR: return "not a directory";
    case EISDIR: return "is a directory";
    case EINVAL: return "invalid argument";
    case ENFILE:
    case EMFILE: return "too many open files";
    case EFBIG: return "file too large or in too many pieces";
    case ENOSPC: return "no space left on the disk";
    case EROFS: return "the disk may only be read";
    case EPIPE: return "nobody reads the pipe";
    case ENAMETOOLONG: return "name too long";
    case ENOSYS: return "no such system call";
    case ENOTEMPTY: return "directory not empty";
    case ENETUNREACH: return "no way to that network";
    case EHOSTUNREACH: return "no answer from that address";
    case EUCLEAN: return "the disk is damaged here";
    default: return "error";
    }
}

int complain(const char *program, const char *what, int error) {
    print_to(2, "%s: %s: %s (%d)\n", program, what, error_text(error), error < 0 ? -error : error);
    return 1;
}
