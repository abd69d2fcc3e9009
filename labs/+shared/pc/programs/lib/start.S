/* Where a program begins, and how it calls the system. */
        .text
        .globl  _start
_start:
        xor     %ebp, %ebp
        mov     (%esp), %eax            /* how many arguments; they follow, a null, the environment, a null */
        lea     4(%esp), %ecx
        lea     8(%esp,%eax,4), %edx
        mov     %edx, environment
        and     $-16, %esp
        sub     $8, %esp
        push    %ecx
        push    %eax
        call    main
        mov     %eax, %ebx
        mov     $1, %eax                /* exit */
        int     $0x80

/* int system_call(number, a, b, c, d, e) */
        .globl  system_call
system_call:
        push    %ebx
        push    %esi
        push    %edi
        mov     16(%esp), %eax
        mov     20(%esp), %ebx
        mov     24(%esp), %ecx
        mov     28(%esp), %edx
        mov     32(%esp), %esi
        mov     36(%esp), %edi
        int     $0x80
        pop     %edi
        pop     %esi
        pop     %ebx
        ret

        .bss
        .balign 4
        .globl  environment
environment:
        .skip   4
        .section .note.GNU-stack, "", @progbits
