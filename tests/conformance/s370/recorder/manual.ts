/** Where Hercules and the manual differ: the outcome as the manual has it, with the reason. */
import { KEYED_BLOCKS } from '../layout.ts';
import type { Reason } from '../reasons.ts';
import { hex, type After, type Before } from '../vector.ts';

interface Correction {
  readonly after: After;
  readonly why: Reason;
}

const MONITOR_EVENT = '0040';
const EXTENDED_CONTROL = 0x08;

const REFERENCE = 0x04;
const CHANGE = 0x02;

function resetReferenceBit(before: Before, after: After): Correction | null {
  if (after.ending !== 'completed') return null;
  const i = KEYED_BLOCKS.indexOf(based(before) & ~2047);
  const keys = Buffer.from(before.keys ?? '', 'hex');
  const key = keys[i] ?? 0;
  const recorded = Buffer.from(after.keys ?? '', 'hex');
  // The block of the instruction itself is referred to by fetching it.
  recorded.set(keys.subarray(0, 4));
  recorded[i] = key & ~REFERENCE;
  const cc = ((key & REFERENCE) !== 0 ? 2 : 0) | ((key & CHANGE) !== 0 ? 1 : 0);
  const byte = (parseInt(after.psw.slice(8, 10), 16) & 0xcf) | (cc << 4);
  const psw = after.psw.slice(0, 8) + hex(byte, 2) + after.psw.slice(10);
  const expected = { ...after, psw, keys: recorded.toString('hex') };
  return psw === after.psw && expected.keys === after.keys ? null : { after: expected, why: 'key-block' };
}

/** The address that the base and displacement in bytes 2 and 3 give. */
function based({ instruction, gr }: Before): number {
  const base = instruction.charAt(4);
  const register = base === '0' ? 0 : parseInt(gr?.[String(parseInt(base, 16))] ?? '0', 16);
  return (register + parseInt(instruction.slice(5, 8), 16)) & 0xffffff;
}

/** The length code of the EC mode, at 141 (decimal), of an instruction of one halfword. */
function eventLength(before: Before, after: After): Correction | null {
  const at = '00008d';
  const text = after.storage?.[at] ?? '';
  const oneHalfword = parseInt(before.instruction.slice(0, 2), 16) < 0x40;
  if (!oneHalfword || !text.startsWith('04')) return null;
  return {
    after: { ...after, storage: { ...after.storage, [at]: `02${text.slice(2)}` } },
    why: 'event-length',
  };
}

export function byTheManual(before: Before, after: After): Correction | null {
  if (before.mnemonic === 'RRB') return resetReferenceBit(before, after);
  if (after.ending !== 'program') return null;
  if (before.mnemonic === 'program-event recording') return eventLength(before, after);
  if (before.instruction.startsWith('44')) {
    const lengthCode = (2 << 6) | (parseInt(after.psw.slice(8, 10), 16) & 0x3f);
    const next = parseInt(before.psw.slice(10), 16) + 4;
    const psw = after.psw.slice(0, 8) + hex(lengthCode, 2) + hex(next, 6);
    return psw === after.psw ? null : { after: { ...after, psw }, why: 'execute-length' };
  }
  const basicControl = (parseInt(before.psw.slice(2, 4), 16) & EXTENDED_CONTROL) === 0;
  if (before.mnemonic === 'MC' && basicControl && after.psw.slice(4, 8) === MONITOR_EVENT) {
    const monitorClass = before.instruction.slice(2, 4);
    const storage = { ...after.storage, '000094': `00${monitorClass}`, '00009c': hex(based(before), 8) };
    return { after: { ...after, storage }, why: 'monitor-fields' };
  }
  return null;
}
