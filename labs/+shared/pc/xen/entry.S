/*
 * Into the kernel and out of it. Exceptions come from Xen with the frame that the processor would have laid; a system
 * call comes from the processor itself, which goes from ring 3 to ring 1 without Xen. Both leave by IRET.
 */
#define KERNEL_DS 0xe021
#define GENERAL_PROTECTION 13
#define VECTOR_EVENT 32
#define INTERRUPT_FLAG_HIGH 2 /* of the second byte of EFLAGS */

#define UPCALL_PENDING shared_info
#define UPCALL_MASK shared_info + 1

        .text
        .set    vector, 0
        .rept   20
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
        call    trap            /* returns with events masked if a process goes on */
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
        testb   $INTERRUPT_FLAG_HIGH, %ss:9(%esp)
        jz      return_iret
/* IRET would not change the mask, so it is cleared before. All registers are back already: an event that comes from here
   to IRET has interrupted what IRET returns to. */
        movb    $0, %ss:UPCALL_MASK
unmasked:
        testb   $0xff, %ss:UPCALL_PENDING
        jnz     event_waited
return_iret:
        iret
unmasked_end:
event_waited:
        movb    $1, %ss:UPCALL_MASK
        jmp     event

        .globl  event_stub
event_stub:
        cmpl    $unmasked, (%esp)
        jb      event
        cmpl    $unmasked_end, (%esp)
        jae     event
        add     $12, %esp       /* the frame of the kernel's last instructions: below is that of what they return to */
event:
        push    $0
        push    $VECTOR_EVENT
        jmp     enter

/* Xen could not load a segment register of the process: its four selectors lie below the frame. */
        .globl  failsafe_stub
failsafe_stub:
        add     $16, %esp
        push    $0
        push    $GENERAL_PROTECTION
        jmp     enter

/* Ports. Xen performs the instruction where the domain was given the port, and lets it fault where not. */
        .globl  in8, out8, protection_stub
in8:
        mov     4(%esp), %edx
in_port:
        in      %dx, %al
        ret
in_refused:
        mov     $0xff, %al
out_refused:
        ret
out8:
        mov     4(%esp), %edx
        mov     8(%esp), %eax
out_port:
        out     %al, %dx
        ret
protection_stub:
        cmpl    $in_port, 4(%esp)
        je      1f
        cmpl    $out_port, 4(%esp)
        je      2f
        push    $GENERAL_PROTECTION
        jmp     enter
1:      add     $4, %esp
        movl    $in_refused, (%esp)
        iret
2:      add     $4, %esp
        movl    $out_refused, (%esp)
        iret
        .section .note.GNU-stack, "", @progbits
