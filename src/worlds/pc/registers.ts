/** The PC's registers as text, for reports: the names of SDM vol. 1, chapter 3. */
import { hex } from '../../base/bits.ts';
import type { Cpu } from '../../machines/pc/cpu.ts';
import { getFlags } from '../../machines/pc/flags.ts';
import {
  CS,
  DS,
  EAX,
  EBP,
  EBX,
  ECX,
  EDI,
  EDX,
  ES,
  ESI,
  ESP,
  FS,
  GS,
  SS,
} from '../../machines/pc/registers.ts';

const GENERAL = { eax: EAX, ebx: EBX, ecx: ECX, edx: EDX, esi: ESI, edi: EDI, ebp: EBP, esp: ESP };
const SEGMENTS = { cs: CS, ds: DS, es: ES, fs: FS, gs: GS, ss: SS };

/** Each register by its lower-case name in hexadecimal digits. */
export function registersOf(cpu: Cpu): Readonly<Record<string, string>> {
  const named = (names: Readonly<Record<string, number>>, text: (r: number) => string): [string, string][] =>
    Object.entries(names).map(([name, r]) => [name, text(r)]);
  return Object.fromEntries([
    ...named(GENERAL, (r) => hex(cpu.words[r]!)),
    ['eip', hex(cpu.eip)],
    ['eflags', hex(getFlags(cpu))],
    ...named(SEGMENTS, (s) => hex(cpu.selectors[s]!, 4)),
    ...named({ cr0: cpu.cr0, cr2: cpu.cr2, cr3: cpu.cr3, cr4: cpu.cr4 }, (value) => hex(value)),
  ]);
}
