// Under the naive monitor a guest's own tables and control registers are obeyed as on the bare machine.
import { expect, test } from 'vitest';
import { serialOf } from '../../../labs/+shared/pc/testing.ts';
import { assembleIa32 } from '../../../src/assembler/ia32/assemble.ts';
import { readyPc } from '../../../src/worlds/pc/build.ts';
import type { PcConfiguration } from '../../../src/worlds/pc/configuration.ts';

const ENTRY = 0x100000;

/** Does `body` with gates for `handled`; their handlers print vector, error code and how far it was. ORG has 16 zeros. */
const guest = (body: string, handled: readonly number[]): string => `
org ${ENTRY}
        mov esp, 0x90000
        lidt [idt_pointer]
start:
        ${body}
        mov ebx, 'none'
        jmp tell
${handled
  .map(
    (vector) => `
handler${vector}:
        mov ebx, ${vector}
        pop ecx
        pop edx
        sub edx, start
        jmp tell`,
  )
  .join('')}
tell:   push edx
        mov eax, ebx
        call put
        mov eax, ecx
        call put
        pop eax
        call put
        mov al, 0
        out 0xf4, al
put:    mov edi, 4
.digit: mov dx, 0x3f8
        rol ax, 4
        push eax
        and al, 15
        add al, '0'
        cmp al, '9'
        jbe .plain
        add al, 7
.plain: out dx, al
        pop eax
        dec edi
        jnz .digit
        mov al, ' '
        out dx, al
        ret
idt_pointer: dw idt_end-idt-1
        dd idt
align 8
idt:
${Array.from({ length: 0x31 }, (_, vector) =>
  handled.includes(vector)
    ? `        dw handler${vector} - $$, 0x10, 0x8e00, ${ENTRY >>> 16}`
    : vector === 0x30
      ? '        dq 0x00000e0000100000'
      : vector === 0x2f
        ? '        dq 0x00008e0000080000'
        : '        dq 0',
).join('\n')}
idt_end:
`;

function outcome(source: string, under?: 'naive'): readonly [string, string] {
  const { bytes, diagnostics } = assembleIa32(source);
  expect(diagnostics).toEqual([]);
  const configuration: PcConfiguration = {
    memory: 8 << 20,
    program: { kind: 'flat', images: [{ at: ENTRY, bytes }], entry: ENTRY },
    ...(under && { under }),
  };
  const ready = readyPc(configuration);
  if (typeof ready === 'string') throw new Error(ready);
  const stop = ready.machine.run(1e6);
  const end = ready.monitor?.end(stop) ?? stop;
  return ['reason' in end ? end.reason : end.kind, serialOf(ready.machine).trim()];
}

test.each([
  ['INT to a gate that is not present', 'nop\nint 0x30', [11, 13], '000B 0182 0001'],
  ['INT to what is no code segment', 'nop\nint 0x2f', [11, 13], '000D 0008 0001'],
  ['INT beyond the table', 'nop\nint 0x70', [11, 13], '000D 0382 0001'],
  ['INT3 whose gate is empty', 'nop\nint3', [13], '000D 001A 0001'],
  ['a fault on the way to a fault', 'xor ecx, ecx\ndiv ecx', [8, 13], '0008 0000 0002'],
  ['paging without protection', 'mov eax, 0x80000000\nmov cr0, eax', [13], '000D 0000 0005'],
  ['virtual-8086 extensions that CPUID does not promise', 'mov eax, 1\nmov cr4, eax', [13], '000D 0000 0005'],
  ['protected virtual interrupts likewise', 'mov eax, 2\nmov cr4, eax', [13], '000D 0000 0005'],
] as const)('%s: the guest gets the exception of the bare machine', (_, body, handled, printed) => {
  const source = guest(body, handled);
  expect(outcome(source)).toEqual(['exit', printed]);
  expect(outcome(source, 'naive')).toEqual(['exit', printed]);
});

test('a fault while a double fault is delivered is the end, as on the bare machine', () => {
  const source = guest('xor ecx, ecx\ndiv ecx', []);
  const reason = 'triple fault: vector 13 while a double fault was delivered';
  expect(outcome(source)).toEqual([reason, '']);
  expect(outcome(source, 'naive')).toEqual([reason, '']);
});

test.each([
  ['turns protection off', 'mov eax, cr0\nand al, 0xfe\nmov cr0, eax', /^the guest turns protection off/],
  ['turns PAE on', 'mov eax, cr4\nor al, 0x20\nmov cr4, eax', /^the guest turns PAE on/],
])('a guest that %s ends with what ring compression lacks', (_, body, reason) => {
  expect(outcome(guest(body, [13]), 'naive')).toEqual([expect.stringMatching(reason), '']);
});
