/**
 * Expanded VM assist (ECPS:VM) for time and channels: SPT, STPT, SCKC, TCH and the virtual interval timer. SY20-0886,
 * "Extended Control-Program Support". What could make the virtual machine's next interruption come sooner than the
 * control program has armed the real CPU timer for is left to the control program.
 */
import { INTERVAL_TIMER } from '../assigned-storage.ts';
import { BLOCK_SHIFT } from '../storage.ts';
import {
  MICCHAN,
  MICPEND,
  MICSWAP,
  MICTICK,
  MICTPND,
  MICVCKC,
  MICVTMR,
  SWAP_CHANGED,
  type AssistBlock,
} from './block.ts';

const COMPARATOR_MASK = 0x800;
const CPU_TIMER_MASK = 0x400;
const INTERVAL_STEP = 0x100;
const CHANNELS = 16;

/** The doubleword that the instruction names as a signed number, or null where it is no doubleword. */
function operand({ cpu }: AssistBlock, word: number): bigint | null {
  const at = cpu.based(word & 0xffff);
  if ((at & 7) !== 0) return null;
  return (BigInt(cpu.fetch4(at)) << 32n) | BigInt(cpu.fetch4(at + 4) >>> 0);
}
const masks = (block: AssistBlock, mask: number): boolean => (block.virtualControl(0) & mask) !== 0;

export function setCpuTimer(block: AssistBlock, word: number): boolean {
  const value = operand(block, word);
  const real = block.cpu.clocks.cpuTimer;
  if (value === null || (masks(block, CPU_TIMER_MASK) && value < real)) return false;
  block.setDoubleword(MICVTMR, value - real);
  return true;
}
export function storeCpuTimer(block: AssistBlock, word: number): boolean {
  const { cpu } = block;
  const at = cpu.based(word & 0xffff);
  if ((at & 7) !== 0) return false;
  const value = BigInt.asIntN(64, cpu.clocks.cpuTimer + block.doubleword(MICVTMR));
  cpu.checkStore(at, 8);
  cpu.store4(at, Number(BigInt.asIntN(32, value >> 32n)));
  cpu.store4(at + 4, Number(BigInt.asIntN(32, value)));
  return true;
}
export function setClockComparator(block: AssistBlock, word: number): boolean {
  const signed = operand(block, word);
  if (signed === null) return false;
  const { clocks } = block.cpu;
  const left = BigInt.asUintN(64, signed) - clocks.tod;
  if (masks(block, COMPARATOR_MASK) && left < clocks.cpuTimer) return false;
  block.setDoubleword(MICVCKC, signed);
  return true;
}

export function testChannel(block: AssistBlock, word: number): boolean {
  const { cpu } = block;
  const channel = (cpu.based(word & 0xffff) >> 8) & 0xff;
  if (channel >= CHANNELS) return false;
  cpu.cc = (block.word(MICCHAN) >>> (30 - 2 * channel)) & 3;
  return true;
}

/**
 * Virtual interval timer: the machine's own has made `ticks` steps since power-on. When the virtual one runs out the
 * real CPU timer is made to do so too, which brings in the control program.
 */
export function tickVirtualTimer(block: AssistBlock, ticks: number): void {
  const { cpu } = block;
  const steps = (ticks - block.word(MICTICK)) | 0;
  const page = steps > 0 ? block.guestReal(0) : -1;
  if (page < 0) return;
  block.setWord(MICTICK, ticks);
  // As on the machine itself, an update of the timer leaves reference and change bits as they are.
  const at = cpu.absolute(page + INTERVAL_TIMER);
  const before = cpu.view.getInt32(at);
  const after = before - steps * INTERVAL_STEP;
  cpu.view.setInt32(at, after);
  cpu.storage.dirty[at >>> BLOCK_SHIFT] = 1;
  const saved = cpu.absolute(block.word(MICSWAP));
  cpu.storage.write(saved, [cpu.bytes[saved]! | SWAP_CHANGED]);
  if (before < 0 || after >= 0) return;
  block.setWord(MICTPND, 1);
  block.setWord(MICPEND, 1);
  cpu.clocks.cpuTimer = -1n;
}
