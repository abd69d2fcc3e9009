/**
 * Virtual initial program loading (CP's module DMKVMI): 24 bytes from the device to location 0, the channel program that
 * they bring from location 8 on, then the PSW at 0. GA22-7000, "System Control", "Initial Program Loading". From a disk
 * it takes several passes (load-plan.ts); a reader is simulated CCW by CCW.
 */
import { IO_ADDRESS } from '../../machines/s370/assigned-storage.ts';
import { CHANNEL_END, DEVICE_END, STATUS_MODIFIER } from '../../machines/s370/channels/csw.ts';
import type { ControlProgram } from './control-program.ts';
import { loadPlan, passed } from './load-plan.ts';
import type { Deferred, DiskDevice } from './state.ts';
import type { VirtualMachine } from './virtual-machine.ts';

const REGULAR = CHANNEL_END | DEVICE_END | STATUS_MODIFIER;
/** More passes than any load takes: one that reads over itself for ever ends here. */
const MOST_PASSES = 64;

type Load = Extract<Deferred, { readonly kind: 'load' }>;

export class Loader {
  private readonly cp: ControlProgram;

  constructor(cp: ControlProgram) {
    this.cp = cp;
  }

  /** Resets the machine and begins to load it; false when no program can come from that device. */
  begin(vm: VirtualMachine, address: number): boolean {
    const device = this.cp.virtualIo.device(vm, address);
    if (!device || (device.type !== 'disk' && device.type !== 'reader')) return false;
    this.cp.resetMachine(vm);
    vm.state.stopped = false;
    vm.state.deferred = { kind: 'load', device: address, passes: [], present: null };
    return true;
  }

  /** Goes on as far as the device lets it. The load stays deferred until it is done. */
  proceed(vm: VirtualMachine, load: Load): void {
    const device = this.cp.virtualIo.device(vm, load.device);
    if (!device) {
      this.fail(vm, load, 'DEVICE IS GONE');
      return;
    }
    if (device.busy) return;
    let { passes } = load;
    if (load.present) {
      const { status, address } = this.cp.virtualIo.takeStatus(device);
      if ((status & ~REGULAR) !== 0 || status === 0) {
        this.fail(vm, load, `STATUS ${status.toString(16).toUpperCase().padStart(4, '0')}`);
        return;
      }
      const cut = (address - 8) & 0xffffff;
      if (!load.present.cuts.includes(cut)) {
        this.finish(vm, device.address);
        return;
      }
      passes = [...passes, { ccws: load.present.ccws, cut }];
    }
    if (passes.length > MOST_PASSES) this.fail(vm, load, 'CHANNEL PROGRAM WITHOUT END');
    else if (device.type === 'disk') this.pass(vm, device, { ...load, passes });
    else if (device.type === 'reader') {
      this.cp.virtualIo.simulated.load(vm, device);
      this.goOn(vm, device.busy, { ...load, present: { ccws: [], cuts: [] } });
    }
  }

  /** Starts the next pass of a load from disk. */
  private pass(vm: VirtualMachine, device: DiskDevice, load: Load): void {
    // Before anything may wait for a page: the end of the last pass has been taken note of.
    vm.state.deferred = { ...load, present: null };
    const plan = loadPlan(vm, load.passes);
    const present = plan && { ccws: passed(vm, plan.own), cuts: [...plan.cuts] };
    const started = plan && this.cp.virtualIo.disks.start(vm, device, { key: 0, address: 0 }, plan);
    if (started?.code !== 0) this.fail(vm, load, 'DEVICE NOT OPERATIONAL');
    else this.goOn(vm, device.busy, { ...load, present });
  }

  private goOn(vm: VirtualMachine, busy: boolean, load: Load): void {
    vm.state.deferred = load;
    if (!busy) this.proceed(vm, load);
  }

  /** The PSW that the load has brought; the I/O address where an interruption would leave it. */
  private finish(vm: VirtualMachine, address: number): void {
    const psw = vm.fetchPsw(0);
    vm.storeHalf(psw.extendedControl ? IO_ADDRESS + 2 : 2, address);
    vm.state.deferred = null;
    this.cp.loadVirtualPsw(vm, psw);
  }

  private fail(vm: VirtualMachine, load: Load, why: string): void {
    vm.state.deferred = null;
    const address = load.device.toString(16).toUpperCase().padStart(3, '0');
    this.cp.enterCp(vm, `IPL ${address} FAILED; ${why}`);
  }
}
