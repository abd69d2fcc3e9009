/**
 * Virtual initial program loading (CP's module DMKVMI): 24 bytes from the device to location 0, the channel program that
 * they bring from location 8 on, then the PSW at 0. GA22-7000, "System Control", "Initial Program Loading".
 *
 * SIMPLIFIED: from a disk the program is loaded in two steps, the second of which passes over the first record again and
 * then executes the CCWs from 8; CCWs that are themselves read by it are not executed. A reader has no such limit.
 */
import { IO_ADDRESS } from '../../machines/s370/assigned-storage.ts';
import { CHANNEL_END, DEVICE_END, STATUS_MODIFIER } from '../../machines/s370/channels/csw.ts';
import { SLI } from '../../machines/s370/channels/ccw.ts';
import { CC, SKIP, type Ccw } from './channel-program.ts';
import type { ControlProgram } from './control-program.ts';
import type { Deferred, VirtualDevice } from './state.ts';
import type { VirtualMachine } from './virtual-machine.ts';

const REGULAR = CHANNEL_END | DEVICE_END | STATUS_MODIFIER;
const READ = 0x02;
const FIRST: Ccw = { command: READ, address: 0, flags: SLI, count: 24 };
const SECOND: Ccw = { command: READ, address: 0, flags: CC | SLI | SKIP, count: 24 };

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
    vm.state.deferred = { kind: 'load', device: address, stage: 'start' };
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
    if (load.stage !== 'start') {
      const { status } = this.cp.virtualIo.takeStatus(device);
      if ((status & ~REGULAR) !== 0 || status === 0) {
        this.fail(vm, load, `STATUS ${status.toString(16).toUpperCase().padStart(4, '0')}`);
        return;
      }
    }
    this.next(vm, device, load);
  }

  private next(vm: VirtualMachine, device: VirtualDevice, load: Load): void {
    if (load.stage === 'second') {
      this.finish(vm, device.address);
      return;
    }
    const stage = load.stage === 'start' && device.type === 'disk' ? 'first' : 'second';
    if (device.type === 'disk') {
      const ccw = stage === 'first' ? FIRST : SECOND;
      const started = this.cp.virtualIo.disks.start(vm, device, { key: 0, address: 0 }, ccw);
      if (started.code !== 0) {
        this.fail(vm, load, 'DEVICE NOT OPERATIONAL');
        return;
      }
    } else if (device.type === 'reader') this.cp.virtualIo.simulated.load(vm, device);
    const further: Load = { ...load, stage };
    vm.state.deferred = further;
    if (!device.busy) this.proceed(vm, further);
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
