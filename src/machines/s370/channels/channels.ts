/**
 * The channels of a machine: the I/O instructions, the interruptions and the load key on one side, attached devices
 * on the other. Condition codes after the tables of states in GA22-7000, "Input/Output Operations".
 *
 * SIMPLIFIED: every device has a subchannel of its own on the multiplexer channels (no shared subchannels); byte
 * multiplexers never enter burst mode; there is no channel-available interruption, and no equipment fails.
 */
import { hex } from '../../../base/bits.ts';
import type { Persist } from '../../contract.ts';
import { CHANNEL_ID, CSW } from '../assigned-storage.ts';
import type { Device, Line } from '../devices/device.ts';
import { CC, READ, SLI, type Ccw } from './ccw.ts';
import type { ChannelHost, ChannelKind } from './host.ts';
import { BUSY, PROGRAM_CONTROLLED, statusNames, statusOnly, storeCsw, storeStatus, touched } from './csw.ts';
import { Conditions } from './conditions.ts';
import { firstProgram } from './sequence.ts';
import { ChannelEngine, type InitialLoad } from './engine.ts';
import { copyProgram, eventAt, programOf, type Channel, type Unit, type UnitState } from './unit.ts';

/** The eight I/O instructions as the processor gives them: I/O address in, condition code out. */
export interface Channels {
  startIo(address: number, fast: boolean): number;
  testIo(address: number): number;
  clearIo(address: number): number;
  haltIo(address: number): number;
  haltDevice(address: number): number;
  testChannel(address: number): number;
  storeChannelId(address: number): number;
}

export interface ChannelsState {
  readonly version: 1;
  readonly connected: readonly { readonly channel: number; readonly address: number }[];
  readonly units: readonly UnitState[];
  readonly initialLoad: InitialLoad | null;
}

/** Channel 0 for the slow devices, five for disks and drums: what a machine has unless it says otherwise. */
export const STANDARD_CHANNELS: readonly ChannelKind[] = [
  'byte-multiplexer',
  'block-multiplexer',
  'block-multiplexer',
  'block-multiplexer',
  'block-multiplexer',
  'block-multiplexer',
];

/** Bits 0 to 3 of what STIDC stores. */
const TYPE_OF: Readonly<Record<ChannelKind, number>> = {
  selector: 0,
  'byte-multiplexer': 1,
  'block-multiplexer': 2,
};

export class ChannelSubsystem implements Channels, Persist<ChannelsState> {
  private readonly host: ChannelHost;
  private readonly engine: ChannelEngine;
  private readonly conditions: Conditions;
  private readonly channels: readonly Channel[];

  constructor(host: ChannelHost, kinds: readonly ChannelKind[] = STANDARD_CHANNELS) {
    this.host = host;
    this.engine = new ChannelEngine(host);
    this.conditions = new Conditions(this.engine.units);
    this.channels = kinds.map((kind, number) => ({ number, kind, connected: -1 }));
  }

  // ---------------------------------------------------------------- configuration

  attach(address: number, device: Device): void {
    const channel = this.channels[address >> 8];
    if (!channel)
      throw new Error(`device ${address.toString(16)}: there are ${this.channels.length} channels`);
    if (this.engine.units.has(address)) throw new Error(`two devices at ${address.toString(16)}`);
    const unit: Unit = {
      address,
      channel,
      device,
      program: null,
      pending: null,
      held: 0,
      busy: false,
      event: null,
    };
    this.engine.units.set(address, unit);
    device.connect(this.lineOf(unit));
  }

  /** Takes the device away; what it was doing ends without a word, as when its power fails. */
  detach(address: number): Device | null {
    const unit = this.engine.units.get(address);
    if (!unit) return null;
    this.engine.units.delete(address);
    this.engine.disconnect(unit);
    unit.device.connect(null);
    return unit.device;
  }

  device(address: number): Device | null {
    return this.engine.units.get(address)?.device ?? null;
  }

  /** Addresses in ascending order. */
  get addresses(): number[] {
    return [...this.engine.units.keys()].sort((a, b) => a - b);
  }

  /** What the device at `address` is doing, for a panel. */
  activity(address: number): {
    readonly busy: boolean;
    readonly command: number | null;
    readonly pending: boolean;
  } {
    const unit = this.engine.units.get(address);
    if (!unit) return { busy: false, command: null, pending: false };
    return {
      busy: unit.program !== null || unit.busy,
      command: unit.program?.command ?? null,
      pending: unit.pending !== null || unit.held !== 0,
    };
  }

  private lineOf(unit: Unit): Line {
    const engine = this.engine;
    return {
      get clock() {
        return engine.now;
      },
      cycles: (microseconds) => engine.cycles(microseconds),
      present: (status) => engine.hold(unit, status),
      answer: (reply) => {
        if (unit.program && !unit.event) engine.answer(unit, unit.program, reply);
      },
    };
  }

  // ---------------------------------------------------------------- instructions

  /** START I/O, START I/O FAST RELEASE. */
  startIo(address: number, fast: boolean): number {
    const found = this.select(address);
    if (typeof found === 'number') return found;
    if (this.conditions.subchannelTaken(found)) return 2;
    if (found.held !== 0 || found.busy) {
      const status = found.held | BUSY;
      found.held = 0;
      return this.told(status);
    }
    const first = firstProgram(this.host);
    if (typeof first === 'number') return this.told(first);
    // Only block-multiplexer channels release the processor before the device has answered.
    const released = fast && found.channel.kind === 'block-multiplexer';
    if (this.engine.start(found, first, released)) return 0;
    const { status } = found.pending!;
    found.pending = null;
    return this.told(status);
  }

  testIo(address: number): number {
    const found = this.select(address);
    if (typeof found === 'number') return found;
    if (found.pending) return this.takePending(found);
    if (this.conditions.subchannelTaken(found)) return 2;
    if (found.held === 0 && !found.busy) return 0;
    return this.takeHeld(found, found.busy ? BUSY : 0);
  }

  /** CLEAR I/O: ends the operation in the subchannel; the device goes on by itself. */
  clearIo(address: number): number {
    const found = this.select(address);
    if (typeof found === 'number') {
      // The device in burst mode is the one addressed: its operation can be cleared.
      const channel = this.channels[address >> 8];
      if (found !== 2 || channel?.connected !== address) return found;
    }
    const unit = this.engine.units.get(address)!;
    if (unit.pending) return this.takePending(unit);
    const program = unit.program;
    if (!program) return 0;
    program.halted = true;
    const end = unit.event?.kind === 'device-end' ? unit.event : null;
    this.engine.conclude(unit, program, 0);
    unit.busy = end !== null;
    unit.event = end && eventAt(end.at, 'device-end', end.status);
    return this.takePending(unit);
  }

  /** HALT I/O: whatever works on the channel in burst mode, else the device addressed. */
  haltIo(address: number): number {
    const channel = this.channels[address >> 8];
    if (!channel) return 3;
    const bursting = this.engine.units.get(channel.connected);
    if (bursting) {
      this.engine.halt(bursting, bursting.program!);
      return 2;
    }
    return this.haltAddressed(address);
  }

  /** HALT DEVICE: the device addressed and no other. */
  haltDevice(address: number): number {
    const channel = this.channels[address >> 8];
    if (!channel) return 3;
    if (channel.connected >= 0 && channel.connected !== address) return 2;
    return this.haltAddressed(address);
  }

  private haltAddressed(address: number): number {
    const unit = this.engine.units.get(address);
    if (!unit) return 3;
    if (this.conditions.pendingInSubchannel(unit)) return 0;
    if (unit.program) this.engine.halt(unit, unit.program);
    return this.told(0);
  }

  testChannel(address: number): number {
    const channel = this.channels[address >> 8];
    if (!channel) return 3;
    if (channel.connected >= 0) return 2;
    return this.conditions.anyPending(channel) ? 1 : 0;
  }

  /** STORE CHANNEL ID: the type alone; integrated channels have no model number and no log-out area. */
  storeChannelId(address: number): number {
    const channel = this.channels[address >> 8];
    if (!channel) return 3;
    const at = this.host.absolute(CHANNEL_ID);
    this.host.storage.view.setUint32(at, (TYPE_OF[channel.kind] << 28) >>> 0);
    touched(this.host.storage, at);
    return 0;
  }

  /** The unit at `address`, or the condition code where channel or device cannot be selected. */
  private select(address: number): Unit | number {
    const channel = this.channels[address >> 8];
    if (!channel) return 3;
    if (channel.connected >= 0) return 2;
    return this.engine.units.get(address) ?? 3;
  }

  /** Condition code 1 with the status halfword stored. */
  private told(status: number): number {
    storeStatus(this.host.storage, this.host.absolute(CSW), status);
    return 1;
  }

  private takePending(unit: Unit): number {
    storeCsw(this.host.storage, this.host.absolute(CSW), unit.pending!);
    unit.pending = null;
    return 1;
  }

  private takeHeld(unit: Unit, more: number): number {
    storeCsw(this.host.storage, this.host.absolute(CSW), statusOnly(unit.held | more));
    unit.held = 0;
    return 1;
  }

  // ---------------------------------------------------------------- interruptions

  pending(enabled: number): boolean {
    return enabled !== 0 && this.conditions.highest(enabled) !== null;
  }

  /** Takes the first pending interruption of the enabled channels: stores the CSW, gives the I/O address. */
  accept(enabled: number): number | null {
    const unit = this.conditions.highest(enabled);
    if (!unit) return null;
    const program = unit.program;
    if (unit.pending) this.takePending(unit);
    else if (program?.controlled) {
      program.controlled = false;
      storeCsw(this.host.storage, this.host.absolute(CSW), {
        key: program.key,
        deferred: 0,
        address: program.next,
        status: PROGRAM_CONTROLLED,
        count: program.area.count,
      });
    } else this.takeHeld(unit, 0);
    return unit.address;
  }

  // ---------------------------------------------------------------- time

  /** Cycle of the next event, Infinity if nothing moves. */
  nextEvent(): number {
    return this.engine.nextEvent();
  }

  advance(clock: number): void {
    this.engine.advance(clock);
  }

  // ---------------------------------------------------------------- operator

  /** System reset: ends all operations, forgets all conditions; media stay. */
  reset(): void {
    for (const channel of this.channels) channel.connected = -1;
    for (const unit of this.engine.units.values()) {
      unit.program = null;
      unit.pending = null;
      unit.held = 0;
      unit.busy = false;
      unit.event = null;
      unit.device.reset();
    }
    this.engine.initialLoad = null;
  }

  /**
   * The load key: reads 24 bytes to location 0 as if by a CCW at 0 that chains commands to the one at 8. The machine
   * then runs its clock until `iplDone()`, and without an `iplFailure()` stores the I/O address and loads the PSW.
   * A device end that comes after channel end stays an interruption condition.
   * GA22-7000, "System Control", "Initial Program Loading".
   */
  ipl(address: number): void {
    const unit = this.engine.units.get(address);
    this.engine.initialLoad = { address, outcome: unit ? 'running' : 'failed', status: 0 };
    if (!unit) return;
    const ccw: Ccw = { command: READ, address: 0, flags: CC | SLI, count: 24 };
    this.engine.start(unit, programOf(0, 8, ccw, true), false);
  }

  iplDone(): boolean {
    return this.engine.initialLoad?.outcome !== 'running';
  }

  /** Why the load did not succeed, in words, or null. */
  iplFailure(): string | null {
    const load = this.engine.initialLoad;
    if (load?.outcome === 'done') return null;
    if (!load) return 'no load was started';
    const device = `device ${hex(load.address, 3)}`;
    if (load.outcome === 'running') return `${device} has not answered the load`;
    if (!this.engine.units.has(load.address)) return `${device} is not there: no load`;
    return `${device} ended the load with ${statusNames(load.status).join(', ') || 'no status'}`;
  }

  // ---------------------------------------------------------------- state

  save(): ChannelsState {
    return {
      version: 1,
      connected: this.channels.map(({ number, connected }) => ({ channel: number, address: connected })),
      units: [...this.engine.units.values()].map((unit) => ({
        address: unit.address,
        program: unit.program && copyProgram(unit.program),
        pending: unit.pending,
        held: unit.held,
        busy: unit.busy,
        event: unit.event,
        device: unit.device.save(),
      })),
      initialLoad: this.engine.initialLoad,
    };
  }

  /** Brings a state back into the same configuration of devices. */
  restore(state: ChannelsState): void {
    const { units } = this.engine;
    if (state.units.length !== units.size || !state.units.every((saved) => units.has(saved.address)))
      throw new Error(
        `state of ${state.units.length} devices restored into a configuration of ${units.size}`,
      );
    for (const { channel, address } of state.connected) this.channels[channel]!.connected = address;
    for (const saved of state.units) {
      const unit = units.get(saved.address)!;
      unit.program = saved.program && copyProgram(saved.program);
      unit.pending = saved.pending;
      unit.held = saved.held;
      unit.busy = saved.busy;
      unit.event = saved.event;
      unit.device.restore(saved.device);
    }
    this.engine.initialLoad = state.initialLoad;
  }
}
