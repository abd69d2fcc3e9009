// A domain that speaks the rings itself, and lies: domain 0 answers with errors, counts them, and goes on for the others.
import { beforeAll, expect, test } from 'vitest';
import { assembleIa32 } from '../../src/assembler/ia32/assemble.ts';
import type { HypervisorView } from '../../src/protocol/frame.ts';
import { readyPc } from '../../src/worlds/pc/build.ts';
import { runUntil, serialOf } from '../+shared/pc/testing.ts';
import { commandLine, WORKLOADS } from '../+shared/pc/workloads.ts';
import { diskFor, domainsOn } from '../+shared/pc/xen-domains.ts';
import { XEN_GUEST_ORIGIN, xenElf } from '../+shared/pc/xen-elf.ts';
import NET_INC from './guests/net.inc?raw';
import XEN_INC from './guests/xen.inc?raw';

/** Sectors of either domain's disk. */
const SECTORS = 8192;
/** What the liar would write over others' disks. */
const PATTERN = 0xa55a1e57;

/** Operation, segments, sector (two words), reference, first and last sector of the page. 21: a page; 22: to be read only. */
const LIES = [
  [7, 1, 0, 0, 21, 0, 7],
  [1, 12, 0, 0, 21, 0, 7],
  [0, 1, 0, 0, 21, 5, 2],
  [0, 1, 0, 0, 21, 0, 8],
  [1, 1, SECTORS, 0, 21, 0, 7],
  [1, 1, SECTORS - 2, 0, 21, 0, 7],
  [1, 1, 0, 1, 21, 0, 7],
  [1, 1, 0xffffffff, 0, 21, 0, 0],
  [1, 1, -4096, -1, 21, 0, 7],
  [0, 1, 0, 0, 400, 0, 7],
  [0, 1, 0, 0, 60000, 0, 7],
  [0, 1, 0, 0, 22, 0, 7],
] as const;
const HONEST = [0, 1, 0, 0, 21, 0, 7] as const;
/** Reference, offset and length of frames that cannot be. */
const FRAMES = [
  [400, 0, 60],
  [10, 4090, 60],
  [10, 0, 5000],
  [60000, 0, 60],
] as const;

const words = (rows: readonly (readonly number[])[]): string =>
  rows.map((row) => `dd ${row.map((n) => n >>> 0).join(', ')}`).join('\n');

const LIAR = `
%include "xen.inc"
%include "net.inc"
RING equ FRAMES_IN + 8*PAGE
DATA equ RING + PAGE

main:   call join
        mov edi, 20             ; the ring, a page, and the same page for reading only
        mov eax, RING
        call lend
        mov eax, DATA
        call lend
        mov eax, DATA
        call lend
        mov dword [GRANTS + 8*22], 5
        mov edi, DATA
        mov ecx, 1024
        mov eax, ${PATTERN}
        rep stosd
        ask EVENT_CHANNEL_OP, 6, block_channel
        mov eax, [block_channel + 4]
        add al, '0'
        mov [block_digit], al
        mov esi, ring
        mov ecx, block_event - ring
        call tell
        mov esi, block_event
        mov ecx, block_state - block_event
        call tell
        mov esi, block_state
        mov ecx, block_state_end - block_state
        call tell
.wait:  mov al, '4'
        call is_disk
        jne .wait

        mov ebp, lies
.lie:   call ask_disk
        mov esi, lied
        call say
        add ebp, 28
        cmp ebp, lies_end
        jb .lie
        mov dword [GRANTS + 8*20], 0    ; take the ring away: it is lent until it is given back
        mov ebp, honest
        call ask_disk
        mov esi, revoked
        call say

        mov ebp, lies                   ; flood: as fast as answers come
        mov edi, 500
.flood: push edi
        call ask_disk
        pop edi
        dec edi
        jnz .flood
        add dword [RING], 1000          ; far ahead of what the ring holds
        ask EVENT_CHANNEL_OP, 4, block_channel + 4
.shut:  mov al, '6'
        call is_disk
        jne .shut

        mov ebp, frames
.frame: mov ebx, [SENDS]
        mov eax, ebx
        and eax, 255
        lea eax, [eax + 2*eax]
        lea edi, [SENDS + SLOTS + 4*eax]
        mov eax, [ebp]
        mov [edi], eax
        mov eax, [ebp + 4]
        mov [edi + 4], eax              ; flags: none
        mov eax, [ebp + 8]
        mov [edi + 10], ax
        inc ebx
        mov [SENDS], ebx
        ask EVENT_CHANNEL_OP, 4, channel + 4
.taken: ask SCHED_OP, 0
        cmp [SENDS + 8], ebx
        jne .taken
        movsx eax, word [edi + 2]
        mov esi, framed
        call say
        add ebp, 12
        cmp ebp, frames_end
        jb .frame
        add dword [SENDS], 1000
        ask EVENT_CHANNEL_OP, 4, channel + 4
        mov esi, done
        jmp finish

; lend: the page at EAX, by the reference EDI, which counts on.
lend:   call frame_of
        mov [GRANTS + 8*edi + 4], eax
        mov dword [GRANTS + 8*edi], 1
        inc edi
        ret

; is_disk: whether the state of the disk's other half is AL.
is_disk: push eax
        ask SCHED_OP, 0
        mov eax, 2
        mov esi, disk_state
        mov ecx, disk_state_end - disk_state
        call request
        pop eax
        cmp [answer + 16], al
        ret

; ask_disk: the request at EBP; its status in EAX.
ask_disk:
        mov ebx, [RING]
        mov edi, ebx
        and edi, 31
        imul edi, edi, 108
        add edi, RING + SLOTS
        mov eax, [ebp]
        mov [edi], al
        mov eax, [ebp + 4]
        mov [edi + 1], al
        mov [edi + 4], ebx
        mov eax, [ebp + 8]
        mov [edi + 12], eax
        mov eax, [ebp + 12]
        mov [edi + 16], eax
        mov eax, [ebp + 16]
        mov [edi + 20], eax
        mov eax, [ebp + 20]
        mov [edi + 24], al
        mov eax, [ebp + 24]
        mov [edi + 25], al
        inc ebx
        mov [RING], ebx
        ask EVENT_CHANNEL_OP, 4, block_channel + 4
.wait:  cmp [RING + 8], ebx
        je .come
        ask SCHED_OP, 0
        jmp .wait
.come:  movsx eax, word [edi + 10]
        ret

block_channel: dw SELF, 0
        dd 0
ring:   db 'device/vbd/51712/ring-ref', 0, '20'
block_event: db 'device/vbd/51712/event-channel', 0
block_digit: db '0'
block_state: db 'device/vbd/51712/state', 0, '4'
block_state_end:
disk_state: db '/local/domain/0/backend/vbd/2/51712/state', 0
disk_state_end:
lied:   db 'lie: ', 0
revoked: db 'revoked: ', 0
framed: db 'frame: ', 0
done:   db 'liar: done', 10, 0
lies:
${words(LIES)}
lies_end:
honest:
${words([HONEST])}
frames:
${words(FRAMES.map(([reference, offset, length]) => [reference, offset, length]))}
frames_end:
`;

const IO = WORKLOADS.find(({ name }) => name === 'io')!;
let serial = '';
let books: HypervisorView;
let disk: Uint8Array;

const linesOf = (domain: number): readonly string[] =>
  serial
    .split('\n')
    .filter((line) => line.startsWith(`(d${domain}) `))
    .map((line) => line.slice(5));

beforeAll(() => {
  const assembly = assembleIa32(LIAR, {
    file: 'liar',
    origin: XEN_GUEST_ORIGIN,
    include: (name) => (name === 'net.inc' ? NET_INC : XEN_INC),
  });
  if (!assembly.ok) throw new Error(JSON.stringify(assembly.diagnostics));
  const [dom0, web] = domainsOn(commandLine('xm', ['wait']), [
    { name: 'web', append: commandLine('io', IO.arguments) },
  ]);
  const liar = { name: 'liar', kernel: xenElf(assembly), append: '', ramdisk: null };
  const built = readyPc({
    memory: 32 << 20,
    under: 'xen',
    disks: [diskFor(2)],
    program: {
      kind: 'domains',
      domains: [dom0!, web!, { ...liar, memory: 2 << 20, disk: 'hda3', address: '10.0.2.17' }],
    },
  });
  if (typeof built === 'string') throw new Error(built);
  const { machine, monitor } = built;
  runUntil(machine, null, 0, monitor);
  serial = serialOf(machine);
  books = monitor!.hypervisor!();
  disk = machine.chipset.disks[0]!.contents()!;
});

const answersTo = (what: string): readonly string[] =>
  linesOf(2)
    .filter((line) => line.startsWith(`${what}: `))
    .map((line) => line.slice(what.length + 2));

test('every lie has an error for its answer, and the honest request its data though its ring was revoked', () => {
  expect(answersTo('lie')).toEqual(LIES.map(() => '-1'));
  expect(answersTo('revoked')).toEqual(['0']);
  expect(answersTo('frame')).toEqual(FRAMES.map(() => '-1'));
  expect(linesOf(2)).toContain('liar: done');
});

test('what was refused is counted by its reason, and said once of each', () => {
  expect(books.disks).toMatchObject([
    { domain: 1, counts: {} },
    // Four lies in form, five hundred again, and the ring's count; then what is beyond the disk, and what is not lent.
    { domain: 2, disk: 'hda3', counts: { malformed: 4 + 500 + 1, extent: 5, grant: 3 } },
  ]);
  expect(books.interfaces.at(-1)).toMatchObject({
    domain: 2,
    counts: { sent: 0, malformed: FRAMES.length + 1 },
  });
  const said = linesOf(0).filter((line) => line.startsWith('blkback: domain 2'));
  expect(said.map((line) => line.slice('blkback: domain 2'.length))).toEqual([
    ...['malformed', 'extent', 'grant'].map((why) => `: a request is refused: ${why}`),
    ' counts more requests than its ring holds',
  ]);
});

test('the others do not notice: domain 0 ends well, its neighbour has its result, and no disk has the pattern', () => {
  expect(serial).toMatch(new RegExp(IO.expect.source.replace('^', '^\\(d1\\) '), 'm'));
  expect(books.domains.map(({ state }) => state)).toEqual(['shutdown', 'shutdown', 'shutdown']);
  const all = new DataView(disk.buffer, disk.byteOffset, disk.byteLength);
  const found = Array.from({ length: disk.length / 512 }, (_, k) => 512 * k).filter(
    (at) => all.getUint32(at, true) === PATTERN,
  );
  expect(found).toEqual([]);
});
