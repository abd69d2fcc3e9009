/**
 * Storage as the guest's instruction would reach it: through the guest's own translation and under its virtual key.
 * What would interrupt the guest throws a `GuestFault`; what CP must first bring in throws PAGE_WAIT.
 */
import { ADDRESSING, PROTECTION } from '../../machines/s370/assigned-storage.ts';
import type { ControlProgram } from './control-program.ts';
import { NO_STORAGE, type VirtualMachine } from './virtual-machine.ts';

export class GuestFault {
  readonly code: number;
  /** Logical address that a translation exception reports. */
  readonly address: number;

  constructor(code: number, address: number) {
    this.code = code;
    this.address = address;
  }
}

/** Ends what is being simulated with a program interruption of the guest. */
export function guestFault(code: number, address = 0): never {
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- a guest's fault is no error of ours
  throw new GuestFault(code, address);
}

const LAST_ADDRESS = 0xffffff;
const FETCH_PROTECTION = 0x08;

export class GuestAccess {
  private readonly cp: ControlProgram;
  /** Logical addresses stored into since the list was last emptied, for PER. */
  readonly stored: { readonly at: number; readonly length: number }[] = [];

  constructor(cp: ControlProgram) {
    this.cp = cp;
  }

  /** Guest-real address of logical `address`. */
  real(vm: VirtualMachine, address: number): number {
    if (!vm.translating) return address & LAST_ADDRESS;
    const walk = this.cp.shadows.walk(vm, address & LAST_ADDRESS);
    if (!('real' in walk)) guestFault(walk.code, address & LAST_ADDRESS);
    return walk.real;
  }

  private checked(vm: VirtualMachine, address: number, storing: boolean): number {
    const real = this.real(vm, address);
    if (real >= vm.storageSize) guestFault(ADDRESSING);
    const { key } = vm.state.psw;
    const own = vm.storageKey(real);
    if (key !== 0 && own >> 4 !== key && (storing || (own & FETCH_PROTECTION) !== 0)) guestFault(PROTECTION);
    vm.markReferenced(real);
    return real;
  }

  fetch(vm: VirtualMachine, address: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const at = (address + done) & LAST_ADDRESS;
      const count = Math.min(length - done, 2048 - (at & 2047));
      bytes.set(
        this.guarded(() => vm.fetch(this.checked(vm, at, false), count)),
        done,
      );
      done += count;
    }
    return bytes;
  }

  store(vm: VirtualMachine, address: number, bytes: readonly number[]): void {
    // Both ends are checked before anything is stored, as the instruction would.
    this.checked(vm, address, true);
    this.checked(vm, (address + bytes.length - 1) & LAST_ADDRESS, true);
    this.stored.push({ at: address, length: bytes.length });
    for (let done = 0; done < bytes.length;) {
      const at = (address + done) & LAST_ADDRESS;
      const count = Math.min(bytes.length - done, 2048 - (at & 2047));
      this.guarded(() => {
        vm.store(this.checked(vm, at, true), bytes.slice(done, done + count));
      });
      done += count;
    }
  }

  fetchWord(vm: VirtualMachine, address: number): number {
    const b = this.fetch(vm, address, 4);
    return ((b[0]! << 24) | (b[1]! << 16) | (b[2]! << 8) | b[3]!) >>> 0;
  }
  storeWord(vm: VirtualMachine, address: number, value: number): void {
    this.store(vm, address, [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff]);
  }
  fetchDoubleword(vm: VirtualMachine, address: number): bigint {
    return (
      (BigInt(this.fetchWord(vm, address)) << 32n) | BigInt(this.fetchWord(vm, (address + 4) & LAST_ADDRESS))
    );
  }
  storeDoubleword(vm: VirtualMachine, address: number, value: bigint): void {
    const bytes = Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(56 - 8 * i)) & 0xffn));
    this.store(vm, address, bytes);
  }

  private guarded<T>(access: () => T): T {
    try {
      return access();
    } catch (thrown) {
      if (thrown === NO_STORAGE) guestFault(ADDRESSING);
      throw thrown;
    }
  }
}
