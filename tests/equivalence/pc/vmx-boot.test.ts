// Firmware and boot sectors in real mode, on every processor that has VT-x: the first ones cannot execute it as a guest.
import { expect, test } from 'vitest';
import { assembleIa32 } from '../../../src/assembler/ia32/assemble.ts';
import { MODELS } from '../../../src/machines/pc/models.ts';
import { WESTMERE } from '../../../src/machines/pc/models/westmere.ts';
import type { Model } from '../../../src/machines/pc/models/classes.ts';
import type { Stop } from '../../../src/machines/contract.ts';
import { readyPc, type ReadyPc } from '../../../src/worlds/pc/build.ts';
import type { PcMonitorName } from '../../../src/worlds/pc/monitors/table.ts';
import { BOOT_SECTOR } from './boot-sector.ts';

const LIMIT = 4e9;

function ready(source: string, model: Model, under?: PcMonitorName): ReadyPc {
  const assembly = assembleIa32(source, { file: 'sector' });
  if (!assembly.ok) throw new Error(assembly.diagnostics[0]?.message);
  const disk = new Uint8Array(2880 * 512);
  disk.set(assembly.segments[0]!.bytes);
  disk.set([0x55, 0xaa], 510);
  disk[512] = 'A'.charCodeAt(0);
  const built = readyPc({
    ...{ memory: 4 << 20, model, disks: [disk], program: { kind: 'media' } },
    ...(under && { under }),
  });
  if (typeof built === 'string') throw new Error(built);
  return built;
}

function runToEnd({ machine, monitor }: ReadyPc, slice = 1e6): Stop {
  let stop = machine.run(slice);
  while (stop.kind === 'budget' && machine.clock < LIMIT) {
    stop = machine.run(slice);
    stop = monitor?.end(stop) ?? stop;
  }
  return stop;
}

function boot(source: string, model: Model, under?: PcMonitorName) {
  const { machine, monitor } = ready(source, model, under);
  const stop = runToEnd({ machine, monitor });
  expect(machine.ledger.total).toBe(machine.clock);
  const { com1, vga } = machine.chipset;
  return { ended: { stop, serial: com1.text, screen: vga.screen().lines }, report: monitor?.report() };
}

/** What a real-mode program does beyond an 8086's: segments of 4 G, line A20, halts, single steps. */
const REAL_MODE = `
        org 0x7c00
        bits 16
        xor ax, ax
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov sp, 0x7000
; ES gets a limit of 4 G in protected mode and keeps it.
        cli
        lgdt [gdt_pointer]
        mov eax, cr0
        or al, 1
        mov cr0, eax
        mov bx, 0x10
        mov es, bx
        and al, 0xfe
        mov cr0, eax
        mov edi, 0x300000
        mov dword [es:edi], 'big '
        mov esi, [es:edi]
        mov [text], esi
; FFFF:8010 is 8000h without A20.
        mov dword [0x8000], 'low '
        in al, 0x92
        or al, 2
        out 0x92, al
        mov edi, 0x108000
        mov dword [es:edi], 'high'
        mov ax, 0xffff
        mov fs, ax
        in al, 0x92
        and al, 0xfd
        out 0x92, al
        mov eax, [fs:0x8010]
        mov [text + 4], eax
        in al, 0x92
        or al, 2
        out 0x92, al
        mov eax, [fs:0x8010]
        mov [text + 8], eax
; A single step after each of two instructions.
        mov word [4], step
        mov word [6], 0
        pushf
        pop ax
        or ax, 0x100
        push ax
        popf
        nop
        and ax, 0xfeff
        push ax
        popf
; Two ticks of the clock.
        mov ebx, [0x46c]
        sti
        hlt
        hlt
        cli
        sub ebx, [0x46c]
        sub [text + 13], bl
        mov si, text
.print: lodsb
        test al, al
        jz .done
        mov dx, 0x3f8
        out dx, al
        jmp .print
.done:  out 0xf4, al
        hlt
step:   inc byte [text + 12]
        iret
text:   db '............00', 0
        align 8
gdt:    dq 0, 0x00cf9a000000ffff, 0x00cf92000000ffff
gdt_pointer: dw 23
        dd gdt
`;

const WITH_VMX = MODELS.filter(({ features }) => features.includes('vmx'));

test.each([
  ...WITH_VMX.map((model) => [model.id, 'vmx-shadow', model] as const),
  ['westmere', 'vmx-nested-shadow', WESTMERE] as const,
])('a disk boots through the firmware on %s under %s as on the bare machine', (_id, under, model) => {
  const { ended, report } = boot(BOOT_SECTOR, model, under);
  expect(ended).toEqual(boot(BOOT_SECTOR, model).ended);
  expect(ended.screen[0]).toContain('from real mode');
  if (under === 'vmx-shadow') expect(report!['instructions interpreted']).toBeGreaterThan(1000);
});

// Under extended paging the line stays up, as KVM's.
test.each([
  ['vmx-shadow', 'big low high42'],
  ['vmx', 'big highhigh42'],
] as const)('real mode is that of the bare machine under %s', (under, printed) => {
  const bare = boot(REAL_MODE, WESTMERE).ended;
  expect(bare.serial).toBe('big low high42');
  expect(boot(REAL_MODE, WESTMERE, under).ended).toEqual({ ...bare, serial: printed });
});

test('real mode under shadow page tables goes on from a saved state, and in slices, to the same cycle', () => {
  const [whole, other] = [1, 2].map(() => ready(REAL_MODE, WESTMERE, 'vmx-shadow')) as [ReadyPc, ReadyPc];
  whole.machine.run(3e6);
  const state = structuredClone({ machine: whole.machine.save(), monitor: whole.monitor!.save() });
  other.machine.restore(state.machine);
  other.monitor!.restore(state.monitor);
  expect(runToEnd(other, 7e4)).toEqual(runToEnd(whole));
  expect(other.machine.clock).toBe(whole.machine.clock);
  expect(other.monitor!.report()).toEqual(whole.monitor!.report());
});
