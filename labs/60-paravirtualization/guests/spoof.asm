; spoof: sends frames in the name of its neighbour, and one in its own. Must print: "spoof: ok".
; I am domain 2: station 00:16:3e:00:00:02, address 10.0.2.17. My neighbour has 01 and 16 there.

%include "xen.inc"
%include "net.inc"

; "Who has 10.0.2.2?" from a station, which says that it is STATION with the address 10.0.2.ADDRESS.
%macro who_has 3
        db 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0x16, 0x3e, 0, 0, %1, 8, 6
        db 0, 1, 8, 0, 6, 4, 0, 1
        db 0, 0x16, 0x3e, 0, 0, %2, 10, 0, 2, %3
        db 0, 0, 0, 0, 0, 0, 10, 0, 2, 2
%endmacro

main:
        call join
        mov esi, joined
        call print

        mov ebx, frames
next:   mov esi, [ebx]          ; what it is
        call print
        mov esi, [ebx + 4]
        mov ecx, [ebx + 8]
        push ebx
        call send
        pop ebx
        add ebx, 12
        cmp ebx, frames_end
        jb next

        mov eax, 1              ; the answer to the last one; those before it would have had theirs
        call await
        mov eax, [PAGES_IN + 8]
        mov esi, answers
        call say
        mov esi, done
        cmp eax, 1
        je finish
        mov esi, wrong
        jmp finish

; #region frames
frames: dd as_neighbour, neighbour, 42
        dd as_address, address, 42
        dd as_packet, packet, 42
        dd as_tagged, tagged, 46
        dd as_inside, inside, 42
        dd as_myself, myself, 42
frames_end:

neighbour: who_has 1, 1, 16     ; station and address are the neighbour's
address: who_has 2, 2, 16       ; the address alone: whoever believes it sends me the neighbour's mail
packet: db 0x52, 0x55, 10, 0, 2, 2, 0, 0x16, 0x3e, 0, 0, 2, 8, 0        ; IP, with the neighbour's address
        db 0x45, 0, 0, 28, 0, 1, 0, 0, 64, 17, 0x62, 0xbf, 10, 0, 2, 16, 10, 0, 2, 2
        db 0, 9, 0, 7, 0, 8, 0, 0                                       ; UDP to the echo service
tagged: db 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0x16, 0x3e, 0, 0, 2, 0x81, 0, 0, 1   ; hidden behind a VLAN's tag
        db 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, 0, 0x16, 0x3e, 0, 0, 1, 10, 0, 2, 16
        db 0, 0, 0, 0, 0, 0, 10, 0, 2, 2
inside: db 0, 0x16, 0x3e, 0, 0, 1, 0, 0x16, 0x3e, 0, 0, 2, 8, 0         ; past everybody, to the neighbour itself
        db 0x45, 0, 0, 28, 0, 1, 0, 0, 64, 17, 0x62, 0xb0, 10, 0, 2, 17, 10, 0, 2, 16
        db 0, 9, 0, 7, 0, 8, 0, 0
myself: who_has 2, 2, 17
; #endregion

joined: db 'Joined to the bridge', 10, 0
as_neighbour: db 'Sent from the station of my neighbour', 10, 0
as_address: db 'Sent from my station with his address', 10, 0
as_packet: db 'Sent a packet with his address', 10, 0
as_tagged: db 'Sent behind a tag', 10, 0
as_inside: db 'Sent to his station', 10, 0
as_myself: db 'Sent in my own name', 10, 0
answers: db 'Answers: ', 0
done:   db 'spoof: ok', 10, 0
wrong:  db 'spoof: WRONG', 10, 0
