/*
 * What Xen reads of this kernel, and its first instructions. Xen has put the kernel into a domain, with paging on, the
 * memory from C0000000 on mapped, and what it has to tell in ESI.
 */
#define KERNEL_BASE 0xc0000000

#define ENTRY 1
#define HYPERCALL_PAGE 2
#define VIRTUAL_BASE 3
#define PHYSICAL_OFFSET 4
#define XEN_VERSION 5
#define GUEST 6
#define LOADER 8
#define PAE 9

        .section .note.Xen, "a", @note
        .macro  note kind, value:vararg
        .balign 4
        .long   4, 2f - 1f, \kind
        .asciz  "Xen"
1:      \value
2:
        .endm
        note    ENTRY, .long start
        note    HYPERCALL_PAGE, .long hypercall_page
        note    VIRTUAL_BASE, .long KERNEL_BASE
        note    PHYSICAL_OFFSET, .long 0
        note    XEN_VERSION, .asciz "xen-3.0"
        note    GUEST, .asciz "varve"
        note    LOADER, .asciz "generic"
        note    PAE, .asciz "no"
        .balign 4

        .text
        .globl start
start:
        cld
        mov     $boot_stack_top, %esp
        xor     %ebp, %ebp
        push    %esi
        call    xen_main

        .balign 4096
        .globl hypercall_page
hypercall_page:
        .skip   4096

        .bss
        .balign 4096
        .globl shared_info
shared_info:
        .skip   4096
        .skip   4096
boot_stack_top:
        .section .note.GNU-stack, "", @progbits
