/**
 * Virtual-machine assist: microcode that does some privileged operations of a virtual machine without its control
 * program. Control register 6 switches it on and points at a block (MICBLOK) in which the control program names the
 * virtual PSW, the virtual control registers and the segment table of the virtual machine's storage.
 * GA22-7074, "Virtual-Machine Assist and Shadow-Table-Bypass Assist"; layout of the block after GC20-1807.
 *
 * SIMPLIFIED: no assist for storage keys and for shadow-table validation; control register 6 has bits that say so.
 */
import { account } from '../../accounting/vocabulary.ts';
import { SVC_CODE, SVC_NEW_PSW, SVC_OLD_PSW } from './assigned-storage.ts';
import type { Cpu } from './cpu.ts';
import { packPsw, psw as makePsw, PSW_DAT, PSW_PER, unpackPsw, type Psw } from './psw.ts';
import { walkTables } from './translation.ts';

/** Bits of control register 6. */
export const ASSIST_ON = 0x8000_0000;
export const VIRTUAL_PROBLEM_STATE = 0x4000_0000;
export const NO_KEY_ASSIST = 0x2000_0000;
export const NO_SVC_ASSIST = 0x0800_0000;
export const NO_SHADOW_ASSIST = 0x0400_0000;
const BLOCK_ADDRESS = 0x00ff_fff8;

/** Offsets in the block. */
export const MICRSEG = 0x00; // segment table of the virtual machine's storage, as control register 1 would hold it
export const MICCREG = 0x04; // address of the virtual control registers
export const MICVPSW = 0x08; // address of the virtual PSW
export const MICPEND = 0x0c; // a virtual interruption is pending: opening a mask is then for the control program
export const MICBLOK_BYTES = 0x10;

/** Format of the segment table that MICRSEG names: 64 K segments, 4 K pages. */
const STORAGE_FORMAT = 0x0080_0000;
const ASSISTED = account('hardware', 'assist');
/** SVC 76 is how programs record errors; VM/370 wants to see it. */
const ERROR_RECORDING = 76;
const INTERRUPTION_MASKS = 0xff;

export class VmAssist {
  private readonly cpu: Cpu;
  /** Accounts of the assisted machine's kernel and user, as the control program books them. */
  accounts: readonly [kernel: number, user: number] = [0, 0];

  constructor(cpu: Cpu) {
    this.cpu = cpu;
  }

  private word(offset: number): number {
    return this.cpu.fetchReal((this.cpu.cr[6]! & BLOCK_ADDRESS) + offset, 4);
  }
  private get virtualPsw(): Psw {
    const at = this.word(MICVPSW);
    return unpackPsw(this.cpu.fetchReal(at, 4), this.cpu.fetchReal(at + 4, 4));
  }
  private setVirtualPsw(psw: Psw): void {
    const at = this.word(MICVPSW);
    const [high, low] = packPsw(psw);
    this.cpu.storeReal4(at, high);
    this.cpu.storeReal4(at + 4, low);
  }

  /** Tries to do the operation that `word` begins with; false leaves it to the control program. */
  attempt(word: number): boolean {
    const { cpu } = this;
    const control = cpu.cr[6]!;
    if ((control & ASSIST_ON) === 0) return false;
    const opcode = word >>> 24;
    const done =
      opcode === 0x0a
        ? (control & NO_SVC_ASSIST) === 0 && this.supervisorCall((word >>> 16) & 0xff)
        : (control & VIRTUAL_PROBLEM_STATE) === 0 && this.privileged(opcode, word);
    if (done) {
      cpu.spend(cpu.costs.assist);
      cpu.ledger.charge(ASSISTED, cpu.costs.assist);
      cpu.onAssist?.(word);
    }
    return done;
  }

  private privileged(opcode: number, word: number): boolean {
    const { cpu } = this;
    switch (opcode) {
      case 0x82:
        return this.loadPsw(cpu.based(word & 0xffff));
      case 0x80:
        return this.changeMask(cpu.fetch1(cpu.based(word & 0xffff)));
      case 0xac:
        return this.storeThen(word, (mask) => mask & (word >>> 16));
      case 0xad:
        return this.storeThen(word, (mask) => (mask | (word >>> 16)) & 0xff);
      case 0xb1:
        return this.loadRealAddress(word);
      case 0xb6:
        return this.storeControl(word);
      case 0xb2:
        return this.keyOfPsw(word);
      default:
        return false;
    }
  }

  // ---------------------------------------------------------------- PSWs

  /** Whether the microcode may put `next` in force itself. */
  private acceptable(now: Psw, next: Psw): boolean {
    if (!next.valid || next.wait || now.extendedControl !== next.extendedControl) return false;
    const modes = now.extendedControl ? PSW_DAT | PSW_PER : 0;
    if (((now.systemMask ^ next.systemMask) & modes) !== 0) return false;
    const opens = (next.systemMask & ~now.systemMask & INTERRUPTION_MASKS & ~modes) !== 0;
    return !opens || this.word(MICPEND) === 0;
  }

  /** The virtual PSW as it stands: what the microcode keeps in storage, and what the real PSW holds. */
  private present(): Psw {
    const { cpu } = this;
    return {
      ...this.virtualPsw,
      conditionCode: cpu.cc,
      programMask: cpu.programMask,
      instructionAddress: cpu.ia,
    };
  }

  private enter(next: Psw): void {
    const { cpu } = this;
    this.setVirtualPsw(next);
    cpu.cr[6] = next.problemState ? cpu.cr[6]! | VIRTUAL_PROBLEM_STATE : cpu.cr[6]! & ~VIRTUAL_PROBLEM_STATE;
    cpu.cc = next.conditionCode;
    cpu.programMask = next.programMask;
    cpu.ia = next.instructionAddress;
    if (cpu.key !== next.key) {
      cpu.key = next.key;
      cpu.regimeChanged();
    }
    cpu.ledger.enter(this.accounts[next.problemState ? 1 : 0]);
  }

  private loadPsw(at: number): boolean {
    const { cpu } = this;
    if ((at & 7) !== 0) return false;
    const next = unpackPsw(cpu.fetch4(at), cpu.fetch4(at + 4));
    if (!this.acceptable(this.virtualPsw, next)) return false;
    this.enter(next);
    return true;
  }

  private changeMask(systemMask: number): boolean {
    const now = this.present();
    // SSM suppression of the guest is for the control program to honour.
    if ((this.virtualControl(0) & 0x4000_0000) !== 0) return false;
    return this.replaceMask(now, systemMask);
  }
  private replaceMask(now: Psw, systemMask: number): boolean {
    const valid = !now.extendedControl || (systemMask & 0xb8) === 0;
    const next = { ...now, systemMask, valid };
    if (!this.acceptable(now, next)) return false;
    this.setVirtualPsw(next);
    return true;
  }
  private storeThen(word: number, change: (mask: number) => number): boolean {
    const now = this.present();
    const mask = change(now.systemMask);
    // The store may fault; nothing has changed by then, and the control program finds the instruction untouched.
    if (!this.acceptable(now, { ...now, systemMask: mask })) return false;
    this.cpu.store1(this.cpu.based(word & 0xffff), now.systemMask);
    return this.replaceMask(now, mask);
  }

  /** B20A SPKA and B20B IPK. */
  private keyOfPsw(word: number): boolean {
    const { cpu } = this;
    const operation = (word >>> 16) & 0xff;
    if (operation === 0x0b) {
      cpu.gr[2] = (cpu.gr[2]! & ~0xff) | (cpu.key << 4);
      return true;
    }
    if (operation !== 0x0a) return false;
    this.enter({ ...this.present(), key: (cpu.based(word & 0xffff) >> 4) & 15 });
    return true;
  }

  // ---------------------------------------------------------------- guest-real storage and control registers

  private virtualControl(register: number): number {
    return this.cpu.fetchReal(this.word(MICCREG) + 4 * register, 4);
  }

  /** Real address of guest-real `address`, or −1 while its page is away. */
  private guestReal(address: number): number {
    const walk = walkTables(address, STORAGE_FORMAT, this.word(MICRSEG), (at, size) =>
      this.cpu.fetchReal(at, size),
    );
    return 'real' in walk ? walk.real : -1;
  }

  private storeControl(word: number): boolean {
    const { cpu } = this;
    const at = cpu.based(word & 0xffff);
    const first = (word >>> 20) & 15;
    const count = ((((word >>> 16) & 15) - first) & 15) + 1;
    if ((at & 3) !== 0) return false;
    cpu.checkStore(at, 4 * count);
    for (let i = 0; i < count; i++)
      cpu.store4((at + 4 * i) & 0xffffff, this.virtualControl((first + i) & 15) | 0);
    return true;
  }

  private loadRealAddress(word: number): boolean {
    const { cpu } = this;
    let away = false;
    const walk = walkTables(cpu.indexed(word), this.virtualControl(0), this.virtualControl(1), (at, size) => {
      const real = this.guestReal(at);
      away ||= real < 0;
      return real < 0 ? -1 : cpu.fetchReal(real, size);
    });
    if (away || !('real' in walk)) return false;
    cpu.gr[(word >>> 20) & 15] = walk.real;
    cpu.cc = 0;
    return true;
  }

  // ---------------------------------------------------------------- SVC

  /** Swaps the virtual PSWs in the virtual machine's own page 0, as its own machine would. */
  private supervisorCall(code: number): boolean {
    const { cpu } = this;
    if (code === ERROR_RECORDING) return false;
    const page = this.guestReal(0);
    if (page < 0) return false;
    const now = this.present();
    const next = unpackPsw(cpu.fetchReal(page + SVC_NEW_PSW, 4), cpu.fetchReal(page + SVC_NEW_PSW + 4, 4));
    if (!this.acceptable(now, next)) return false;
    const old = now.extendedControl
      ? now
      : { ...now, interruptionCode: code, instructionLengthCode: cpu.instructionBytes >> 1 };
    const [high, low] = packPsw(old);
    if (now.extendedControl) cpu.storeReal4(page + SVC_CODE, (cpu.instructionBytes << 16) | code);
    cpu.storeReal4(page + SVC_OLD_PSW, high);
    cpu.storeReal4(page + SVC_OLD_PSW + 4, low);
    this.enter(next);
    return true;
  }
}

/** A virtual PSW without the parts that the real one holds: what the control program leaves at MICVPSW. */
export const storedPsw = (psw: Psw): readonly [number, number] =>
  packPsw(makePsw({ ...psw, interruptionCode: 0, instructionLengthCode: 0 }));
