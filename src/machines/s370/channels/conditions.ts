/** Which interruption conditions wait, and in what order they are told. GA22-7000, "Input/Output Operations". */
import type { Channel, Unit } from './unit.ts';

export class Conditions {
  private readonly units: ReadonlyMap<number, Unit>;

  constructor(units: ReadonlyMap<number, Unit>) {
    this.units = units;
  }

  private some(channel: Channel, test: (unit: Unit) => boolean): boolean {
    for (const unit of this.units.values()) if (unit.channel === channel && test(unit)) return true;
    return false;
  }

  /** The subchannel of `unit` works or holds a condition; a selector channel has but one subchannel. */
  subchannelTaken(unit: Unit): boolean {
    const taken = (one: Unit): boolean => one.program !== null || one.pending !== null;
    return taken(unit) || (unit.channel.kind === 'selector' && this.some(unit.channel, taken));
  }

  /** The subchannel of `unit` holds the condition that ended a program. */
  pendingInSubchannel(unit: Unit): boolean {
    if (unit.pending !== null || unit.channel.kind !== 'selector') return unit.pending !== null;
    return this.some(unit.channel, (other) => other.pending !== null);
  }

  /** Status that a device itself holds comes through only when its subchannel is free. */
  private isPending(unit: Unit): boolean {
    if (unit.pending !== null || unit.program?.controlled) return true;
    return unit.held !== 0 && !this.subchannelTaken(unit);
  }

  anyPending(channel: Channel): boolean {
    return this.some(channel, (unit) => this.isPending(unit));
  }

  /** The pending unit of the lowest enabled channel and address. Bit 0 of `enabled` is channel 0. */
  highest(enabled: number): Unit | null {
    let best: Unit | null = null;
    for (const unit of this.units.values())
      if (
        (best === null || unit.address < best.address) &&
        ((enabled << unit.channel.number) & 0x8000_0000) !== 0 &&
        this.isPending(unit)
      )
        best = unit;
    return best;
  }
}
