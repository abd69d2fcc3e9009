/* JSON (RFC 8259): read into a tree of nodes, and written text by text. */
#include "json.h"

#define MOST_NODES 1024
#define DEEPEST 32

static struct json nodes[MOST_NODES];
static u32 nodes_used;
static char numbers[4096];
static u32 numbers_used;

static char *at;
static bool wrong;

static char next_char(void) {
    while (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r') at++;
    return *at;
}

static bool take(char c) {
    if (next_char() != c) return false;
    at++;
    return true;
}

static void demand(char c) {
    if (!take(c)) wrong = true;
}

/* ---- reading ---- */

static u32 hexadecimal(void) {
    u32 value = 0;
    for (int k = 0; k < 4; k++) {
        const char *digit = text_find("0123456789abcdef", *at >= 'A' && *at <= 'F' ? (char)(*at + 32) : *at);
        if (!digit || !*at) return wrong = true, 0;
        value = value << 4 | (u32)(digit - "0123456789abcdef");
        at++;
    }
    return value;
}

/* A character of the basic plane in UTF-8. */
static char *put_character(char *to, u32 code) {
    if (code < 0x80) return *to++ = (char)code, to;
    if (code < 0x800)
        *to++ = (char)(0xc0 | code >> 6);
    else
        *to++ = (char)(0xe0 | code >> 12), *to++ = (char)(0x80 | (code >> 6 & 63));
    *to++ = (char)(0x80 | (code & 63));
    return to;
}

/* Unescapes in place: what comes out is never longer. */
static const char *read_text(void) {
    static const char plain[] = "bfnrt", meant[] = "\b\f\n\r\t";
    demand('"');
    char *start = at, *to = at;
    while (!wrong && *at != '"') {
        char c = *at++;
        if (c == 0) return wrong = true, start;
        if (c == '\\') {
            c = *at++;
            const char *known = text_find(plain, c);
            if (c == 'u') {
                to = put_character(to, hexadecimal());
                continue;
            }
            if (c == 0) return wrong = true, start;
            if (known) c = meant[known - plain];
        }
        *to++ = c;
    }
    at++;
    *to = 0;
    return start;
}

static const char *read_number(void) {
    char *start = numbers + numbers_used;
    while (*at && text_find("+-.0123456789Ee", *at)) {
        if (numbers_used + 1 >= sizeof numbers) return wrong = true, "";
        numbers[numbers_used++] = *at++;
    }
    numbers[numbers_used++] = 0;
    if (!*start) wrong = true;
    return start;
}

static bool word(const char *text) {
    u32 length = text_length(text);
    if (memcmp(at, text, length) != 0) return false;
    at += length;
    return true;
}

static struct json *read_value(int depth);

static void read_members(struct json *node, char end, int depth) {
    struct json **last = &node->first;
    if (take(end)) return;
    do {
        const char *name = NULL;
        if (end == '}') name = (next_char(), read_text()), demand(':');
        struct json *member = wrong ? NULL : read_value(depth + 1);
        if (!member) return;
        member->name = name;
        *last = member;
        last = &member->next;
    } while (!wrong && take(','));
    demand(end);
}

static struct json *read_value(int depth) {
    if (nodes_used == MOST_NODES || depth > DEEPEST) return wrong = true, NULL;
    struct json *node = &nodes[nodes_used++];
    *node = (struct json){JSON_NULL, NULL, NULL, NULL, NULL};
    char c = next_char();
    if (c == '{' || c == '[') {
        at++;
        node->kind = c == '{' ? JSON_OBJECT : JSON_LIST;
        read_members(node, c == '{' ? '}' : ']', depth);
    } else if (c == '"') {
        node->kind = JSON_TEXT;
        node->text = read_text();
    } else if (word("true")) {
        node->kind = JSON_TRUE;
    } else if (word("false")) {
        node->kind = JSON_FALSE;
    } else if (!word("null")) {
        node->kind = JSON_NUMBER;
        node->text = read_number();
    }
    return node;
}

struct json *json_read(char *text) {
    at = text;
    wrong = false;
    nodes_used = numbers_used = 0;
    struct json *value = read_value(0);
    return wrong || next_char() != 0 ? NULL : value;
}

struct json *json_at(struct json *from, const char *path) {
    while (from && *path) {
        u32 length = 0;
        while (path[length] && path[length] != '.') length++;
        struct json *member = from->kind == JSON_OBJECT ? from->first : NULL;
        while (member && (text_length(member->name) != length || memcmp(member->name, path, length) != 0))
            member = member->next;
        from = member;
        path += length + (path[length] == '.');
    }
    return from;
}

const char *json_text(struct json *from, const char *path, const char *otherwise) {
    struct json *node = json_at(from, path);
    return node && node->text ? node->text : otherwise;
}

u32 json_number(struct json *from, const char *path, u32 otherwise) {
    struct json *node = json_at(from, path);
    return node && node->kind == JSON_NUMBER ? number_from(node->text, otherwise) : otherwise;
}

bool json_true(struct json *from, const char *path) {
    struct json *node = json_at(from, path);
    return node && node->kind == JSON_TRUE;
}

u32 json_texts(struct json *from, const char *path, const char **to, u32 most) {
    u32 count = 0;
    struct json *list = json_at(from, path);
    for (struct json *node = list ? list->first : NULL; node && count + 1 < most; node = node->next)
        if (node->kind == JSON_TEXT) to[count++] = node->text;
    to[count] = NULL;
    return count;
}

bool json_has(struct json *list, const char *text) {
    for (struct json *node = list ? list->first : NULL; node; node = node->next)
        if (node->kind == JSON_TEXT && text_compare(node->text, text) == 0) return true;
    return false;
}

/* ---- writing ---- */

void json_put(int file, const char *text) {
    char piece[128];
    u32 used = 0;
    piece[used++] = '"';
    for (; *text; text++) {
        if (used + 8 > sizeof piece) write(file, piece, used), used = 0;
        if (*text == '"' || *text == '\\')
            used += format_into(piece + used, 4, "\\%c", *text);
        else if ((u8)*text < 32)
            used += format_into(piece + used, 8, "\\u%04x", (u32)*text);
        else
            piece[used++] = *text;
    }
    piece[used++] = '"';
    write(file, piece, used);
}

void json_put_member(int file, const char *name, const char *text) {
    print_to(file, "\"%s\": ", name);
    json_put(file, text);
}

void json_put_list(int file, const char *name, const char *const texts[]) {
    print_to(file, "\"%s\": [", name);
    for (u32 k = 0; texts[k]; k++) {
        if (k > 0) print_to(file, ", ");
        json_put(file, texts[k]);
    }
    print_to(file, "]");
}
