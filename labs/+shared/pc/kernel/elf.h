/* Program files: the part of ELF that a static program for the 386 uses. */
#ifndef ELF_H
#define ELF_H

#include "types.h"

#define ELF_MAGIC 0x464c457fu /* 7F E L F */
#define ELF_CLASS_32 1
#define ELF_EXECUTABLE 2
#define ELF_POSITION_INDEPENDENT 3
#define ELF_386 3
#define ELF_LOAD 1
#define ELF_INTERPRETER 3
#define ELF_WRITABLE 2

struct elf_header {
    u32 magic;
    u8 class, rest[11];
    u16 type, machine;
    u32 version, entry, program_headers, section_headers, flags;
    u16 size, program_header_size, program_header_count, section_header_size, section_header_count, names;
};

struct elf_program_header {
    u32 type, offset, virtual, physical, file_size, memory_size, flags, align;
};

#endif
