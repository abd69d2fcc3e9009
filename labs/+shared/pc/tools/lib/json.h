/* JSON (RFC 8259): read into a tree of nodes, and written text by text. */
#ifndef JSON_H
#define JSON_H

#include "../../programs/lib/unix.h"

enum json_kind { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_TEXT, JSON_LIST, JSON_OBJECT };

struct json {
    enum json_kind kind;
    const char *name;          /* in an object */
    const char *text;          /* of a text; of a number, as it stands in the file */
    struct json *first, *next; /* members of a list or an object; the next beside it */
};

/* Takes a text apart, which is changed and must stay; null if it is no JSON, or larger than there is room for. One tree
   at a time: reading another ends it. */
struct json *json_read(char *text);
/* The member that a path such as "process.user" leads to; null where there is none. */
struct json *json_at(struct json *from, const char *path);
const char *json_text(struct json *from, const char *path, const char *otherwise);
u32 json_number(struct json *from, const char *path, u32 otherwise);
bool json_true(struct json *from, const char *path);
/* The texts of a list, a null behind them; how many. */
u32 json_texts(struct json *from, const char *path, const char **to, u32 most);
bool json_has(struct json *list, const char *text); /* among the texts of a list */

/* Writes a text in quotes; a name and its value; a list of texts. */
void json_put(int file, const char *text);
void json_put_member(int file, const char *name, const char *text);
void json_put_list(int file, const char *name, const char *const texts[]);

#endif
