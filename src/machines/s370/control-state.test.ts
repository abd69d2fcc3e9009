// What loading a PSW or control registers leaves, in cases that whole programs met and single instructions do not.
import { expect, test } from 'vitest';
import { assembleS370 } from '../../assembler/s370/assemble.ts';
import { S370 } from './machine.ts';
import { unpackPsw } from './psw.ts';

/** Runs a source from its entry in supervisor state until it waits. */
function run(text: string): S370 {
  const { segments, entry, diagnostics } = assembleS370(text, { file: 'source' });
  expect(diagnostics).toEqual([]);
  const machine = new S370();
  for (const { address, bytes } of segments) machine.cpu.storage.write(address, bytes);
  machine.loadPsw(unpackPsw(0, entry));
  expect(machine.run(1_000_000)).toEqual({ kind: 'wait' });
  return machine;
}

test('an invalid PSW is stored as the old PSW with its unassigned bits', () => {
  const { cpu } = run(`A        START 0
         ORG   A+X'68'
         DC    X'0002000000000BAD'
         ORG   A+X'200'
GO       BALR  12,0
         USING *,12
         LPSW  BAD
         DS    0D
BAD      DC    X'0408414240123456'
         END   GO
`);
  expect(cpu.view.getBigUint64(0x28).toString(16)).toBe('408414240123456');
});

test('LCTL fetches its whole operand before the tables change', () => {
  // Space A has 2 K pages, space B 4 K: with B’s format and A’s tables the second word has no page.
  const { cpu } = run(`A        START 0
         ORG   A+X'68'
         DC    X'0002000000000BAD'
         ORG   A+X'200'
GO       BALR  12,0
         USING *,12
         LCTL  0,1,SPACEA
         LA    1,4095(0,1)
         LA    1,1(0,1)
         LPSW  ON
ALIKE    LCTL  0,1,X'E08'(1)
         LPSW  OFF
         DS    0D
ON       DC    X'0408000000',AL3(ALIKE)
OFF      DC    X'0002000000000200'
         ORG   A+X'E00'
SPACEA   DC    X'00400000',A(SEGA)
SPACEB   DC    X'00800000',A(SEGB)
         ORG   A+X'2000'
SEGA     DC    X'F0',AL3(PAGEA)
         DS    15F
SEGB     DC    X'F0',AL3(PAGEB)
         DS    15F
PAGEA    DC    X'0000000800100008'
         ORG   PAGEA+64
PAGEB    DC    X'0000001000200030'
         END   GO
`);
  expect(cpu.ia).toBe(0x200);
  expect(cpu.cr[0]).toBe(0x800000);
  expect(cpu.cr[1]).toBe(0x2040);
});
