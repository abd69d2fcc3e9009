/* Turning a process into another program: its file, its memory, and what stands on its stack when it begins. */
#include "elf.h"
#include "file.h"
#include "frames.h"
#include "inode.h"
#include "path.h"
#include "process.h"
#include "space.h"
#include "string.h"

#define MOST_HEADERS 16
#define MOST_TEXTS (PAGE_SIZE / sizeof(u32)) /* arguments and environment together */
#define INDEPENDENT_AT 0x08000000u /* where a program goes that may go anywhere */

/* The new program while it is put together. */
struct image {
    struct space *space;
    struct elf_header header;
    struct elf_program_header parts[MOST_HEADERS];
    u32 bias, end; /* of all parts */
    u32 headers_at; /* the program headers in its memory, 0 if they are not there */
    u32 stack; /* grows down as it is filled */
    u32 *texts; /* addresses of arguments and environment on the stack */
    u32 arguments, environment; /* how many */
    char *buffer; /* one text, on its way: a frame */
};

/* ---- the file ---- */

static int read_headers(struct inode *file, struct image *image) {
    struct elf_header *header = &image->header;
    int got = inode_read(file, header, 0, sizeof *header);
    if (got < 0) return got;
    if (got < (int)sizeof *header || header->magic != ELF_MAGIC || header->class != ELF_CLASS_32) return -ENOEXEC;
    if (header->machine != ELF_386 || header->program_header_size != sizeof image->parts[0]) return -ENOEXEC;
    if (header->type != ELF_EXECUTABLE && header->type != ELF_POSITION_INDEPENDENT) return -ENOEXEC;
    if (header->program_header_count > MOST_HEADERS) return -ENOEXEC;
    int length = (int)(header->program_header_count * sizeof image->parts[0]);
    got = inode_read(file, image->parts, header->program_headers, (u32)length);
    if (got < 0) return got;
    return got == length ? 0 : -ENOEXEC;
}

static int add(struct space *space, u32 start, u32 end, u32 rights, struct inode *file, u32 offset, u32 file_end) {
    const struct region region = {start, end, rights, file, offset, file_end};
    return space_add(space, &region) == 0 ? 0 : -ENOEXEC;
}

/* One part: pages with bytes of the file, and zero pages behind them. */
static int map_part(struct image *image, struct inode *file, const struct elf_program_header *part) {
    if (part->memory_size == 0) return 0;
    u32 from = image->bias + part->virtual, start = PAGE_DOWN(from), shift = from - start;
    u32 file_end = from + part->file_size, memory_end = from + part->memory_size;
    if (part->file_size > part->memory_size || memory_end < from || memory_end > USER_END || part->offset < shift)
        return -ENOEXEC;
    u32 rights = PROT_READ | PROT_EXEC | (part->flags & ELF_WRITABLE ? PROT_WRITE : 0);
    u32 middle = part->file_size ? PAGE_UP(file_end) : start, end = PAGE_UP(memory_end);
    int error = 0;
    if (middle > start) error = add(image->space, start, middle, rights, file, part->offset - shift, file_end);
    if (!error && end > middle) error = add(image->space, middle, end, rights, NULL, 0, 0);
    u32 headers = image->header.program_headers;
    if (headers >= part->offset && headers < part->offset + part->file_size)
        image->headers_at = from + headers - part->offset;
    if (memory_end > image->end) image->end = memory_end;
    return error;
}

static int map_program(struct image *image, struct inode *file) {
    int error = read_headers(file, image);
    if (error) return error;
    image->bias = image->header.type == ELF_POSITION_INDEPENDENT ? INDEPENDENT_AT : 0;
    for (u32 k = 0; k < image->header.program_header_count && !error; k++) {
        if (image->parts[k].type == ELF_INTERPRETER) return -ENOEXEC; /* dynamic: nobody here could load the rest */
        if (image->parts[k].type == ELF_LOAD) error = map_part(image, file, &image->parts[k]);
    }
    if (!error && image->end == 0) error = -ENOEXEC;
    image->space->heap_start = image->space->heap_end = PAGE_UP(image->end);
    if (!error) error = add(image->space, USER_END - STACK_SIZE, USER_END, PROT_READ | PROT_WRITE, NULL, 0, 0);
    image->stack = USER_END - 16;
    return error;
}

/* ---- the stack ---- */

static int push(struct image *image, const void *bytes, u32 length) {
    image->stack -= length;
    return space_write(image->space, image->stack, bytes, length);
}

static int push_text(struct image *image, u32 length) {
    u32 number = image->arguments + image->environment;
    if (number == MOST_TEXTS || USER_END - image->stack > STACK_SIZE / 4) return -E2BIG;
    int error = push(image, image->buffer, length + 1);
    image->texts[number] = image->stack;
    return error;
}

/* Brings a list of texts, ended by a null, from the old program onto the new stack; counts them. */
static int bring_texts(struct image *image, u32 list, u32 *count) {
    for (u32 at = list; list != 0; at += sizeof(u32)) {
        u32 text;
        int result = copy_in(&text, at, sizeof text);
        if (result < 0) return result;
        if (text == 0) return 0;
        result = copy_text(image->buffer, text, PAGE_SIZE);
        if (result < 0) return result == -ENAMETOOLONG ? -E2BIG : result;
        result = push_text(image, (u32)result);
        if (result < 0) return result;
        ++*count;
    }
    return 0;
}

/* From the top: texts, 16 bytes that pass for random, auxiliary values, environment, arguments, their number. */
static int finish_stack(struct image *image) {
    static const u32 seed[4] = {0x5eed0001, 0x5eed0002, 0x5eed0003, 0x5eed0004};
    image->stack &= ~15u;
    int error = push(image, seed, sizeof seed);
    const u32 auxiliary[] = {
        AT_PHDR, image->headers_at, AT_PHENT, sizeof image->parts[0], AT_PHNUM, image->header.program_header_count,
        AT_PAGESZ, PAGE_SIZE, AT_BASE, 0, AT_FLAGS, 0, AT_ENTRY, image->bias + image->header.entry, AT_UID, 0,
        AT_EUID, 0, AT_GID, 0, AT_EGID, 0, AT_HWCAP, 0, AT_CLKTCK, 100, AT_SECURE, 0, AT_RANDOM, image->stack,
        AT_NULL, 0,
    };
    const u32 zero = 0;
    u32 words = COUNT(auxiliary) + image->arguments + image->environment + 3;
    image->stack -= (16 - words * sizeof(u32) % 16) % 16; /* so that the end is on a boundary of 16 */
    error |= push(image, auxiliary, sizeof auxiliary) | push(image, &zero, sizeof zero);
    error |= push(image, image->texts + image->arguments, image->environment * sizeof(u32));
    error |= push(image, &zero, sizeof zero) | push(image, image->texts, image->arguments * sizeof(u32));
    return error | push(image, &image->arguments, sizeof(u32));
}

/* ---- the change ---- */

static void start_program(struct frame *frame, const struct image *image) {
    struct space *old = current->space;
    current->space = image->space;
    load_address_space(PHYSICAL(image->space->directory));
    if (old) space_free(old);
    fpu_forget(current);
    current->tls = 0;
    set_tls(0);
    load_fs(0);
    load_gs(0);
    memset(frame, 0, sizeof *frame);
    frame->ds = frame->es = frame->ss = USER_DS;
    frame->cs = USER_CS;
    frame->eflags = FLAG_INTERRUPT | 2;
    frame->eip = image->bias + image->header.entry;
    frame->esp = image->stack;
}

/* Handlers were functions of the old program; descriptors that were marked close. */
static void tidy_process(const char *path) {
    for (u32 k = 1; k < SIGNALS; k++)
        if (current->actions[k].handler != SIG_IGN) current->actions[k] = (struct sigaction){0};
    for (u32 k = 0; k < FILES; k++)
        if (current->close_on_exec >> k & 1) file_close((int)k);
    const char *name = path;
    for (; *path; path++)
        if (*path == '/') name = path + 1;
    text_copy(current->name, name, sizeof current->name);
}

static void image_free(struct image *image, bool failed) {
    if (failed && image->space) space_free(image->space);
    if (image->texts) frame_drop(image->texts);
    if (image->buffer) frame_drop(image->buffer);
    frame_drop(image);
}

static struct image *image_make(void) {
    struct image *image = frame_get_zeroed();
    if (!image) return NULL;
    image->space = space_make();
    image->texts = frame_get();
    image->buffer = frame_get();
    if (image->space && image->texts && image->buffer) return image;
    image_free(image, true);
    return NULL;
}

static int open_program(const char *path, struct inode **file) {
    int error = path_find(path, file);
    if (error) return error;
    error = !S_ISREG((*file)->mode) || !((*file)->mode & 0111) ? -EACCES : 0;
    if (error) inode_drop(*file);
    return error;
}

static int finish(struct frame *frame, struct image *image, const char *path, int error) {
    if (!error) error = finish_stack(image) ? -ENOMEM : 0;
    if (!error) {
        start_program(frame, image);
        tidy_process(path);
    }
    image_free(image, error != 0);
    return error;
}

int process_exec(struct frame *frame, const char *path, u32 arguments, u32 environment) {
    struct inode *file;
    int error = open_program(path, &file);
    if (error) return error;
    struct image *image = image_make();
    error = image ? map_program(image, file) : -ENOMEM;
    inode_drop(file); /* its regions hold it */
    if (!image) return error;
    if (!error) error = bring_texts(image, arguments, &image->arguments);
    if (!error) error = bring_texts(image, environment, &image->environment);
    return finish(frame, image, path, error);
}

int process_exec_first(struct frame *frame, const char *const *words) {
    static const char *const environment[] = {"PATH=/bin", "HOME=/", "TERM=vt100"};
    struct inode *file;
    int error = open_program(words[0], &file);
    if (error) return error;
    struct image *image = image_make();
    error = image ? map_program(image, file) : -ENOMEM;
    inode_drop(file);
    if (!image) return error;
    for (u32 k = 0; words[k] && !error; k++, image->arguments++) {
        text_copy(image->buffer, words[k], PAGE_SIZE);
        error = push_text(image, text_length(image->buffer));
    }
    for (u32 k = 0; k < COUNT(environment) && !error; k++, image->environment++) {
        text_copy(image->buffer, environment[k], PAGE_SIZE);
        error = push_text(image, text_length(image->buffer));
    }
    return finish(frame, image, words[0], error);
}
