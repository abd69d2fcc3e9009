/** Where Hercules and the manual differ: the outcome as the manual has it, with the reason. */
import type { Reason } from '../reasons.ts';
import { hex, type After, type Before } from '../vector.ts';

interface Correction {
  readonly after: After;
  readonly why: Reason;
}

const MONITOR_EVENT = '0040';
const EXTENDED_CONTROL = 0x08;

export function byTheManual(before: Before, after: After): Correction | null {
  if (after.ending !== 'program') return null;
  if (before.instruction.startsWith('44')) {
    const lengthCode = (2 << 6) | (parseInt(after.psw.slice(8, 10), 16) & 0x3f);
    const next = parseInt(before.psw.slice(10), 16) + 4;
    const psw = after.psw.slice(0, 8) + hex(lengthCode, 2) + hex(next, 6);
    return psw === after.psw ? null : { after: { ...after, psw }, why: 'execute-length' };
  }
  const basicControl = (parseInt(before.psw.slice(2, 4), 16) & EXTENDED_CONTROL) === 0;
  if (before.mnemonic === 'MC' && basicControl && after.psw.slice(4, 8) === MONITOR_EVENT) {
    const monitorClass = before.instruction.slice(2, 4);
    const base = parseInt(before.instruction.charAt(4), 16);
    const register = base === 0 ? 0 : parseInt(before.gr?.[String(base)] ?? '0', 16);
    const code = (register + parseInt(before.instruction.slice(5), 16)) & 0xffffff;
    const storage = { ...after.storage, '000094': `00${monitorClass}`, '00009c': hex(code, 8) };
    return { after: { ...after, storage }, why: 'monitor-fields' };
  }
  return null;
}
