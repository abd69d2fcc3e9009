/**
 * DIAGNOSE X'18' and X'20': input/output for which the guest waits in CP, and learns of the end by a condition
 * code and a return code in register 15 instead of an interruption. GC20-1807, "The DIAGNOSE Instruction".
 */
import {
  CHANNEL_END,
  DEVICE_END,
  INCORRECT_LENGTH,
  STATUS_MODIFIER,
  UNIT_EXCEPTION,
} from '../../machines/s370/channels/csw.ts';
import { CSW } from '../../machines/s370/assigned-storage.ts';
import { fetchCcw, reachableCcws, type Ccw } from './channel-program.ts';
import type { ControlProgram } from './control-program.ts';
import type { Operands } from './diagnose.ts';
import type { SynchronousIo, VirtualDevice } from './state.ts';
import type { VirtualMachine } from './virtual-machine.ts';

const REGULAR = CHANNEL_END | DEVICE_END | STATUS_MODIFIER;
/** Return codes in register 15. */
const NOT_ATTACHED = 1;
const NOT_DASD = 2;
const READ_ONLY_DISK = 3;
const CYLINDER_OUT_OF_RANGE = 4;
const BUSY = 5;
const NOT_ALIGNED = 5;
const OUTSIDE_STORAGE = 6;
const BAD_COUNT = 11;
const IO_ERROR = 13;
/** Bit of sense byte 1. */
const FILE_PROTECTED = 0x04;

const SEEK = 0x07;
const SEEK_CYLINDER = 0x0b;

export class DiagnoseIo {
  private readonly cp: ControlProgram;

  constructor(cp: ControlProgram) {
    this.cp = cp;
  }

  private result(vm: VirtualMachine, conditionCode: number, code?: number): void {
    vm.state.deferred = null;
    this.cp.setPsw(vm, { conditionCode });
    if (code !== undefined) vm.gr[15] = code;
  }

  /** X'18' and X'20': device address in R1, address of the CCWs in R3 (X'18': their number in 15). */
  start(vm: VirtualMachine, { r1, r3 }: Operands, code: 0x18 | 0x20): void {
    const device = this.cp.virtualIo.device(vm, vm.gr[r1]! & 0xffff);
    const address = vm.gr[r3]! & 0xffffff;
    const refusal = this.refusal(vm, device, address, code);
    if (refusal || !device) {
      this.result(vm, refusal?.[0] ?? 1, refusal?.[1] ?? NOT_ATTACHED);
      return;
    }
    // The status halfword of the guest's CSW is not the guest's business here.
    const before = vm.fetchHalf(CSW + 4);
    vm.touch(CSW, 8);
    const answer = this.cp.virtualIo.start(vm, device, { key: 0, address });
    const status = vm.fetchHalf(CSW + 4);
    vm.storeHalf(CSW + 4, before);
    const io: SynchronousIo = { code, device: device.address, r1, r3 };
    if (answer === 1) this.ended(vm, io, device, status);
    else if (answer === 3) this.result(vm, 1, NOT_ATTACHED);
    else {
      vm.state.deferred = { kind: 'synchronous', io };
      this.proceed(vm, io);
    }
  }

  /** Condition and return code where nothing can be started, or null. */
  private refusal(
    vm: VirtualMachine,
    device: VirtualDevice | undefined,
    address: number,
    code: 0x18 | 0x20,
  ): readonly [number, number] | null {
    if (!device) return [1, NOT_ATTACHED];
    if (code === 0x18 && device.type !== 'disk') return [1, NOT_DASD];
    if (device.busy || device.pending || device.held) return [1, BUSY];
    if ((address & 7) !== 0) return [2, NOT_ALIGNED];
    if (!fetchCcw(vm, address)) return [2, OUTSIDE_STORAGE];
    if (code === 0x20 || device.type !== 'disk') return null;
    if (vm.gr[15]! < 1 || vm.gr[15]! > 15) return [2, BAD_COUNT];
    const ccws = [...(reachableCcws(vm, address)?.values() ?? [])].map(({ ccw }) => ccw);
    const outside = (ccw: Ccw): boolean =>
      (ccw.command === SEEK || ccw.command === SEEK_CYLINDER) &&
      ccw.address + 6 <= vm.storageSize &&
      vm.fetchHalf(ccw.address + 2) >= device.cylinders;
    if (ccws.some(outside)) return [1, CYLINDER_OUT_OF_RANGE];
    return device.readOnly && ccws.some((ccw) => (ccw.command & 0x1f) === 0x05) ? [1, READ_ONLY_DISK] : null;
  }

  /** Looks whether the device is done. */
  proceed(vm: VirtualMachine, io: SynchronousIo): void {
    const device = this.cp.virtualIo.device(vm, io.device);
    if (!device) this.result(vm, 1, NOT_ATTACHED);
    else if (!device.busy) this.ended(vm, io, device, this.cp.virtualIo.takeStatus(device).status);
  }

  private ended(vm: VirtualMachine, io: SynchronousIo, device: VirtualDevice, status: number): void {
    const wrong = status & ~REGULAR;
    if (wrong === 0) {
      this.result(vm, 0, io.code === 0x18 ? undefined : 0);
      return;
    }
    const [sense0 = 0, sense1 = 0] = device.sense;
    if (io.code === 0x18) {
      if ((sense1 & FILE_PROTECTED) !== 0) this.result(vm, 1, READ_ONLY_DISK);
      else this.result(vm, 3, IO_ERROR);
      return;
    }
    if (wrong === UNIT_EXCEPTION) this.result(vm, 2, 2);
    else if (wrong === INCORRECT_LENGTH) this.result(vm, 2, 3);
    else {
      vm.gr[io.r3] = (vm.gr[io.r3]! & ~0xffff) | (sense0 << 8) | sense1;
      this.result(vm, 3, IO_ERROR);
    }
  }
}
