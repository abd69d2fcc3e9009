/**
 * Virtual consoles and spooled unit-record devices: CP executes their channel programs itself, CCW by CCW.
 * A console read suspends until its user has typed a line, a write until the real terminal has typed it.
 * SIMPLIFIED: a spooled record is written when it is in the spool file, which lives in host memory, not on a volume.
 */
import { ebcdicBytes, fromEbcdic } from '../../base/ebcdic.ts';
import {
  CHANNEL_END,
  DEVICE_END,
  INCORRECT_LENGTH,
  PROGRAM_CHECK,
  UNIT_CHECK,
  UNIT_EXCEPTION,
} from '../../machines/s370/channels/csw.ts';
import { SLI } from '../../machines/s370/channels/ccw.ts';
import {
  CC,
  CD,
  dataArea,
  fetchCcw,
  isInvalid,
  isTransferInChannel,
  MOST_CCWS,
  SKIP,
  type Ccw,
} from './channel-program.ts';
import type { ControlProgram } from './control-program.ts';
import type { CommandEnd, ConsoleDevice, SimulatedProgram, SpooledDevice } from './state.ts';
import type { VirtualMachine } from './virtual-machine.ts';

const DONE = CHANNEL_END | DEVICE_END;
const SENSE = 0x04;
const NO_OPERATION = 0x03;
const COMMAND_REJECT = 0x80;
const INTERVENTION_REQUIRED = 0x40;
const CARD = 80;
const PRINT_LINE = 132;

type Simulated = ConsoleDevice | SpooledDevice;

/** How a command went: ending status and bytes for the guest, or a wait for the terminal. */
type Outcome =
  | { readonly kind: 'ended'; readonly status: number; readonly data?: Uint8Array; readonly taken?: number }
  /** Taken over by the terminal, which tells when it has been typed. */
  | { readonly kind: 'typing' }
  | { readonly kind: 'suspended' };

/** What a console write comes to once it has been typed. */
const TYPED: Extract<Outcome, { readonly kind: 'ended' }> = { kind: 'ended', status: DONE };

export class SimulatedIo {
  private readonly cp: ControlProgram;

  constructor(cp: ControlProgram) {
    this.cp = cp;
  }

  /** Executes the program from `program.next` on, until it ends or waits for the terminal. */
  run(vm: VirtualMachine, device: Simulated, program: SimulatedProgram): void {
    device.busy = true;
    let at = program.next;
    for (let executed = 0; executed < MOST_CCWS; executed++) {
      const ccw = fetchCcw(vm, at);
      if (!ccw) {
        this.end(vm, device, program, at, PROGRAM_CHECK, 0);
        return;
      }
      if (isTransferInChannel(ccw)) {
        at = ccw.address;
        continue;
      }
      if (isInvalid(ccw, false)) {
        this.end(vm, device, program, at + 8, PROGRAM_CHECK, ccw.count);
        return;
      }
      const step = this.command(vm, device, { ...program, next: at }, ccw);
      if (step === null) return;
      if (step.finished) {
        this.end(vm, device, program, step.next, step.status, step.residual);
        return;
      }
      at = step.next;
    }
    // Only a program that loops gets here; a real channel would loop until halted.
    this.end(vm, device, program, at, PROGRAM_CHECK, 0);
  }

  /** One command with the CCWs data-chained to it; null when it suspended. */
  private command(
    vm: VirtualMachine,
    device: Simulated,
    program: SimulatedProgram,
    first: Ccw,
  ): CommandEnd | null {
    this.cp.charge('simulateCcw');
    const chain = this.dataChain(vm, program.next, first);
    const last = chain.at(-1)!;
    const areas = chain.map(({ ccw }) => dataArea(vm, ccw));
    const total = chain.reduce((sum, { ccw }) => sum + ccw.count, 0);
    if (areas.includes(null))
      return { finished: true, next: last.at + 8, status: PROGRAM_CHECK, residual: last.ccw.count };
    const pieces = areas.flatMap((area) => area ?? []);
    const outcome = this.perform(vm, device, first, total, () => gather(vm, pieces));
    if (outcome.kind === 'suspended') {
      if (device.type === 'console') device.waiting = program;
      return null;
    }
    const result = outcome.kind === 'typing' ? TYPED : outcome;
    if (result.data && (first.flags & SKIP) === 0) scatter(vm, pieces, result.data.subarray(0, total));
    const moved = result.data ? result.data.length : (result.taken ?? total);
    const wrongLength = moved !== total && (last.ccw.flags & SLI) === 0 && !isImmediate(first.command);
    const status = result.status | (wrongLength ? INCORRECT_LENGTH : 0);
    const goesOn = (last.ccw.flags & CC) !== 0 && (status & ~DONE) === 0;
    const end = { finished: !goesOn, next: last.at + 8, status, residual: Math.max(0, total - moved) };
    if (outcome.kind === 'ended' || device.type !== 'console') return end;
    device.typing = { ...program, ...end };
    return null;
  }

  /** The terminal has typed what the console's program wrote: the program goes on or ends. */
  typed(vm: VirtualMachine, device: ConsoleDevice): void {
    const { typing } = device;
    if (!typing) return;
    device.typing = null;
    if (typing.finished) this.end(vm, device, typing, typing.next, typing.status, typing.residual);
    else this.run(vm, device, typing);
  }

  private dataChain(vm: VirtualMachine, at: number, first: Ccw): { at: number; ccw: Ccw }[] {
    const chain = [{ at, ccw: first }];
    while ((chain.at(-1)!.ccw.flags & CD) !== 0 && chain.length < MOST_CCWS) {
      let next = chain.at(-1)!.at + 8;
      let ccw = fetchCcw(vm, next);
      if (ccw && isTransferInChannel(ccw)) {
        next = ccw.address;
        ccw = fetchCcw(vm, next);
      }
      if (!ccw) break;
      chain.push({ at: next, ccw });
    }
    return chain;
  }

  private perform(
    vm: VirtualMachine,
    device: Simulated,
    ccw: Ccw,
    count: number,
    output: () => Uint8Array,
  ): Outcome {
    if (ccw.command === SENSE) {
      const data = Uint8Array.of(device.sense[0] ?? 0);
      device.sense = [];
      return { kind: 'ended', status: DONE, data };
    }
    if (ccw.command === NO_OPERATION) return { kind: 'ended', status: DONE, taken: count };
    switch (device.type) {
      case 'console':
        return this.console(vm, device, ccw, output);
      case 'reader':
        return this.reader(device, ccw);
      case 'punch':
      case 'printer':
        return this.writer(device, ccw, output);
    }
  }

  private console(vm: VirtualMachine, device: ConsoleDevice, ccw: Ccw, output: () => Uint8Array): Outcome {
    switch (ccw.command) {
      case 0x01:
      case 0x09:
        this.cp.guestOutput(vm, fromEbcdic(output()), ccw.command === 0x09);
        return { kind: 'typing' };
      case 0x0a: {
        const line = vm.state.lines.shift();
        if (line === undefined) {
          this.cp.wantLine(vm);
          return { kind: 'suspended' };
        }
        return { kind: 'ended', status: DONE, data: ebcdicBytes(line) };
      }
      case 0x0b:
        return { kind: 'ended', status: DONE, taken: ccw.count };
      default:
        return reject(device);
    }
  }

  private reader(device: SpooledDevice, ccw: Ccw): Outcome {
    if ((ccw.command & 0x03) !== 0x02) return reject(device);
    const record = device.records.shift();
    if (record) return { kind: 'ended', status: DONE, data: Uint8Array.from(record) };
    // The end of a spool file is the reader's end of file, once; after that it is not ready.
    if (device.spoolClass !== 'empty') {
      device.spoolClass = 'empty';
      return { kind: 'ended', status: DONE | UNIT_EXCEPTION, taken: 0 };
    }
    device.sense = [INTERVENTION_REQUIRED];
    return { kind: 'ended', status: DONE | UNIT_CHECK, taken: 0 };
  }

  private writer(device: SpooledDevice, ccw: Ccw, output: () => Uint8Array): Outcome {
    const immediate = device.type === 'printer' && (ccw.command & 0x07) === 0x03;
    const writes = (ccw.command & 0x03) === 0x01;
    if (!immediate && !writes) return reject(device);
    const longest = device.type === 'punch' ? CARD : PRINT_LINE;
    const data = immediate ? new Uint8Array() : output().subarray(0, longest);
    device.records.push([ccw.command, ...data]);
    return { kind: 'ended', status: DONE, taken: immediate ? ccw.count : data.length };
  }

  /** HIO or HDV: ends the console's program where it stands; what is being typed is typed to its end. */
  halt(vm: VirtualMachine, device: ConsoleDevice): void {
    const program = device.waiting ?? device.typing;
    if (!program) return;
    const next = device.typing ? device.typing.next : program.next + 8;
    device.typing = null;
    this.end(vm, device, program, next, DONE, 0);
  }

  private end(
    vm: VirtualMachine,
    device: Simulated,
    program: SimulatedProgram,
    next: number,
    status: number,
    residual: number,
  ): void {
    device.busy = false;
    if (device.type === 'console') device.waiting = null;
    for (const page of program.pages) vm.state.pages[page]!.locks--;
    device.pending = [((program.key << 28) | (next & 0xffffff)) >>> 0, ((status << 16) | residual) >>> 0];
    this.cp.note('io-end', vm, { device: device.address, status });
  }
}

/** Commands whose count means nothing: control without data. */
const isImmediate = (command: number): boolean => (command & 0x03) === 0x03;

function reject(device: Simulated): Outcome {
  device.sense = [COMMAND_REJECT];
  return { kind: 'ended', status: DONE | UNIT_CHECK, taken: 0 };
}

type Pieces = readonly { readonly at: number; readonly length: number }[];

function gather(vm: VirtualMachine, pieces: Pieces): Uint8Array {
  return Uint8Array.from(pieces.flatMap(({ at, length }) => [...vm.fetch(at, length)]));
}
function scatter(vm: VirtualMachine, pieces: Pieces, data: Uint8Array): void {
  let offset = 0;
  for (const { at, length } of pieces) {
    const part = data.subarray(offset, offset + length);
    if (part.length > 0) vm.store(at, part);
    offset += length;
  }
}
