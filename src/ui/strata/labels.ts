/** The words on the diagram's bars. */
import type { EventView } from '../../protocol/frame.ts';
import type { Words } from '../i18n/index.ts';
import type { Label } from './layout.ts';

/** Reasons that an instruction of the guest gives. */
const BY_INSTRUCTION = ['trap', 'emulation', 'assist'];

/** The reason, and the instruction that led to it where an event names one. */
export function labelOf(events: readonly EventView[], words: Words): (label: Label) => string {
  return ({ segment: { from, cycles, reason } }) => {
    const name = words.reasons[reason] ?? reason;
    if (!BY_INSTRUCTION.includes(reason)) return name;
    const mnemonic = events.find(
      ({ clock, detail }) => clock >= from && clock < from + cycles && (detail['mnemonic'] ?? '') !== '',
    )?.detail['mnemonic'];
    return mnemonic === undefined ? name : `${name} · ${mnemonic}`;
  };
}
