/** For tests: a System/370 that runs an assembled program. */
import { assembleS370 } from '../../assembler/s370/assemble.ts';
import { findSymbol, type Assembly } from '../../assembler/core/assembly.ts';
import { S370, type S370Options } from './machine.ts';
import { unpackPsw } from './psw.ts';

export interface Rig {
  readonly machine: S370;
  /** Value of a symbol of the program. */
  at(symbol: string): number;
  /** The word at a symbol, unsigned. */
  word(symbol: string): number;
}

/** The program in storage, with the PSW at location 0 in force. */
export function assembled(source: string, options: S370Options = {}): Rig {
  const assembly: Assembly = assembleS370(source);
  if (!assembly.ok) throw new Error(JSON.stringify(assembly.diagnostics));
  const machine = new S370({ storage: 0x10000, ...options });
  for (const { address, bytes } of assembly.segments) machine.cpu.storage.write(address, bytes);
  machine.loadPsw(unpackPsw(machine.cpu.view.getUint32(0), machine.cpu.view.getUint32(4)));
  const at = (symbol: string): number => findSymbol(assembly, symbol)!.value;
  return { machine, at, word: (symbol) => machine.cpu.view.getUint32(at(symbol)) };
}

/** A stand-alone program: `body` runs from MAIN in supervisor state; good ends at 0, what is not expected at X'BAD'. */
export const standAlone = (body: string, newPsws = ''): string => `
T        START 0
         USING T,0
         DC    A(0),A(MAIN)
         ORG   T+X'58'
         DC    X'00020000',A(X'BAD')
         DC    X'00020000',A(X'BAD')
         DC    X'00020000',A(X'BAD')
         DC    X'00020000',A(X'BAD')
         DC    X'00020000',A(X'BAD')
${newPsws}
         ORG   T+X'200'
MAIN     DS    0H
${body}
GOOD     DC    0D'0',X'00020000',A(0)
         LTORG
         END   MAIN
`;
