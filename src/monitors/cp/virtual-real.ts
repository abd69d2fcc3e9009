/**
 * The virtual=real area: real storage from 4 K up that is set aside for one machine, whose page n is real page n. Real
 * page 0 is CP's own, so the machine's page 0 lies behind the area. With SET NOTRANS its channel programs go to dedicated
 * devices as they stand: such a machine is trusted, as the manual says, since nothing then keeps a channel out of CP's
 * storage. GC20-1807, "Virtual Machine Operation: The Virtual=Real Option".
 */
import type { ControlProgram } from './control-program.ts';
import type { VirtualMachine } from './virtual-machine.ts';
import type { DiskDevice } from './state.ts';
import type { Ccw } from './channel-program.ts';

const PAGE = 4096;
const SENSE = 0x04;
const WHOLE_PACK = 0xffff;

export class VirtualReal {
  private readonly cp: ControlProgram;
  /** Real address where the area ends, and page 0 of the machine begins; 0: there is no area. */
  readonly end: number;

  constructor(cp: ControlProgram, bytes: number) {
    this.cp = cp;
    this.end = bytes;
  }

  /** The logged-on machine in the area. */
  get owner(): VirtualMachine | undefined {
    return this.cp.machines.find((vm) => vm.state.virtualReal && vm.state.segmentTable >= 0);
  }
  /** Whether a machine of `bytes` can have the area now. */
  admits(bytes: number): boolean {
    return bytes <= this.end && !this.owner;
  }

  /** Real address of a page of the machine in the area. */
  frameOf(page: number): number {
    return page === 0 ? this.end : page * PAGE;
  }
  /** Puts all pages of the machine in place, cleared. */
  place(vm: VirtualMachine): void {
    vm.state.pages.forEach((page, number) => {
      page.frame = this.frameOf(number);
      this.clear(vm, number);
    });
  }
  /** A page of zeros, as after SYSTEM CLEAR. */
  clear(vm: VirtualMachine, page: number): void {
    this.cp.system.store(this.frameOf(page), new Uint8Array(PAGE));
    vm.pageArrived(page);
  }

  /**
   * Whether a channel program that begins with `first` at `address` may go to the device untranslated. Only dedicated
   * devices, no SENSE (its bytes are CP's to give), no CCW in page 0, nobody tracing SIO.
   */
  passes(vm: VirtualMachine, device: DiskDevice, address: number, first: Ccw): boolean {
    const { state } = vm;
    return (
      state.noTranslation &&
      !device.readOnly &&
      device.start === 0 &&
      device.cylinders >= WHOLE_PACK &&
      first.command !== SENSE &&
      address >= PAGE &&
      address < state.storageSize &&
      !(state.trace?.events.some((event) => event === 'SIO' || event === 'I/O') ?? false)
    );
  }

  /** A reset or an IPL switches SET NOTRANS off: CP simulates the first steps of a load itself. */
  reset(vm: VirtualMachine): void {
    if (!vm.state.noTranslation) return;
    vm.state.noTranslation = false;
    this.cp.say(vm, 'CCW TRANSLATION IN EFFECT; NOTRANS OFF');
  }
}
