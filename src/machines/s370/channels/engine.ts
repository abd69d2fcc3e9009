/**
 * How a channel executes a channel program: fetch a CCW, start the device, pass the data, chain, end.
 * Each step is an event on the clock and takes at least one cycle before the next CCW, so that an endless program
 * (a TIC back to a no-operation) lasts for ever on the machine's clock but never holds up the page.
 * Layers: instructions and interruptions (channels.ts) → this file → storage (data-path.ts), devices.
 * GA22-7000, "Input/Output Operations", "Execution of Input/Output Operations" and "Termination".
 *
 * SIMPLIFIED: a channel passes data at the speed of its device and takes no storage cycles from the processor; bytes
 * of one CCW are stored all at once when the last of them has passed (or when a halt cuts them off).
 */
import type { Reply, End } from '../devices/device.ts';
import { estimate } from '../devices/figures.ts';
import { CC, CD, SLI } from './ccw.ts';
import type { ChannelHost } from './host.ts';
import {
  CHANNEL_END,
  DEVICE_END,
  INCORRECT_LENGTH,
  isExceptional,
  PROGRAM_CONTROLLED,
  STATUS_MODIFIER,
} from './csw.ts';
import { moveBytes } from './data-path.ts';
import { chainCommand, chainData } from './sequence.ts';
import { eventAt, type Operation, type Program, type Unit } from './unit.ts';

/** Time from the end of one command to the start of the next: fetching the CCW and selecting the device again. */
export const CCW_TIME = estimate(
  3,
  'µs',
  'between the CCW fetch times of the integrated channels of the 370/145 and 158, from memory of their manuals',
);

const UNIT_STATUS = 0xff00;

/** What remains when the load key's program ends. */
export interface InitialLoad {
  readonly address: number;
  readonly outcome: 'running' | 'done' | 'failed';
  /** Status that ended it. */
  readonly status: number;
}

export class ChannelEngine {
  readonly host: ChannelHost;
  readonly units = new Map<number, Unit>();
  initialLoad: InitialLoad | null = null;
  /** Cycle of the event being processed, or −1 between events. */
  private present = -1;
  /** Set while SIO runs: what ends meanwhile goes into the condition code, not into an interruption. */
  private quiet = false;

  constructor(host: ChannelHost) {
    this.host = host;
  }

  get now(): number {
    return this.present >= 0 ? this.present : this.host.clock;
  }

  cycles(microseconds: number): number {
    return (microseconds * 1e6) / this.host.cyclePicoseconds;
  }

  private get ccwCycles(): number {
    return Math.max(1, Math.round(this.cycles(CCW_TIME.value)));
  }

  // ---------------------------------------------------------------- events

  nextEvent(): number {
    let next = Infinity;
    for (const unit of this.units.values())
      if (unit.event && !unit.event.waiting && unit.event.at < next) next = unit.event.at;
    return next;
  }

  /** Processes all events due at `clock`, in order of time, then of address. */
  advance(clock: number): void {
    for (;;) {
      let first: Unit | null = null;
      for (const unit of this.units.values()) {
        const event = unit.event;
        if (!event || event.waiting || event.at > clock) continue;
        const earliest = first?.event?.at ?? Infinity;
        if (event.at < earliest || (event.at === earliest && unit.address < first!.address)) first = unit;
      }
      if (!first) return;
      this.present = first.event!.at;
      this.process(first);
      this.present = -1;
    }
  }

  private process(unit: Unit): void {
    const event = unit.event!;
    const program = unit.program;
    unit.event = null;
    switch (event.kind) {
      case 'start':
        if (program) this.startDevice(unit, program, false);
        return;
      case 'chain':
        if (program) this.fetchNext(unit, program);
        return;
      case 'segment':
        if (program) this.segmentPassed(unit, program);
        return;
      case 'channel-end':
        if (program) this.commandEnded(unit, program, program.operation!.end!, false);
        return;
      case 'device-end':
        if (program) this.reconnect(unit, program, event.status, event.retry);
        else {
          unit.busy = false;
          this.hold(unit, event.status);
        }
    }
  }

  /** The device holds `status` until an instruction or an interruption takes it. */
  hold(unit: Unit, status: number): void {
    unit.held |= status & UNIT_STATUS;
    this.host.ioPending();
  }

  // ---------------------------------------------------------------- the channel itself

  private connect(unit: Unit): void {
    if (unit.channel.kind !== 'byte-multiplexer') unit.channel.connected = unit.address;
  }

  /** Gives the channel free; the first device that waits for it comes next. */
  disconnect(unit: Unit): void {
    const channel = unit.channel;
    if (channel.connected !== unit.address) return;
    channel.connected = -1;
    let first: Unit | null = null;
    for (const other of this.units.values())
      if (other.channel === channel && other.event?.waiting && (!first || other.address < first.address))
        first = other;
    if (first) first.event = { ...first.event!, at: this.now, waiting: false };
  }

  /** A device whose mechanism came to rest wants its chain continued. */
  private reconnect(unit: Unit, program: Program, status: number, retry: number): void {
    const { connected } = unit.channel;
    if (connected >= 0 && connected !== unit.address) {
      unit.event = eventAt(this.now + retry, 'device-end', status, retry, retry === 0);
      return;
    }
    this.connect(unit);
    program.status = status;
    if (isExceptional(status) || program.halted) this.conclude(unit, program, status);
    else this.chain(unit, program, status);
  }

  // ---------------------------------------------------------------- starting

  /**
   * Starts `program`, whose first CCW is in it. True when it is under way; false when it ended at once, with its CSW
   * in `unit.pending` for the instruction that started it.
   */
  start(unit: Unit, program: Program, fast: boolean): boolean {
    unit.program = program;
    unit.pending = null;
    this.connect(unit);
    if (fast) {
      program.deferred = true;
      unit.event = eventAt(this.now + this.ccwCycles, 'start');
      return true;
    }
    this.quiet = true;
    this.startDevice(unit, program, false);
    this.quiet = false;
    if (unit.program && program.controlled) this.host.ioPending();
    return unit.program !== null;
  }

  private startDevice(unit: Unit, program: Program, chained: boolean): void {
    if (program.halted) {
      this.conclude(unit, program, program.status);
      return;
    }
    this.answer(unit, program, unit.device.start(program.command, chained));
  }

  /** The device has answered the command that `program` is at. */
  answer(unit: Unit, program: Program, reply: Reply): void {
    if (reply.kind === 'suspended') {
      program.deferred = false;
      return;
    }
    if (reply.kind === 'ended') {
      this.commandEnded(unit, program, reply.end, true);
      return;
    }
    program.deferred = false;
    const input = reply.kind === 'input';
    program.operation = {
      data: input ? reply.data : new Uint8Array(0),
      output: !input,
      offset: 0,
      length: input ? reply.data.length : Number.isFinite(reply.capacity) ? reply.capacity : -1,
      start: this.now + reply.wait,
      perByte: reply.perByte,
      header: input ? 0 : (reply.header ?? 0),
      exact: input || reply.exact,
      runsOn: reply.runsOn,
      end: input ? reply.end : null,
    };
    this.beginSegment(unit, program, program.operation);
  }

  /** Bytes that the current CCW and the device together will pass. */
  private segmentLength(program: Program, operation: Operation): number {
    const left = operation.length < 0 ? program.area.count : operation.length - operation.offset;
    return Math.min(left, program.area.count);
  }

  private beginSegment(unit: Unit, program: Program, operation: Operation): void {
    const bytes = operation.offset + this.segmentLength(program, operation);
    const at = Math.ceil(operation.start + bytes * operation.perByte);
    unit.event = eventAt(Math.max(at, this.now + 1), 'segment');
  }

  // ---------------------------------------------------------------- data

  private segmentPassed(unit: Unit, program: Program): void {
    const operation = program.operation!;
    this.pass(program, operation, this.segmentLength(program, operation));
    if (operation.header > 0 && operation.offset === operation.header) {
      operation.length = unit.device.lengthAfter!(program.command, operation.data);
      operation.header = 0;
      if (program.area.count > 0 && operation.offset < operation.length) {
        this.beginSegment(unit, program, operation);
        return;
      }
    }
    const counted = program.area.count === 0 && (program.flags & CD) !== 0;
    if (program.check === 0 && counted && chainData(this.host.storage, program)) {
      if (program.controlled) this.host.ioPending();
      this.beginSegment(unit, program, operation);
    } else this.endData(unit, program, operation);
  }

  /** Moves the next `length` bytes; a check goes into the program's status. */
  private pass(program: Program, operation: Operation, length: number): void {
    const { area } = program;
    if (operation.output) {
      const grown = new Uint8Array(operation.offset + length);
      grown.set(operation.data);
      operation.data = grown;
    }
    const before = area.count;
    program.check |= moveBytes(
      this.host.storage,
      program.key,
      area,
      program.flags,
      program.direction,
      operation.data,
      operation.offset,
      length,
    );
    operation.offset += before - area.count;
  }

  /** The channel wants or has no more: lets the block run out under the head where it must, then ends the command. */
  private endData(unit: Unit, program: Program, operation: Operation): void {
    if (operation.output)
      operation.end = unit.device.take(program.command, operation.data.subarray(0, operation.offset));
    const block = operation.runsOn ? operation.start + operation.length * operation.perByte : this.now;
    const end = Math.ceil(Math.max(block, this.now) + (operation.end!.wait ?? 0));
    if (end > this.now) unit.event = eventAt(end, 'channel-end');
    else this.commandEnded(unit, program, operation.end!, false);
  }

  // ---------------------------------------------------------------- CCWs

  /** Fetches the next CCW, after the device ended a command. */
  private chain(unit: Unit, program: Program, status: number): void {
    if ((status & STATUS_MODIFIER) !== 0) program.next = (program.next + 8) & 0xffffff;
    program.operation = null;
    unit.event = eventAt(this.now + this.ccwCycles, 'chain');
  }

  private fetchNext(unit: Unit, program: Program): void {
    if (program.halted) {
      this.conclude(unit, program, program.status);
      return;
    }
    const outcome = chainCommand(this.host.storage, program);
    if (outcome === 'transferred') {
      unit.event = eventAt(this.now + this.ccwCycles, 'chain');
      return;
    }
    if (outcome === 'checked') {
      this.conclude(unit, program, program.status);
      return;
    }
    if (program.controlled) this.host.ioPending();
    this.startDevice(unit, program, true);
  }

  // ---------------------------------------------------------------- ending

  /** The device's length against the program's. GA22-7000, "Incorrect Length". */
  private incorrectLength(program: Program): boolean {
    const { operation, area, flags } = program;
    if (!operation || program.halted || program.check !== 0) return false;
    if ((flags & SLI) !== 0 && (flags & CD) === 0) return false;
    return area.count !== 0 || (operation.exact && operation.offset < operation.length);
  }

  private commandEnded(unit: Unit, program: Program, end: End, immediate: boolean): void {
    program.status = end.status;
    const wrong = !immediate && this.incorrectLength(program);
    if (wrong) program.check |= INCORRECT_LENGTH;
    const goesOn =
      program.check === 0 &&
      !program.halted &&
      !isExceptional(end.status) &&
      (program.flags & (CD | CC)) === CC;
    if (!goesOn) {
      this.conclude(unit, program, end.status, end);
      return;
    }
    program.deferred = false;
    if ((end.status & DEVICE_END) !== 0) {
      this.chain(unit, program, end.status);
      return;
    }
    const { cycles, status } = end.later!;
    program.operation = null;
    unit.event = eventAt(Math.ceil(this.now + cycles), 'device-end', status, end.retry ?? 0);
    // A block-multiplexer channel serves others while this device seeks; a selector channel stays with it.
    if (unit.channel.kind === 'block-multiplexer' && this.host.blockMultiplexing !== false)
      this.disconnect(unit);
  }

  /** Ends the program: what is to be told goes into the subchannel as a complete CSW. */
  conclude(unit: Unit, program: Program, status: number, end?: End): void {
    unit.program = null;
    unit.event = null;
    if (end?.later) {
      unit.busy = true;
      unit.event = eventAt(Math.ceil(this.now + end.later.cycles), 'device-end', end.later.status);
    }
    this.disconnect(unit);
    const all = status | program.check | (program.controlled ? PROGRAM_CONTROLLED : 0);
    if (program.initialLoad) {
      const regular = (all & ~(CHANNEL_END | DEVICE_END | STATUS_MODIFIER)) === 0;
      this.initialLoad = { address: unit.address, outcome: regular ? 'done' : 'failed', status: all };
      return;
    }
    unit.pending = {
      key: program.key,
      deferred: program.deferred ? 1 : 0,
      address: program.next,
      status: all,
      count: program.area.count,
    };
    if (!this.quiet) this.host.ioPending();
  }

  /** Cuts `program` off: no chaining, and no more data than has passed by now. */
  halt(unit: Unit, program: Program): void {
    program.halted = true;
    const operation = program.operation;
    const kind = unit.event?.kind;
    if (kind === 'segment' && operation) {
      const passed = Math.floor((this.now - operation.start) / operation.perByte) - operation.offset;
      const most = this.segmentLength(program, operation);
      this.pass(program, operation, Math.max(0, Math.min(passed, most)));
      unit.event = null;
      this.endData(unit, program, operation);
    } else if (!unit.event) {
      this.commandEnded(unit, program, unit.device.halt(program.command), false);
    }
  }
}
