/**
 * Virtual input/output: the I/O instructions of the guests, and the conditions that wait to interrupt them.
 * Disks are real ones, driven by translated channel programs (disk-io.ts); consoles and unit-record devices are
 * simulated (simulated-io.ts). Condition codes after the tables of states in GA22-7000, "Input/Output Operations".
 */
import { CHANNEL_ID, CSW } from '../../machines/s370/assigned-storage.ts';
import {
  BUSY,
  PROGRAM_CHECK,
  PROGRAM_CONTROLLED,
  PROTECTION_CHECK,
} from '../../machines/s370/channels/csw.ts';
import { fetchCaw, type GuestCaw } from './channel-program.ts';
import type { ControlProgram } from './control-program.ts';
import { mayFetchCcw } from './data-pieces.ts';
import { DiskIo } from './disk-io.ts';
import { SimulatedIo } from './simulated-io.ts';
import type { VirtualDevice } from './state.ts';
import type { VirtualMachine } from './virtual-machine.ts';

/** Channel types as STIDC tells them: channel 0 is the byte multiplexer, the others are block multiplexers. */
const BYTE_MULTIPLEXER = 0x1000_0000;
const BLOCK_MULTIPLEXER = 0x2000_0000;

export class VirtualIo {
  private readonly cp: ControlProgram;
  readonly simulated: SimulatedIo;
  readonly disks: DiskIo;

  constructor(cp: ControlProgram) {
    this.cp = cp;
    this.simulated = new SimulatedIo(cp);
    this.disks = new DiskIo(cp);
  }

  device(vm: VirtualMachine, address: number): VirtualDevice | undefined {
    return vm.state.devices.find((d) => d.address === address);
  }

  // ---------------------------------------------------------------- the guest's instructions

  /** SIO and SIOF: what the device answers at once comes with condition code 1 for both. */
  startIo(vm: VirtualMachine, address: number): number {
    const device = this.device(vm, address);
    if (!device) return 3;
    this.cp.charge('findBlocks');
    if (device.pending || (device.busy && !stillMoves(device))) return 2;
    if (device.held || stillMoves(device)) return this.tell(vm, device, BUSY);
    const caw = fetchCaw(vm);
    if (!caw) return this.reject(vm, PROGRAM_CHECK);
    if (!mayFetchCcw(vm, caw.key, caw.address)) return this.reject(vm, PROTECTION_CHECK);
    return this.start(vm, device, caw);
  }

  /** Starts the program at `caw` on a device that is free; gives the condition code, with status stored for 1. */
  start(vm: VirtualMachine, device: VirtualDevice, caw: GuestCaw): number {
    const result =
      device.type === 'disk' ? this.disks.start(vm, device, caw) : this.simulated.start(vm, device, caw);
    return result.code === 1 ? this.reject(vm, result.status) : result.code;
  }

  testIo(vm: VirtualMachine, address: number): number {
    const device = this.device(vm, address);
    if (!device) return 3;
    if (onlyAsked(device)) return 2;
    if (device.pending) {
      this.accept(vm, device);
      return 1;
    }
    if (device.busy && !stillMoves(device)) return 2;
    if (!device.held && !stillMoves(device)) return 0;
    device.held = (device.held ?? 0) | (stillMoves(device) ? BUSY : 0);
    this.accept(vm, device);
    return 1;
  }

  /** CLRIO: as TIO; an operation under way is ended as by HDV. */
  clearIo(vm: VirtualMachine, address: number): number {
    const device = this.device(vm, address);
    if (device?.busy && (!device.pending || onlyAsked(device)) && !stillMoves(device)) this.halt(vm, device);
    return device?.pending ? this.testIo(vm, address) : device ? 0 : 3;
  }

  haltDevice(vm: VirtualMachine, address: number): number {
    const device = this.device(vm, address);
    if (!device) return 3;
    if (device.pending && !onlyAsked(device)) return 0;
    this.halt(vm, device);
    return this.reject(vm, 0);
  }
  private halt(vm: VirtualMachine, device: VirtualDevice): void {
    if (device.type === 'disk') this.disks.halt(vm, device);
    else this.simulated.halt(vm, device);
  }

  testChannel(vm: VirtualMachine, address: number): number {
    const channel = (address >> 8) & 0xff;
    const own = vm.state.devices.filter((d) => d.address >> 8 === channel);
    if (own.length === 0) return 3;
    return own.some(isPending) ? 1 : 0;
  }

  storeChannelId(vm: VirtualMachine, address: number): number {
    if (this.testChannel(vm, address) === 3) return 3;
    vm.storeWord(CHANNEL_ID, (address >> 8) % 256 === 0 ? BYTE_MULTIPLEXER : BLOCK_MULTIPLEXER);
    return 0;
  }

  private tell(vm: VirtualMachine, device: VirtualDevice, also: number): number {
    const status = (device.held ?? 0) | also;
    vm.storeHalf(CSW + 4, status);
    device.held = 0;
    return 1;
  }

  /** Status that the instruction itself brings: only the status halfword of the CSW is stored. */
  private reject(vm: VirtualMachine, status: number): number {
    vm.storeHalf(CSW + 4, status);
    return 1;
  }

  // ---------------------------------------------------------------- real interruptions

  /** A real device has interrupted; its CSW is in CP's low storage. */
  interruption(real: number): void {
    this.cp.charge('ioInterruption');
    this.disks.interruption(real);
  }

  // ---------------------------------------------------------------- virtual interruptions

  /** The device whose status the guest's masks let through, lowest address first. */
  pending(vm: VirtualMachine): VirtualDevice | undefined {
    const { psw, cr, devices } = vm.state;
    const extended = (psw.systemMask & 0x02) !== 0 ? cr[2]! : 0;
    const enabled = psw.extendedControl
      ? extended
      : ((psw.systemMask & 0xfc) << 24) | (extended & 0x03ff_ffff);
    let best: VirtualDevice | undefined;
    for (const device of devices)
      if (
        isPending(device) &&
        ((enabled << (device.address >> 8)) & 0x8000_0000) !== 0 &&
        (!best || device.address < best.address)
      )
        best = device;
    return best;
  }

  /** Stores the CSW of the device's condition, as an I/O interruption or TIO does, and clears the condition. */
  accept(vm: VirtualMachine, device: VirtualDevice): void {
    const [high, low] = device.pending ?? [0, (device.held ?? 0) << 16];
    vm.storeWord(CSW, high);
    vm.storeWord(CSW + 4, low >>> 0);
    if (device.pending) device.pending = null;
    else device.held = 0;
  }

  /** The device calls: attention, or device end of a reader that has become ready. */
  present(device: VirtualDevice, status: number): void {
    device.held = (device.held ?? 0) | status;
  }

  // ---------------------------------------------------------------- reset and synchronous use

  /** System reset: no program goes on, no condition stays. What a real device has begun ends unheard. */
  reset(vm: VirtualMachine): void {
    for (const device of vm.state.devices) {
      device.pending = null;
      device.held = 0;
      device.sense = [];
      if (device.type === 'disk') this.disks.abandon(vm, device);
      else {
        device.busy = false;
        device.running = null;
      }
      if (device.type === 'console') {
        device.waiting = null;
        device.typing = null;
      }
    }
  }

  /** Whether the last program of the device has come to its end in every respect. */
  isQuiet(device: VirtualDevice): boolean {
    return !device.busy;
  }

  /** Takes the ending status of a program that the guest does not know of: unit and channel status together. */
  takeStatus(device: VirtualDevice): { readonly status: number; readonly address: number } {
    const [high, low] = device.pending ?? [0, 0];
    const status = (low >>> 16) | (device.held ?? 0);
    device.pending = null;
    device.held = 0;
    return { status, address: high & 0xffffff };
  }
}

/** Channel end has been told, device end is still to come. */
const stillMoves = (device: VirtualDevice): boolean =>
  device.type === 'disk' && device.program?.channelEnded === true;

/** A PCI waits to interrupt; the program goes on, and but for the interruption nobody sees it before its end. */
const onlyAsked = (device: VirtualDevice): boolean =>
  device.busy && device.pending !== null && device.pending[1] >>> 16 === PROGRAM_CONTROLLED;

const isPending = (device: VirtualDevice): boolean =>
  device.pending !== null || (!!device.held && !device.busy);
