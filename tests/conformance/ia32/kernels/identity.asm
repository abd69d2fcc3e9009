; What kernels ask a processor first: CPUID, flags that tell its age, model-specific registers, SYSENTER and SYSEXIT.
%include "lab.nasm"

main:
        pushfd
        pop eax
        mov ebx, eax
        xor eax, 0x240000
        push eax
        popfd
        pushfd
        pop eax
        xor eax, ebx
        push ebx
        popfd
        show 'flags that toggle', eax
        mov eax, 1
        cpuid
        and edx, 0x00000971     ; FPU, TSC, MSR, PAE, CX8, SEP
        show 'features', edx
        xor eax, eax
        cpuid
        show 'vendor', ebx
        show 'vendor', edx
        show 'vendor', ecx

        mov ecx, 0x174
        mov eax, CODE0
        xor edx, edx
        wrmsr
        mov ecx, 0x175
        mov eax, entry_stack
        wrmsr
        mov ecx, 0x176
        mov eax, entered
        wrmsr
        mov ecx, 0x176
        xor eax, eax
        rdmsr
        sub eax, entered
        show 'SYSENTER_EIP', eax
        mov ecx, 0x0dead000
        try 'RDMSR of none', rdmsr
        mov ecx, 0x0dead000
        try 'WRMSR of none', wrmsr
        mov ecx, 0x2ff
        try 'RDMSR of the MTRR default type', rdmsr
        mov ecx, 0xfe
        rdmsr
        show 'MTRR capabilities', eax
        mov ecx, 0x277
        rdmsr
        show 'PAT', eax
        mov ecx, 0x277
        mov eax, 0x02070406
        try 'PAT with a reserved type', wrmsr
        rdtsc
        mov ebx, eax
        rdtsc
        sub eax, ebx
        cmp eax, 1000000
        setb al
        movzx eax, al
        show 'time passes', eax

        ; To ring 3 and back.
        mov edx, ring3
        mov ecx, user_stack
        mov dword [back_to], .back
        sysexit
.back:  mov ax, DATA0
        mov ds, ax
        mov es, ax
        mov ecx, 0x174
        xor eax, eax
        xor edx, edx
        wrmsr
        try 'SYSENTER without a selector', sysenter
        try 'SYSEXIT without a selector', sysexit
        ret

ring3:  mov ax, DATA3
        mov ds, ax
        mov es, ax
        mov eax, cs
        mov [seen_cs], eax
        mov eax, ss
        mov [seen_ss], eax
        mov [seen_esp], esp
        sysenter

entered:
        mov eax, cs
        push eax
        mov eax, ss
        push eax
        pushfd
        mov ax, DATA0
        mov ds, ax
        mov es, ax
        pop ebx
        pop ecx
        pop edx
        show 'CS in ring 0', edx
        show 'SS in ring 0', ecx
        and ebx, 0x20200
        show 'IF and VM', ebx
        mov eax, esp
        sub eax, entry_stack
        show 'ESP', eax
        show 'CS in ring 3', [seen_cs]
        show 'SS in ring 3', [seen_ss]
        mov eax, [seen_esp]
        sub eax, user_stack
        show 'ESP in ring 3', eax
        mov esp, stack_top - 4
        jmp [back_to]

section .data
seen_cs: dd 0
seen_ss: dd 0
seen_esp: dd 0
back_to: dd 0
section .bss
        resb 1024
user_stack:
        resb 4096
entry_stack:
