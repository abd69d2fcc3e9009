; hello: what Xen tells a domain, and what it does for it. Must print: "hello: ok".

%include "xen.inc"

main:   ; ESI leads to the start_info page
        mov esi, interface
        call print
        mov esi, [start_info]   ; which begins with the name of the interface
        call print
        mov esi, line_end
        call print

        mov edi, [start_info]
        mov eax, [edi + PAGES]
        mov esi, pages
        call say

        mov eax, BASE           ; my first page, and which frame of the machine it is
        call frame_of
        mov esi, first
        call say
        mov ebx, [M2P + 4*eax]  ; the other way round: Xen's table, which every guest may read
        mov eax, ebx
        mov esi, back
        call say

        mov eax, cs             ; nobody hides the ring
        and eax, 3
        mov esi, ring
        call say

        ask XEN_VERSION         ; a hypercall that only asks
        shr eax, 16
        mov esi, version
        call say
        mov esi, done
        jmp finish

interface: db 'Interface: ', 0
pages:  db 'Frames that are mine: ', 0
first:  db 'The machine', 39, 's number of my page 0: ', 0
back:   db 'and by Xen', 39, 's table its owner calls it ', 0
ring:   db 'My kernel runs in ring ', 0
version: db 'under Xen ', 0
done:   db 'hello: ok', 10, 0
