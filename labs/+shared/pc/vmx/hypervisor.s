; A hypervisor of one guest, as a student may write it: VT-x of the first generation, no nested paging.
; It begins at 1 M in flat protected mode. The guest asks CPUID, writes a text to port 99, and halts; all three
; come back here as VM exits. SDM volume 3C, chapters 23 to 27 and 30, appendix B.

VMXON_REGION equ 0x200000          ; pages of 4 K that belong to the processor
VMCS_REGION  equ 0x201000
DIRECTORY    equ 0x202000          ; page directory of host and guest alike
HOST_STACK   equ 0x210000
GUEST_STACK  equ 0x220000
COM1         equ 0x3f8
GUEST_PORT   equ 0x99
EXIT_PORT    equ 0xf4

EXIT_CPUID   equ 10                ; basic exit reasons, appendix C
EXIT_HLT     equ 12
EXIT_IO      equ 30

; Writes a field of the current VMCS. %1 its encoding, %2 the value.
%macro field 2
        mov edx, %1
        mov eax, %2
        vmwrite edx, eax
%endmacro

; The same for control bits: %2 what is wanted, %3 the register that says what must be and what may be.
%macro control 3
        mov ecx, %3
        rdmsr                      ; EAX: bits that must be 1, EDX: bits that may be 1
        or eax, %2
        and eax, edx
        mov edx, %1
        vmwrite edx, eax
%endmacro

        bits 32
start:  mov esp, HOST_STACK
        lgdt [gdtr]
        jmp 0x08:flat
flat:   mov ax, 0x10
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov fs, ax
        mov gs, ax
        mov ax, 0x18
        ltr ax                     ; a VM exit loads TR, so there must be one

; Paging, which VMX operation demands: the first 4 M and no more, one large page mapped to itself.
        mov dword [DIRECTORY], 0x83
        mov eax, DIRECTORY
        mov cr3, eax
        mov eax, cr4
        or eax, 0x2010             ; PSE, VMXE
        mov cr4, eax
        mov eax, cr0
        or eax, 0x80000020         ; PG, NE
        mov cr0, eax

; VMX operation: the revision goes into the first word of both regions.
        mov eax, 1
        cpuid
        test ecx, 1 << 5
        jz failed
        mov ecx, 0x480             ; IA32_VMX_BASIC
        rdmsr
        mov [VMXON_REGION], eax
        mov [VMCS_REGION], eax
        vmxon qword [vmxon_pointer]
        jbe failed                 ; CF or ZF
        vmclear qword [vmcs_pointer]
        jbe failed
        vmptrld qword [vmcs_pointer]
        jbe failed

; #region controls
; What exits: HLT and every access to a port. CPUID always does.
        control 0x4000, 0, 0x481           ; pin-based
        control 0x4002, 0x01000080, 0x482  ; HLT exiting, unconditional I/O exiting
        control 0x400c, 0, 0x483           ; VM exit
        control 0x4012, 0, 0x484           ; VM entry
        field 0x2800, -1                   ; no linked VMCS
        field 0x2801, -1
; #endregion

; #region host
; Host state: where the processor goes on after an exit.
        mov eax, cr0
        field 0x6c00, eax
        field 0x6800, eax                  ; the guest has the same control registers
        mov eax, cr3
        field 0x6c02, eax
        field 0x6802, eax
        mov eax, cr4
        field 0x6c04, eax
        field 0x6804, eax
        field 0x0c02, 0x08                 ; CS
        field 0x0c00, 0x10                 ; ES, SS, DS
        field 0x0c04, 0x10
        field 0x0c06, 0x10
        field 0x0c0c, 0x18                 ; TR
        field 0x6c0a, tss
        field 0x6c0c, gdt
        field 0x6c14, HOST_STACK
        field 0x6c16, on_exit
; #endregion

; #region entry
; Guest state: flat segments at level 0, as the host's. Access rights as in section 24.4.1.
        mov ebx, 0                         ; ES, CS, SS, DS, FS, GS, LDTR, TR: fields two apart
segments:
        lea edx, [0x0800 + ebx]            ; selector
        movzx eax, word [selectors + ebx]
        vmwrite edx, eax
        lea edx, [0x4800 + ebx]            ; limit
        mov eax, [limits + ebx * 2]
        vmwrite edx, eax
        lea edx, [0x4814 + ebx]            ; access rights
        mov eax, [rights + ebx * 2]
        vmwrite edx, eax
        add ebx, 2
        cmp ebx, 16
        jb segments
        field 0x6814, tss                  ; base of TR; all others are 0
        field 0x6816, gdt
        field 0x4810, gdt_end - gdt - 1
        field 0x681a, 0x400                ; DR7
        field 0x681c, GUEST_STACK
        field 0x681e, guest
        field 0x6820, 2                    ; RFLAGS
        vmlaunch                           ; goes on at `guest`; comes back here only if it cannot
; #endregion

failed: mov esi, failure
        call print
        mov al, 1
        out EXIT_PORT, al

; #region exits
; Every VM exit leads here. The guest's registers are still in place, but for ESP.
on_exit:
        pusha
        mov edx, 0x4402                    ; exit reason
        vmread eax, edx
        cmp eax, EXIT_CPUID
        je exit_cpuid
        cmp eax, EXIT_IO
        je exit_io
        cmp eax, EXIT_HLT
        jne failed
        mov esi, halted
        call print
        mov al, 0
        out EXIT_PORT, al                  ; the end
; #endregion

; #region cpuid
; The guest sees another maker. PUSHA left EAX at ESP + 28, ECX at 24, EDX at 20, EBX at 16.
exit_cpuid:
        mov dword [esp + 28], 0
        mov dword [esp + 16], 'Stra'
        mov dword [esp + 20], 'ta g'
        mov dword [esp + 24], 'uest'
        jmp skip
; #endregion

; Output to our port: its letters are printed as capitals. The qualification has the port in bits 31 to 16.
exit_io:
        mov edx, 0x6400                    ; exit qualification
        vmread eax, edx
        shr eax, 16
        cmp eax, GUEST_PORT
        jne skip
        mov al, [esp + 28]
        cmp al, 'a'
        jb plain
        sub al, 0x20
plain:  mov dx, COM1
        out dx, al

; #region skip
; Go on behind the instruction that exited.
skip:   mov edx, 0x681e                    ; guest RIP
        vmread eax, edx
        mov ecx, 0x440c                    ; length of the instruction
        vmread ebx, ecx
        add eax, ebx
        vmwrite edx, eax
        popa
        vmresume
        jmp failed
; #endregion

print:  lodsb
        test al, al
        jz printed
        mov dx, COM1
        out dx, al
        jmp print
printed:
        ret

; ------------------------------------------------------------------ the guest
; #region guest
guest:  xor eax, eax
        cpuid
        mov [maker], ebx
        mov [maker + 4], edx
        mov [maker + 8], ecx
        mov esi, maker
letter: lodsb
        test al, al
        jz done
        out GUEST_PORT, al
        jmp letter
done:   hlt
        jmp done
; #endregion

maker:     db '............', 10, 0
halted:    db 'guest halted', 10, 0
failure:   db 'VT-x failed', 10, 0

           align 8
vmxon_pointer: dq VMXON_REGION
vmcs_pointer:  dq VMCS_REGION
gdt:       dq 0
           dq 0x00cf9b000000ffff           ; 08: code
           dq 0x00cf93000000ffff           ; 10: data
           dw 0x67, tss_low, 0x8910, 0     ; 18: task state segment
gdt_end:
gdtr:      dw gdt_end - gdt - 1
           dd gdt
selectors: dw 0x10, 0x08, 0x10, 0x10, 0x10, 0x10, 0, 0x18
limits:    dd -1, -1, -1, -1, -1, -1, 0, 0x67
rights:    dd 0xc093, 0xc09b, 0xc093, 0xc093, 0xc093, 0xc093, 0x10000, 0x8b
           align 16
tss:       times 104 db 0
tss_low    equ (tss - start) & 0xffff      ; it lies within 64 K from 1 M
