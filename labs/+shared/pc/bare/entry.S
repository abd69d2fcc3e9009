/*
 * Into the kernel and out of it. Every exception, interrupt and system call comes to one place with the same frame
 * on the stack (struct frame in machine.h), and leaves by the same IRET.
 */
#define KERNEL_DS 0x10

/* One stub for each vector from 0 to 47, and their addresses as a table: each pushes its number, and a zero where
   the processor pushes no error code, so that all frames are alike. */
        .text
        .set    vector, 0
        .rept   48
1:
        .if     vector != 8 && (vector < 10 || vector > 14) && vector != 17
        push    $0
        .endif
        push    $vector
        jmp     enter
        .pushsection .rodata
        .if     vector == 0
        .globl  trap_stubs
trap_stubs:
        .endif
        .long   1b
        .popsection
        .set    vector, vector + 1
        .endr

        .globl  system_call_stub
system_call_stub:
        push    $0
        push    $0x80
enter:
        push    %es
        push    %ds
        push    %eax
        push    %ebp
        push    %edi
        push    %esi
        push    %edx
        push    %ecx
        push    %ebx
        cld
        mov     $KERNEL_DS, %eax
        mov     %eax, %ds
        mov     %eax, %es
        push    %esp            /* struct frame * */
        call    trap            /* returns with interrupts forbidden if a process goes on */
        add     $4, %esp

/* A new process starts here, on a stack that fork or the kernel made up. */
        .globl  return_from_trap
return_from_trap:
        pop     %ebx
        pop     %ecx
        pop     %edx
        pop     %esi
        pop     %edi
        pop     %ebp
        pop     %eax
/* A process may have put into its segment registers what is no longer valid: these three may fault. */
        .globl  return_ds, return_es, return_iret
return_ds:
        pop     %ds
return_es:
        pop     %es
        add     $8, %esp        /* vector and error code */
return_iret:
        iret
        .section .note.GNU-stack, "", @progbits
