/**
 * Disks of the guests: minidisks on real drives, driven by translated channel programs.
 * One program at a time is at a real drive; those of other users wait in CP. After a unit check CP itself takes the sense
 * bytes before anyone else's program can change them, and gives them to the guest's own SENSE.
 */
import {
  BUSY,
  CHANNEL_END,
  DEVICE_END,
  INCORRECT_LENGTH,
  PROGRAM_CHECK,
  PROGRAM_CONTROLLED,
  UNIT_CHECK,
} from '../../machines/s370/channels/csw.ts';
import { CAW, CSW } from '../../machines/s370/assigned-storage.ts';
import { packCcw, SLI } from '../../machines/s370/channels/ccw.ts';
import {
  CC,
  dataArea,
  bringIn,
  fetchCcw,
  mayBegin,
  SKIP,
  type Ccw,
  type GuestCaw,
} from './channel-program.ts';
import type { LoadPlan } from './load-plan.ts';
import type { ControlProgram } from './control-program.ts';
import type { DiskDevice, TranslatedProgram } from './state.ts';
import { translateProgram } from './translate-ccws.ts';
import type { VirtualMachine } from './virtual-machine.ts';

const SENSE = 0x04;
const SENSE_BYTES = 24;
const DONE = CHANNEL_END | DEVICE_END;

type Started = { readonly code: 0 | 3 } | { readonly code: 1; readonly status: number };
const REJECTED: Started = { code: 1, status: PROGRAM_CHECK };

/** The guest's program as it stands, for a machine whose addresses are real; null without room for CP's SENSE. */
function untranslated(cp: ControlProgram, { key, address }: GuestCaw): TranslatedProgram | null {
  const length = 8 + SENSE_BYTES;
  const senseAt = cp.tryTakeStorage(length, 8);
  if (senseAt === null) return null;
  return {
    key,
    start: address,
    at: address,
    origins: [],
    areas: [{ at: senseAt, length }],
    pages: [],
    started: false,
    senseAt,
    first: address,
    seeks: [],
    untranslated: true,
  };
}

export class DiskIo {
  private readonly cp: ControlProgram;

  constructor(cp: ControlProgram) {
    this.cp = cp;
  }

  // ---------------------------------------------------------------- starting

  /** Starts the guest's program, or queues it. Throws PAGE_WAIT before anything has happened. */
  start(vm: VirtualMachine, device: DiskDevice, caw: GuestCaw, load: LoadPlan | null = null): Started {
    const first = load ? load.ccws.get(0)!.ccw : fetchCcw(vm, caw.address);
    if (!mayBegin(first)) return REJECTED;
    if (first.command === SENSE && (first.flags & CC) === 0) {
      this.giveSense(vm, device, caw, first);
      return { code: 0 };
    }
    const inPlace = !load && this.cp.virtualReal.passes(vm, device, caw.address, first);
    const program = inPlace ? untranslated(this.cp, caw) : translateProgram(this.cp, vm, device, caw, load);
    if (!program) return REJECTED;
    if (first.command !== SENSE) device.sense = [];
    device.program = program;
    device.busy = true;
    this.cp.note('io-start', vm, { device: device.address, real: device.real, ccws: program.origins.length });
    return this.startNext(device.real, device);
  }

  /** The guest's SENSE alone: the bytes are CP's to give. */
  private giveSense(vm: VirtualMachine, device: DiskDevice, caw: GuestCaw, ccw: Ccw): void {
    bringIn(vm, [[caw.address, ccw]]);
    const area = dataArea(vm, ccw);
    this.cp.charge('simulateCcw');
    let offset = 0;
    for (const { at, length } of area.pieces) {
      const part = Array.from({ length: Math.min(length, SENSE_BYTES - offset) }, (_, i) => {
        return device.sense[offset + i] ?? 0;
      });
      if ((ccw.flags & SKIP) === 0 && part.length > 0) vm.store(at, part);
      offset += part.length;
    }
    device.sense = [];
    const wrong = ccw.count !== SENSE_BYTES && (ccw.flags & SLI) === 0;
    const status = DONE | (area.broken ? PROGRAM_CHECK : wrong ? INCORRECT_LENGTH : 0);
    device.pending = [
      ((caw.key << 28) | (caw.address + 8)) >>> 0,
      ((status << 16) | Math.max(0, ccw.count - SENSE_BYTES)) >>> 0,
    ];
  }

  private *on(real: number): Generator<readonly [VirtualMachine, DiskDevice, TranslatedProgram]> {
    for (const vm of this.cp.machines)
      for (const device of vm.state.devices)
        if (device.type === 'disk' && device.real === real && device.program)
          yield [vm, device, device.program];
  }

  /** Tries again what could not be started because a channel or device was busy. */
  retry(): void {
    const reals = new Set<number>();
    for (const vm of this.cp.machines)
      for (const device of vm.state.devices)
        if (device.type === 'disk' && device.program) reals.add(device.real);
    for (const real of reals) this.startNext(real, null);
  }

  /**
   * Starts what comes next at the real drive: CP's own SENSE, else the first program that waits. For the program of
   * `asking` tells how its start went; a start that must wait is a start.
   */
  private startNext(real: number, asking: DiskDevice | null): Started {
    let result: Started = { code: 0 };
    for (;;) {
      const all = [...this.on(real)];
      const sensing = all.find(([, , program]) => program.sensing);
      if (sensing) {
        this.startSense(real, sensing[2]);
        return result;
      }
      if (all.some(([, , program]) => program.started)) return result;
      const [vm, device, program] = all[0] ?? [];
      if (!vm || !device || !program) return result;
      const ended = this.startReal(vm, device, program, device === asking);
      if (ended === null) return result;
      if (device === asking) result = ended;
    }
  }

  /** SIO of one program: null when it is under way or must wait, else how it ended at once. */
  private startReal(
    vm: VirtualMachine,
    device: DiskDevice,
    program: TranslatedProgram,
    asked: boolean,
  ): Started | null {
    const { system } = this.cp;
    system.storeWord(CAW, (program.key << 28) | program.start);
    const code = system.startIo(device.real);
    if (code === 0) {
      program.started = true;
      return null;
    }
    if (code === 2) return null;
    if (code === 3) {
      this.release(vm, device, program);
      if (!asked && !program.abandoned) device.pending = [0, (UNIT_CHECK << 16) >>> 0];
      return { code: 3 };
    }
    const status = system.fetchHalf(CSW + 4);
    // Status that the device held has gone with this SIO: the next one finds it free.
    if ((status & BUSY) !== 0 && (status & ~BUSY) !== 0) return this.startReal(vm, device, program, asked);
    // Busy: whatever holds the device will interrupt, and this is tried again then.
    if ((status & BUSY) !== 0) return null;
    if (!asked || (status & UNIT_CHECK) !== 0) {
      program.started = true;
      this.complete(vm, device, program, program.start + 8, status << 16);
      return { code: 0 };
    }
    if ((status & DONE) === CHANNEL_END) {
      program.started = true;
      program.channelEnded = true;
    } else this.release(vm, device, program);
    return { code: 1, status };
  }

  // ---------------------------------------------------------------- ending

  /** A real device has interrupted; its CSW is in CP's low storage. */
  interruption(real: number): void {
    const { system } = this.cp;
    const address = system.fetchWord(CSW) & 0xffffff;
    const status = system.fetchWord(CSW + 4);
    const owner = [...this.on(real)].find(([, , program]) => program.started);
    if (owner) this.complete(owner[0], owner[1], owner[2], address, status);
    this.startNext(real, null);
  }

  /** Translates status back to the guest's addresses and makes it pending. */
  private complete(
    vm: VirtualMachine,
    device: DiskDevice,
    program: TranslatedProgram,
    realAddress: number,
    word: number,
  ): void {
    const status = word >>> 16;
    if (program.sensing?.begun) {
      this.sensed(vm, device, program, program.sensing.csw);
      return;
    }
    if (program.sensing) return;
    if (program.channelEnded) {
      if (!program.abandoned) device.held = (device.held ?? 0) | status;
      this.release(vm, device, program);
      return;
    }
    const index = Math.floor((realAddress - 8 - program.at) / 8);
    const origin = program.untranslated ? realAddress - 8 : (program.origins[index] ?? program.first);
    const csw = [((program.key << 28) | ((origin + 8) & 0xffffff)) >>> 0, word >>> 0] as const;
    if (status === PROGRAM_CONTROLLED) {
      if (!program.abandoned) device.pending = csw;
      return;
    }
    this.moveArm(device, program, index);
    if ((status & UNIT_CHECK) !== 0) {
      program.sensing = { csw, begun: false };
      return;
    }
    this.post(vm, device, program, csw);
  }

  /** Makes the end of a program known to its guest, with a PCI that the guest has not taken yet. */
  private post(
    vm: VirtualMachine,
    device: DiskDevice,
    program: TranslatedProgram,
    [high, low]: readonly [number, number],
  ): void {
    const before = device.pending ? device.pending[1] >>> 16 : 0;
    if (!program.abandoned) device.pending = [high, (low | ((before & PROGRAM_CONTROLLED) << 16)) >>> 0];
    const unit = low >>> 16;
    this.cp.note('io-end', vm, { device: device.address, status: unit });
    if ((unit & (DONE | UNIT_CHECK)) === CHANNEL_END) program.channelEnded = true;
    else this.release(vm, device, program);
  }

  /** Where the virtual arm is after the CCW at `index`: the next program of this user begins there. */
  private moveArm(device: DiskDevice, program: TranslatedProgram, index: number): void {
    for (const [at, cylinder, head] of program.seeks) {
      if (at > index) continue;
      device.position = [cylinder < 0 ? (device.position?.[0] ?? 0) : cylinder, head];
    }
  }

  private release(vm: VirtualMachine, device: DiskDevice, program: TranslatedProgram): void {
    for (const area of program.areas) this.cp.releaseStorage(area.at, area.length);
    this.cp.charge('untranslateCcw');
    for (const page of program.pages) {
      vm.state.pages[page]!.locks--;
      // The channel stored by real address: the page is taken as changed.
      vm.swap.setChanged(page, true);
    }
    device.program = null;
    device.busy = false;
    this.cp.paging.retry();
    if (!vm.state.loggedOn) this.cp.releaseMachine(vm);
  }

  // ---------------------------------------------------------------- sense

  private startSense(real: number, program: TranslatedProgram): void {
    if (program.sensing!.begun) return;
    const { system } = this.cp;
    const at = program.senseAt;
    system.store(at, packCcw(SENSE, at + 8, SLI, SENSE_BYTES));
    system.storeWord(CAW, at);
    const code = system.startIo(real);
    // Channel or device busy: tried again at the next interruption.
    if (code === 0) program.sensing = { ...program.sensing!, begun: true };
  }

  private sensed(
    vm: VirtualMachine,
    device: DiskDevice,
    program: TranslatedProgram,
    csw: readonly [number, number],
  ): void {
    delete program.sensing;
    const bytes = [...this.cp.system.fetch(program.senseAt + 8, SENSE_BYTES)];
    if (!program.abandoned) device.sense = bytes;
    this.post(vm, device, program, csw);
  }

  // ---------------------------------------------------------------- cutting off

  /** HDV: what waits in CP never starts; what runs is halted and ends with its own interruption. */
  halt(vm: VirtualMachine, device: DiskDevice): void {
    const { program } = device;
    if (!program) return;
    if (program.started) {
      if (!program.channelEnded && !program.sensing) this.cp.system.haltDevice(device.real);
      return;
    }
    device.pending = [((program.key << 28) | (program.first + 8)) >>> 0, (DONE << 16) >>> 0];
    this.release(vm, device, program);
  }

  /** The machine is reset: nobody wants to hear of the end. */
  abandon(vm: VirtualMachine, device: DiskDevice): void {
    const { program } = device;
    if (!program) {
      device.busy = false;
      return;
    }
    if (!program.started) {
      this.release(vm, device, program);
      return;
    }
    program.abandoned = true;
    if (!program.channelEnded && !program.sensing) this.cp.system.haltDevice(device.real);
  }
}
