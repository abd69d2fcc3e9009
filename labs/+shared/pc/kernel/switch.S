/* The switch of stacks, and copies between kernel and process: what has to be assembly on any machine. */
#define EFAULT 14

        .text
/* void switch_stacks(u32 *save_esp, u32 load_esp) */
        .globl  switch_stacks
switch_stacks:
        mov     4(%esp), %eax
        mov     8(%esp), %edx
        push    %ebx
        push    %esi
        push    %edi
        push    %ebp
        mov     %esp, (%eax)
        mov     %edx, %esp
        pop     %ebp
        pop     %edi
        pop     %esi
        pop     %ebx
        ret

/* int user_copy(void *to, const void *from, u32 length): the page-fault handler sends a fault that cannot be mended
   at one of the two string instructions to user_copy_failed. */
        .globl  user_copy, user_copy_words, user_copy_bytes, user_copy_failed
user_copy:
        push    %esi
        push    %edi
        mov     12(%esp), %edi
        mov     16(%esp), %esi
        mov     20(%esp), %edx
        mov     %edx, %ecx
        shr     $2, %ecx
user_copy_words:
        rep movsl
        mov     %edx, %ecx
        and     $3, %ecx
user_copy_bytes:
        rep movsb
        xor     %eax, %eax
        pop     %edi
        pop     %esi
        ret
user_copy_failed:
        mov     $-EFAULT, %eax
        pop     %edi
        pop     %esi
        ret
        .section .note.GNU-stack, "", @progbits
