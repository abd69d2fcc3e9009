/**
 * From one CCW to the next: the first one that the CAW leads to, chaining of data and of commands, and TIC.
 * What is wrong goes into the program's channel status; `next` then is what the CSW tells as the CCW address.
 * GA22-7000, "Input/Output Operations", "Chaining" and "Contents of the CSW".
 */
import { CAW } from '../assigned-storage.ts';
import type { Storage } from '../storage.ts';
import { directionOf, isInvalid, isTransferInChannel, PCI, unpackCaw, type Ccw } from './ccw.ts';
import { PROGRAM_CHECK } from './csw.ts';
import { areaOf, fetchCcw } from './data-path.ts';
import type { ChannelHost } from './host.ts';
import { programOf, type Program } from './unit.ts';

/** The program that CAW and first CCW make, or the check that they meet. */
export function firstProgram(host: ChannelHost): Program | number {
  const caw = unpackCaw(host.storage.view.getUint32(host.absolute(CAW)));
  if (!caw) return PROGRAM_CHECK;
  const ccw = fetchCcw(host.storage, caw.address, caw.key);
  if (typeof ccw === 'number') return ccw;
  if (isTransferInChannel(ccw) || isInvalid(ccw, false)) return PROGRAM_CHECK;
  return programOf(caw.key, (caw.address + 8) & 0xffffff, ccw, false);
}

/** The CCW at `next`, which is advanced, or the check that its fetch meets. */
function fetch(storage: Storage, program: Program): Ccw | number {
  const at = program.next;
  program.next = (at + 8) & 0xffffff;
  return fetchCcw(storage, at, program.key);
}

/** Follows a TIC; a bad target is told with the address of the TIC plus 8, which `next` still is. */
function transfer(storage: Storage, program: Program, ccw: Ccw): number {
  if ((ccw.address & 7) !== 0 || ccw.address >= storage.size) return PROGRAM_CHECK;
  program.next = ccw.address;
  return 0;
}

/** Puts a fetched CCW in control; on data chaining the command stays. */
function take(program: Program, ccw: Ccw): void {
  program.flags = ccw.flags;
  program.area = areaOf(ccw);
  if ((ccw.flags & PCI) !== 0 && !program.initialLoad) program.controlled = true;
}

/** Fetches the CCW that continues the operation, behind at most one TIC; false when there is none. */
export function chainData(storage: Storage, program: Program): boolean {
  let ccw = fetch(storage, program);
  if (typeof ccw !== 'number' && isTransferInChannel(ccw))
    ccw = transfer(storage, program, ccw) || fetch(storage, program);
  if (typeof ccw !== 'number' && (isTransferInChannel(ccw) || isInvalid(ccw, true))) ccw = PROGRAM_CHECK;
  if (typeof ccw === 'number') {
    program.check |= ccw;
    return false;
  }
  take(program, ccw);
  return true;
}

/** Fetches the CCW of the next command. A TIC is a step of its own, so that a loop of them takes time. */
export function chainCommand(storage: Storage, program: Program): 'ready' | 'transferred' | 'checked' {
  const ccw = fetch(storage, program);
  if (typeof ccw === 'number') {
    program.check |= ccw;
    return 'checked';
  }
  if (isTransferInChannel(ccw) && !program.transferred) {
    program.check |= transfer(storage, program, ccw);
    program.transferred = true;
    return program.check === 0 ? 'transferred' : 'checked';
  }
  program.transferred = false;
  if (isTransferInChannel(ccw) || isInvalid(ccw, false)) {
    program.check |= PROGRAM_CHECK;
    program.area.count = ccw.count;
    return 'checked';
  }
  program.command = ccw.command;
  program.direction = directionOf(ccw.command);
  take(program, ccw);
  return 'ready';
}
