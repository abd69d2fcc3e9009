/* Multiboot entry of the benchmark kernels: flat segments, a stack, an IDT entry for int 0x80, a TSS for ring 3. */
        .section .multiboot, "a"
        .align 4
        .long 0x1badb002, 0, -0x1badb002

        .text
        .globl start, system_call_entry, enter_user, leave_user
start:
        movl $stack_top, %esp
        lgdt gdt_pointer
        ljmp $0x08, $1f
1:      movw $0x10, %ax
        movw %ax, %ds
        movw %ax, %es
        movw %ax, %fs
        movw %ax, %gs
        movw %ax, %ss
        movl $tss, %eax
        movw %ax, gdt + 0x28 + 2
        shrl $16, %eax
        movb %al, gdt + 0x28 + 4
        movb %ah, gdt + 0x28 + 7
        movw $0x28, %ax
        ltr %ax
        movl $system_call_entry, %eax
        movw %ax, idt + 8 * 0x80
        movw $0x08, idt + 8 * 0x80 + 2
        movw $0xee00, idt + 8 * 0x80 + 4
        shrl $16, %eax
        movw %ax, idt + 8 * 0x80 + 6
        lidt idt_pointer
        call kernel_main
1:      cli
        hlt
        jmp 1b

/* int 0x80: number in EAX, arguments in EBX, ECX, EDX; the result goes back in EAX. */
system_call_entry:
        pushl %ds
        pushl %es
        pushl %ebp
        pushl %edi
        pushl %esi
        pushl %edx
        pushl %ecx
        pushl %ebx
        movw $0x10, %bp
        movw %bp, %ds
        movw %bp, %es
        cmpl $1, %eax
        je leave_user
        pushl %eax
        call system_call
        addl $4, %esp
        popl %ebx
        popl %ecx
        popl %edx
        popl %esi
        popl %edi
        popl %ebp
        popl %es
        popl %ds
        iret

/* void enter_user(void (*program)(void), void *stack): comes back when the program calls 1 (exit). */
enter_user:
        movl 4(%esp), %eax
        movl 8(%esp), %edx
        pushl %ebx
        pushl %esi
        pushl %edi
        pushl %ebp
        movl %esp, kernel_esp
        movl %esp, tss + 4
        movw $0x23, %cx
        movw %cx, %ds
        movw %cx, %es
        pushl $0x23
        pushl %edx
        pushl $0x2
        pushl $0x1b
        pushl %eax
        iret
leave_user:
        movl kernel_esp, %esp
        popl %ebp
        popl %edi
        popl %esi
        popl %ebx
        ret

        .data
        .align 8
gdt:    .quad 0
        .quad 0x00cf9b000000ffff
        .quad 0x00cf93000000ffff
        .quad 0x00cffb000000ffff
        .quad 0x00cff3000000ffff
        .quad 0x0000890000000067
gdt_pointer:
        .word 6 * 8 - 1
        .long gdt
idt_pointer:
        .word 0x81 * 8 - 1
        .long idt
tss:    .long 0, 0, 0x10
        .fill 22, 4, 0
        .word 0, 0x68

        .bss
        .align 16
kernel_esp:
        .long 0
idt:    .skip 0x81 * 8
        .align 4096
        .skip 16384
stack_top:
        .section .note.GNU-stack, "", @progbits
