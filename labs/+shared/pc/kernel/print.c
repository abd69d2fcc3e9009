/* Formatting of kernel messages. */
#include "print.h"

#include "console.h"
#include "machine.h"
#include "string.h"

struct sink {
    char *text; /* null: the console */
    u32 size, length;
};

static void emit(struct sink *sink, char c) {
    if (!sink->text)
        console_put(c);
    else if (sink->length + 1 < sink->size)
        sink->text[sink->length] = c;
    sink->length++;
}

static void emit_padded(struct sink *sink, const char *text, int width, char fill) {
    int length = (int)text_length(text);
    for (int k = length; k < width; k++) emit(sink, fill);
    while (*text) emit(sink, *text++);
    for (int k = length; k < -width; k++) emit(sink, ' ');
}

/* Writes digits from the end of the buffer; returns where they begin. */
static char *digits(char *end, u32 value, u32 base) {
    *end = 0;
    do *--end = "0123456789abcdef"[value % base];
    while ((value /= base) != 0);
    return end;
}

static void emit_number(struct sink *sink, char kind, u32 value, int width, char fill) {
    char buffer[16], *text;
    bool negative = kind == 'd' && (int)value < 0;
    text = digits(buffer + sizeof buffer - 1, negative ? -value : value, kind == 'x' ? 16 : 10);
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
        char one[2] = {*format, 0};
        if (*format == 's')
            emit_padded(sink, va_arg(values, const char *), left ? -width : width, ' ');
        else if (*format == 'c')
            one[0] = (char)va_arg(values, int), emit_padded(sink, one, width, ' ');
        else if (*format == 'd' || *format == 'u' || *format == 'x')
            emit_number(sink, *format, va_arg(values, u32), left ? -width : width, fill);
        else
            emit(sink, *format);
    }
}

void print(const char *format, ...) {
    struct sink sink = {0};
    va_list values;
    va_start(values, format);
    emit_all(&sink, format, values);
    va_end(values);
}

u32 print_to(char *text, u32 size, const char *format, ...) {
    struct sink sink = {text, size, 0};
    va_list values;
    va_start(values, format);
    emit_all(&sink, format, values);
    va_end(values);
    text[least(sink.length, size - 1)] = 0;
    return least(sink.length, size - 1);
}

void panic(const char *format, ...) {
    struct sink sink = {0};
    va_list values;
    irq_disable();
    print("\nvarve: panic: ");
    va_start(values, format);
    emit_all(&sink, format, values);
    va_end(values);
    print("\nvarve: the machine stops here\n");
    console_drain();
    cpu_stop();
}
