/** How the guest may run as it is now. Bugnion et al., ACM TOCS 30(4), 2012, section 5; what is left is interpreted. */
import type { Cpu } from '../../machines/pc/cpu.ts';
import { FLAG_IF, FLAG_IOPL, FLAG_NT, FLAG_TF } from '../../machines/pc/eflags.ts';
import { CS, EFLAGS, SS } from '../../machines/pc/registers.ts';
import { CODE, EXPAND_DOWN } from '../../machines/pc/segment-checks.ts';
import type { ShadowDescriptors } from './descriptors.ts';
import type { Mode } from './state.ts';

export function modeOf(guest: Cpu, descriptors: ShadowDescriptors): Mode {
  const flags = guest.words[EFLAGS]!;
  if (!guest.protectedMode || guest.virtual8086 || (flags & FLAG_TF) !== 0) return 'interpreted';
  const { instructions, data, ports } = guest.breakpoints;
  if ((instructions | data | ports) !== 0) return 'interpreted';
  if (guest.cpl === 0) return translatable(guest) ? 'translated' : 'interpreted';
  if (guest.cpl !== 3 || (flags & FLAG_IF) === 0 || (flags & (FLAG_IOPL | FLAG_NT)) !== 0)
    return 'interpreted';
  descriptors.compare();
  for (const segment of [0, 1, 2, 3, 4, 5] as const)
    if (!descriptors.reversible(segment)) return 'interpreted';
  return 'direct';
}

/** Code and stack of 32 bits; a stack that grows down cannot be cut below the monitor. */
function translatable(guest: Cpu): boolean {
  const stack = guest.access[SS]!;
  return (
    guest.code32 &&
    guest.access[CS] !== 0 &&
    guest.stackMask === -1 &&
    (stack & (CODE | EXPAND_DOWN)) !== EXPAND_DOWN
  );
}
