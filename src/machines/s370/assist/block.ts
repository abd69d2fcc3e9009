/**
 * What VM assist and the control program share: control register 6, and the block (MICBLOK) that it points at. The
 * control program fills the block when it dispatches a virtual machine, and reads back what the microcode has changed.
 * Control register 6 after GA22-7074, "Virtual-Machine Assist and Shadow-Table-Bypass Assist"; first words of the block
 * after GC20-1807. SIMPLIFIED: from MICPEND on the layout is this laboratory's own.
 */
import { account } from '../../../accounting/vocabulary.ts';
import type { Cpu } from '../cpu.ts';
import { packPsw, unpackPsw, type Psw } from '../psw.ts';
import { walkTables } from '../translation.ts';

/** Bits of control register 6. */
export const ASSIST_ON = 0x8000_0000;
export const VIRTUAL_PROBLEM_STATE = 0x4000_0000;
export const NO_KEY_ASSIST = 0x2000_0000;
export const SYSTEM_360_ONLY = 0x1000_0000;
export const NO_SVC_ASSIST = 0x0800_0000;
export const NO_SHADOW_ASSIST = 0x0400_0000;
export const EXPANDED_ASSIST = 0x0200_0000;
export const TIMER_ASSIST = 0x0100_0000;
const BLOCK_ADDRESS = 0x00ff_fff8;

/** Offsets in the block. */
export const MICRSEG = 0x00; // segment table of the virtual machine's storage, as control register 1 would hold it
export const MICCREG = 0x04; // address of the virtual control registers
export const MICVPSW = 0x08; // address of the virtual PSW
export const MICPEND = 0x0c; // a virtual interruption is pending: opening a mask is then for the control program
export const MICSWAP = 0x10; // address of the swap table: a byte of virtual key for each 2 K block
export const MICSHAD = 0x14; // address of the shadow segment table, or 0
export const MICTPND = 0x18; // the virtual interval timer has run out
export const MICTICK = 0x1c; // ticks of the machine's interval timer that the virtual one has seen
export const MICVTMR = 0x20; // virtual CPU timer less the real one, a doubleword
export const MICVCKC = 0x28; // virtual clock comparator, a doubleword
export const MICCHAN = 0x30; // condition code of TCH for channels 0 to 15, two bits each
export const MICBLOK_BYTES = 0x38;

/** Bit of a byte of the swap table beside the virtual key: the page has been changed since it was last written out. */
export const SWAP_CHANGED = 0x01;

/** Format of the segment table that MICRSEG names: 64 K segments, 4 K pages. */
const STORAGE_FORMAT = 0x0080_0000;
const WORD64 = 64;
const ASSISTED = account('hardware', 'assist');

/** The block of the virtual machine that the processor executes. */
export class AssistBlock {
  readonly cpu: Cpu;
  /** Accounts of the assisted machine's kernel and user, as the control program books them. */
  accounts: readonly [kernel: number, user: number] = [0, 0];

  constructor(cpu: Cpu) {
    this.cpu = cpu;
  }

  /** Passes cycles of the microcode that makes up `occurrences` operations. */
  spend(cycles: number, occurrences = 0): void {
    this.cpu.spend(cycles);
    this.cpu.ledger.charge(ASSISTED, cycles, occurrences);
  }

  private get at(): number {
    return this.cpu.cr[6]! & BLOCK_ADDRESS;
  }
  word(offset: number): number {
    return this.cpu.fetchReal(this.at + offset, 4);
  }
  setWord(offset: number, value: number): void {
    this.cpu.storeReal4(this.at + offset, value);
  }
  /** A signed doubleword. */
  doubleword(offset: number): bigint {
    return BigInt.asIntN(WORD64, (BigInt(this.word(offset)) << 32n) | BigInt(this.word(offset + 4)));
  }
  setDoubleword(offset: number, value: bigint): void {
    this.setWord(offset, Number(BigInt.asIntN(32, value >> 32n)));
    this.setWord(offset + 4, Number(BigInt.asIntN(32, value)));
  }

  /** The virtual PSW; condition code, program mask and address are in the real one. */
  get storedPsw(): Psw {
    const at = this.word(MICVPSW);
    return unpackPsw(this.cpu.fetchReal(at, 4), this.cpu.fetchReal(at + 4, 4));
  }
  set storedPsw(psw: Psw) {
    const at = this.word(MICVPSW);
    const [high, low] = packPsw(psw);
    this.cpu.storeReal4(at, high);
    this.cpu.storeReal4(at + 4, low);
  }
  /** The virtual PSW as it stands: what the block keeps, and what the real PSW holds. */
  get presentPsw(): Psw {
    const { cpu } = this;
    return {
      ...this.storedPsw,
      conditionCode: cpu.cc,
      programMask: cpu.programMask,
      instructionAddress: cpu.ia,
    };
  }

  virtualControl(register: number): number {
    return this.cpu.fetchReal(this.word(MICCREG) + 4 * register, 4);
  }

  /** Real address of guest-real `address`, or −1 while its page is away. */
  guestReal(address: number): number {
    const walk = walkTables(address, STORAGE_FORMAT, this.word(MICRSEG), (at, size) =>
      this.cpu.fetchReal(at, size),
    );
    return 'real' in walk ? walk.real : -1;
  }

  /** Walks the virtual machine's own tables; null when a page of them is away, or the walk ends in an exception. */
  guestWalk(virtual: number): number | null {
    let away = false;
    const walk = walkTables(virtual, this.virtualControl(0), this.virtualControl(1), (at, size) => {
      const real = this.guestReal(at);
      away ||= real < 0;
      return real < 0 ? -1 : this.cpu.fetchReal(real, size);
    });
    return away || !('real' in walk) ? null : walk.real;
  }
}

/** A virtual PSW without the parts that the real one holds: what the control program leaves at MICVPSW. */
export const storedPswWords = (psw: Psw): readonly [number, number] =>
  packPsw({ ...psw, interruptionCode: 0, instructionLengthCode: 0 });
