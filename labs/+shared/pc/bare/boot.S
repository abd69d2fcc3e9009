/*
 * The first instructions. A multiboot loader has put the kernel at 1 MB and starts it in protected mode without
 * paging; the C code is linked for 0xC0100000. So: say to the loader what we are, turn paging on, jump up.
 */
#define KERNEL_BASE 0xc0000000
#define MULTIBOOT_MAGIC 0x1badb002
#define MULTIBOOT_FLAGS 0x3 /* modules on page boundaries; tell us about memory */

#define CR0_PAGING 0x80010000 /* paging, and read-only pages bind the kernel too: copy-on-write needs it */
#define CR4_LARGE_PAGES 0x10

#define FLAG_CPUID 0x200000
#define NEEDED 0x8008 /* of CPUID: conditional moves, which the compiler uses, and pages of 4 MB */

#define SERIAL 0x3f8
#define SERIAL_STATUS 5
#define SERIAL_EMPTY 0x20
#define SCREEN 0xb8000

        .section .multiboot, "a"
        .long MULTIBOOT_MAGIC, MULTIBOOT_FLAGS, -(MULTIBOOT_MAGIC + MULTIBOOT_FLAGS)

/* Linked for the physical addresses at which it runs; what it names of the kernel, it names without the base. */
        .section .boot, "ax"
        .globl start
start:
        cld
        mov     %eax, %esi      /* CPUID will overwrite what the loader left here */
        mov     %ebx, %edi
        pushf
        pop     %ecx
        mov     %ecx, %edx
        xor     $FLAG_CPUID, %ecx
        push    %ecx
        popf
        pushf
        pop     %ecx
        cmp     %ecx, %edx      /* the flag cannot be changed: a 486 of the first years */
        je      too_old
        mov     $1, %eax
        cpuid
        and     $NEEDED, %edx
        cmp     $NEEDED, %edx
        jne     too_old
        mov     %esi, %eax
        mov     %edi, %ebx
        mov     $(kernel_directory - KERNEL_BASE), %ecx
        mov     %ecx, %cr3
        mov     %cr4, %ecx
        or      $CR4_LARGE_PAGES, %ecx
        mov     %ecx, %cr4
        mov     %cr0, %ecx
        or      $CR0_PAGING, %ecx
        mov     %ecx, %cr0
        mov     $high, %ecx
        jmp     *%ecx

/* Nothing works yet that could say it better: the text, to the serial line and to the screen. */
too_old:
        mov     $complaint, %esi
        mov     $SCREEN, %edi
next_character:
        mov     $(SERIAL + SERIAL_STATUS), %edx
        mov     $10000, %ecx    /* as long as it is patient with a line that is not there */
1:      in      %dx, %al
        test    $SERIAL_EMPTY, %al
        loopz   1b
        lodsb
        test    %al, %al
        jz      stop
        mov     $SERIAL, %edx
        out     %al, %dx
        mov     $0x07, %ah      /* light grey */
        stosw
        jmp     next_character
stop:
        cli
        hlt
        jmp     stop
complaint:
        .asciz  "Varve needs a processor with CMOV and 4 MB pages: a Pentium Pro (i686) or newer."

        .text
high:
        mov     $boot_stack_top, %esp
        xor     %ebp, %ebp
        push    %ebx            /* the loader's information, a physical address */
        push    %eax            /* the loader's magic number */
        call    multiboot_main

/* The first 4 MB where they are, for the jump above; 256 MB at KERNEL_BASE, for ever. */
        .data
        .balign 4096
        .globl kernel_directory
kernel_directory:
        .long   0x83            /* 4 MB, writable, present */
        .fill   767, 4, 0
        .set    frame, 0x83
        .rept   64
        .long   frame
        .set    frame, frame + 0x400000
        .endr
        .fill   192, 4, 0

        .bss
        .balign 4096
        .globl boot_stack
boot_stack:
        .skip   4096
        .globl boot_stack_top
boot_stack_top:
        .section .note.GNU-stack, "", @progbits
