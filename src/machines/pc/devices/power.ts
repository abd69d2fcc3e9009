/**
 * Power management as ACPI's fixed hardware has it: the event and control registers and the timer. ACPI 1.0b, section
 * 4.7. SIMPLIFIED: the hardware is in ACPI mode from the beginning, and of the sleeping states it knows soft off.
 */
import type { PortDevice } from './port-bus.ts';
import type { Clocked } from './wiring.ts';

export const POWER_PORTS = 0x600;
export const POWER_LENGTH = 64;
export const TIMER_FREQUENCY = 3_579_545;
const EVENT_STATUS = 0;
const EVENT_ENABLE = 2;
export const CONTROL = 4;
export const TIMER = 8;

const SCI_ENABLED = 0x0001;
const SLEEP_TYPE = 0x1c00;
const SLEEP = 0x2000;

export interface PowerState {
  readonly enabled: number;
  readonly control: number;
}

export class PowerManagement implements PortDevice {
  readonly name = 'ACPI power management';
  base = POWER_PORTS;
  private enabled = 0;
  private control = SCI_ENABLED;
  private readonly clock: Clocked;
  private readonly off: () => void;

  constructor(clock: Clocked, off: () => void) {
    this.clock = clock;
    this.off = off;
  }

  private get ticks(): number {
    return Math.floor((this.clock.clock * TIMER_FREQUENCY) / this.clock.frequency) & 0xffffff;
  }

  /** Registers as words; the byte wanted is taken out of its word. */
  read(port: number): number {
    const offset = port - this.base;
    if (offset >= TIMER && offset < TIMER + 4) return (this.ticks >>> (8 * (offset - TIMER))) & 0xff;
    const words: Readonly<Record<number, number>> = {
      [EVENT_STATUS]: 0,
      [EVENT_ENABLE]: this.enabled,
      [CONTROL]: this.control,
    };
    return ((words[offset & ~1] ?? 0) >> (8 * (offset & 1))) & 0xff;
  }

  /** The timer is read in one piece, else it would change between its bytes. */
  readWide(port: number, size: 2 | 4): number | null {
    const offset = port - this.base;
    return offset === TIMER ? this.ticks & (size === 2 ? 0xffff : -1) : null;
  }

  writeWide(port: number, _size: 2 | 4, value: number): boolean {
    const offset = port - this.base;
    if (offset === CONTROL) this.writeControl(value & 0xffff);
    else if (offset === EVENT_ENABLE) this.enabled = value & 0xffff;
    return offset === CONTROL || offset === EVENT_ENABLE;
  }

  write(port: number, value: number): void {
    const offset = port - this.base;
    const merge = (word: number): number =>
      (offset & 1) === 0 ? (word & 0xff00) | value : (word & 0xff) | (value << 8);
    if ((offset & ~1) === CONTROL) this.writeControl(merge(this.control));
    else if ((offset & ~1) === EVENT_ENABLE) this.enabled = merge(this.enabled);
  }

  private writeControl(value: number): void {
    this.control = (value & ~SLEEP) | SCI_ENABLED;
    if ((value & SLEEP) !== 0 && (value & SLEEP_TYPE) === 0) this.off();
  }

  save(): PowerState {
    return { enabled: this.enabled, control: this.control };
  }
  restore(state: PowerState): void {
    this.enabled = state.enabled;
    this.control = state.control;
  }
}
