/**
 * Program-event recording: the processor reports successful branches, instruction fetches, storage alterations and
 * general-register alterations in the ranges that control registers 9 to 11 set. GA22-7000, "Program-Event Recording".
 * Instructions run one at a time here, so that the ordinary loop never looks.
 */
import { PER_EVENT } from './assigned-storage.ts';
import { FAULT, type Cpu } from './cpu.ts';
import { rowAt } from './instructions/dispatch.ts';
import type { Row } from './instructions/row.ts';
import { programInterruption } from './interruptions.ts';

const BRANCHING = 0x80;
const FETCHING = 0x40;
const STORING = 0x20;
const ALTERING = 0x10;

/** Whether `address` lies in the range of control registers 10 and 11, which may wrap. */
function inRange(cpu: Cpu, address: number): boolean {
  const from = cpu.cr[10]! & 0xffffff;
  const to = cpu.cr[11]! & 0xffffff;
  return from <= to ? address >= from && address <= to : address >= from || address <= to;
}

/** General registers that a row replaces in the instruction `word`, as the mask of control register 9. */
function replacedRegisters(row: Row | null, word: number): number {
  const r1 = (word >>> 20) & 15;
  const r2 = (word >>> 16) & 15;
  const bit = (r: number): number => 0x8000 >>> (r & 15);
  switch (row?.writes) {
    case undefined:
      return 0;
    case 'r1':
      return bit(r1);
    case 'r1-pair':
      return bit(r1) | bit(r1 + 1);
    case 'r1,r2-pairs':
      return bit(r1) | bit(r1 + 1) | bit(r2) | bit(r2 + 1);
    case 'r1..r3': {
      let mask = 0;
      for (let i = 0; i <= ((r2 - r1) & 15); i++) mask |= bit(r1 + i);
      return mask;
    }
    case 'gr1':
      return bit(1);
    case 'gr1,gr2':
      return bit(1) | bit(2);
    case 'gr2':
      return bit(2);
  }
}

/** Executes one instruction under PER and takes the interruption that it or its events cause. */
export function executeWithPer(cpu: Cpu): void {
  const wanted = cpu.cr[9]! >>> 24;
  const address = cpu.ia;
  const before = cpu.gr.slice();
  let stored = false;
  cpu.branched = false;
  cpu.perStoreWatch =
    (wanted & STORING) !== 0
      ? (at) => {
          stored ||= inRange(cpu, at);
        }
      : null;
  let fault = 0;
  const executed = cpu.instructions;
  cpu.executeOne();
  try {
    cpu.execute();
  } catch (thrown) {
    if (thrown !== FAULT) throw thrown;
    fault = cpu.faultCode;
  } finally {
    cpu.perStoreWatch = null;
  }
  let code = 0;
  if ((wanted & BRANCHING) !== 0 && cpu.branched) code |= BRANCHING;
  if ((wanted & FETCHING) !== 0 && inRange(cpu, address) && cpu.instructions > executed) code |= FETCHING;
  if (stored) code |= STORING;
  if ((wanted & ALTERING) !== 0 && (alteredRegisters(cpu, before) & cpu.cr[9]! & 0xffff) !== 0)
    code |= ALTERING;
  if (fault !== 0 || code !== 0)
    programInterruption(cpu, code === 0 ? fault : fault | PER_EVENT, code, address);
}

function alteredRegisters(cpu: Cpu, before: Int32Array): number {
  const word = cpu.executedWord();
  let mask = replacedRegisters(rowAt(word >>> 24, (word >>> 16) & 0xff), word);
  for (let r = 0; r < 16; r++) if (cpu.gr[r] !== before[r]) mask |= 0x8000 >>> r;
  return mask;
}
