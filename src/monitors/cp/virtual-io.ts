/**
 * Virtual input/output: the I/O instructions of the guests, and what comes back from real devices.
 * Disks are real ones, driven by translated channel programs; consoles and unit-record devices are simulated.
 */
import { CAW, CHANNEL_ID, CSW } from '../../machines/s370/assigned-storage.ts';
import { BUSY, DEVICE_END, PROGRAM_CHECK, UNIT_CHECK } from '../../machines/s370/channels/csw.ts';
import { bringIn, fetchCaw, reachableCcws } from './channel-program.ts';
import type { ControlProgram } from './control-program.ts';
import { SimulatedIo } from './simulated-io.ts';
import type { DiskDevice, TranslatedProgram, VirtualDevice } from './state.ts';
import { translateProgram } from './translate-ccws.ts';
import type { VirtualMachine } from './virtual-machine.ts';

/** Block multiplexer, as STIDC tells it. */
const CHANNEL_TYPE = 0x2000_0000;

export class VirtualIo {
  private readonly cp: ControlProgram;
  readonly simulated: SimulatedIo;

  constructor(cp: ControlProgram) {
    this.cp = cp;
    this.simulated = new SimulatedIo(cp);
  }

  device(vm: VirtualMachine, address: number): VirtualDevice | undefined {
    return vm.state.devices.find((d) => d.address === address);
  }

  // ---------------------------------------------------------------- the guest's instructions

  startIo(vm: VirtualMachine, address: number): number {
    const device = this.device(vm, address);
    if (!device) return 3;
    if (device.busy) return 2;
    if (device.pending) return this.presentAtOnce(vm, device, BUSY);
    const caw = fetchCaw(vm);
    if (!caw || (caw.address & 7) !== 0) return this.rejectAtOnce(vm);
    if (device.type === 'disk') return this.startDisk(vm, device);
    const ccws = reachableCcws(vm, caw.address);
    if (!ccws || ccws.size === 0) return this.rejectAtOnce(vm);
    const pages = bringIn(vm, ccws);
    for (const page of pages) vm.state.pages[page]!.locks++;
    this.cp.note('io-start', vm, { device: address, ccws: ccws.size });
    this.simulated.run(vm, device, { key: caw.key, next: caw.address, pages });
    return 0;
  }

  /** TIO, and CLRIO where nothing is under way. */
  testIo(vm: VirtualMachine, address: number): number {
    const device = this.device(vm, address);
    if (!device) return 3;
    if (device.busy) return 2;
    return device.pending ? this.presentAtOnce(vm, device, 0) : 0;
  }

  haltDevice(vm: VirtualMachine, address: number): number {
    const device = this.device(vm, address);
    if (!device) return 3;
    if (!device.busy) return 0;
    if (device.type === 'disk') {
      if (device.program?.started) this.cp.system.haltDevice(device.real);
      return 0;
    }
    if (device.type === 'console') this.simulated.halt(vm, device);
    return 0;
  }

  testChannel(vm: VirtualMachine, address: number): number {
    const channel = (address >> 8) & 0xff;
    const own = vm.state.devices.filter((d) => d.address >> 8 === channel);
    if (own.length === 0) return 3;
    return own.some((d) => d.pending) ? 1 : 0;
  }

  storeChannelId(vm: VirtualMachine, address: number): number {
    if (this.testChannel(vm, address) === 3) return 3;
    vm.storeWord(CHANNEL_ID, CHANNEL_TYPE);
    return 0;
  }

  /** Status that the instruction itself takes away: condition code 1 with the CSW stored. */
  private presentAtOnce(vm: VirtualMachine, device: VirtualDevice, also: number): number {
    const [high, low] = device.pending!;
    vm.storeWord(CSW, high);
    vm.storeWord(CSW + 4, (low | (also << 16)) >>> 0);
    device.pending = null;
    return 1;
  }

  /** An invalid channel-address word or first CCW: program check in the status part of the CSW. */
  private rejectAtOnce(vm: VirtualMachine): number {
    vm.storeWord(CSW + 4, PROGRAM_CHECK << 16);
    return 1;
  }

  // ---------------------------------------------------------------- disks

  private startDisk(vm: VirtualMachine, device: DiskDevice): number {
    const caw = fetchCaw(vm)!;
    const program = translateProgram(this.cp, vm, device, caw);
    if (!program) return this.rejectAtOnce(vm);
    device.program = program;
    device.busy = true;
    this.cp.note('io-start', vm, { device: device.address, real: device.real, ccws: program.origins.length });
    this.startNext(device.real);
    if (device.busy || device.pending) return 0;
    return 3; // the real device is gone
  }

  private *disksOn(real: number): Generator<readonly [VirtualMachine, DiskDevice]> {
    for (const vm of this.cp.machines)
      for (const device of vm.state.devices)
        if (device.type === 'disk' && device.real === real && device.program) yield [vm, device];
  }

  /** Starts the first program that waits for the real device, unless one is under way. */
  private startNext(real: number): void {
    const waiting = [...this.disksOn(real)];
    if (waiting.some(([, device]) => device.program!.started)) return;
    const [vm, device] = waiting[0] ?? [];
    if (!vm || !device) return;
    const { system } = this.cp;
    const program = device.program!;
    system.storeWord(CAW, (program.key << 28) | program.start);
    switch (system.startIo(real)) {
      case 0:
        program.started = true;
        return;
      case 1: {
        const status = system.fetchWord(CSW + 4);
        // Busy: whatever holds the device will interrupt, and this is tried again then.
        if (((status >>> 16) & BUSY) === 0) this.complete(vm, device, program.start + 8, status);
        return;
      }
      case 2:
        return;
      default:
        this.release(vm, device, program);
    }
  }

  /** A real device has interrupted; its CSW is in CP's low storage. */
  interruption(real: number): void {
    this.cp.charge('ioInterruption');
    const { system } = this.cp;
    const address = system.fetchWord(CSW) & 0xffffff;
    const status = system.fetchWord(CSW + 4);
    const owner = [...this.disksOn(real)].find(([, device]) => device.program!.started);
    if (owner) this.complete(owner[0], owner[1], address, status);
    this.startNext(real);
  }

  /** Translates the ending status back to the guest's addresses and makes it pending. */
  private complete(vm: VirtualMachine, device: DiskDevice, realAddress: number, status: number): void {
    const program = device.program!;
    const index = Math.floor((realAddress - 8 - program.at) / 8);
    const origin = program.origins[index] ?? program.origins[0]! - 8;
    device.pending = [((program.key << 28) | ((origin + 8) & 0xffffff)) >>> 0, status];
    const unit = status >>> 16;
    if ((unit & (DEVICE_END | UNIT_CHECK)) !== 0 || (unit & 0x3f) !== 0) this.release(vm, device, program);
    this.cp.note('io-end', vm, { device: device.address, status: unit });
  }

  private release(vm: VirtualMachine, device: DiskDevice, program: TranslatedProgram): void {
    for (const area of program.areas) this.cp.releaseStorage(area.at, area.length);
    for (const page of program.pages) {
      const state = vm.state.pages[page]!;
      state.locks--;
      // The channel stored by real address: the page is taken as changed.
      state.changed = true;
    }
    device.program = null;
    device.busy = false;
  }

  // ---------------------------------------------------------------- virtual interruptions

  /** The device whose status the guest's masks let through, lowest address first. */
  pending(vm: VirtualMachine): VirtualDevice | undefined {
    const { psw, cr, devices } = vm.state;
    const extended = (psw.systemMask & 0x02) !== 0 ? cr[2]! : 0;
    const enabled = psw.extendedControl
      ? extended
      : ((psw.systemMask & 0xfc) << 24) | (extended & 0x03ff_ffff);
    return devices
      .filter((d) => d.pending && ((enabled << (d.address >> 8)) & 0x8000_0000) !== 0)
      .sort((a, b) => a.address - b.address)[0];
  }

  /** Stores the CSW for an I/O interruption of the guest and clears the status. */
  accept(vm: VirtualMachine, device: VirtualDevice): void {
    const [high, low] = device.pending!;
    vm.storeWord(CSW, high);
    vm.storeWord(CSW + 4, low);
    device.pending = null;
  }
}
