/** The I/O APIC: 24 inputs, each with its entry of the redirection table. Intel 82093AA data sheet (290566). */
import { MODE_NMI, type LocalApic } from './local-apic.ts';
import type { MappedDevice } from './wiring.ts';

export const IO_APIC_BASE = 0xfec00000;
export const IO_APIC_LENGTH = 0x1000;
export const IO_APIC_ID = 1;
const PINS = 24;
const VERSION = 0x11 | ((PINS - 1) << 16);
const SELECT = 0x00;
const WINDOW = 0x10;
const FIRST_ENTRY = 0x10;

const LOGICAL = 0x800;
const REMOTE_REQUEST = 0x4000;
const LEVEL = 0x8000;
const MASKED = 0x10000;
const LOW_WRITABLE = 0x1afff;

export interface IoApicState {
  readonly id: number;
  readonly selected: number;
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly lines: number;
}

export class IoApic implements MappedDevice {
  private id = IO_APIC_ID << 24;
  private selected = 0;
  private low = new Int32Array(PINS).fill(MASKED);
  private high = new Int32Array(PINS);
  /** Inputs that are high. */
  private lines = 0;
  private readonly local: LocalApic;

  constructor(local: LocalApic) {
    this.local = local;
    local.onEnd = (vector) => {
      this.ended(vector);
    };
  }

  /** Raises or lowers an input. */
  line(pin: number, high: boolean): void {
    const bit = 1 << pin;
    const rising = high && (this.lines & bit) === 0;
    this.lines = high ? this.lines | bit : this.lines & ~bit;
    if (rising || (this.low[pin]! & LEVEL) !== 0) this.deliver(pin, rising);
  }

  /** An input is routed as a non-maskable interrupt. */
  get routesNmi(): boolean {
    return this.low.some((entry) => (entry & MASKED) === 0 && ((entry >> 8) & 7) === MODE_NMI);
  }

  /** Edges count when they come, levels while they last and nobody has answered. */
  private deliver(pin: number, edge: boolean): void {
    const entry = this.low[pin]!;
    const level = (entry & LEVEL) !== 0;
    if ((entry & MASKED) !== 0) return;
    if (level ? (this.lines & (1 << pin)) === 0 || (entry & REMOTE_REQUEST) !== 0 : !edge) return;
    const accepted = this.local.accept({
      vector: entry & 0xff,
      mode: (entry >> 8) & 7,
      level,
      logical: (entry & LOGICAL) !== 0,
      destination: this.high[pin]! >>> 24,
    });
    if (level && accepted) this.low[pin]! |= REMOTE_REQUEST;
  }

  private ended(vector: number): void {
    for (let pin = 0; pin < PINS; pin++) {
      const entry = this.low[pin]!;
      if ((entry & 0xff) !== vector || (entry & REMOTE_REQUEST) === 0) continue;
      this.low[pin] = entry & ~REMOTE_REQUEST;
      this.deliver(pin, false);
    }
  }

  load(offset: number, _size: 1 | 2 | 4): number {
    if (offset === SELECT) return this.selected;
    return offset === WINDOW ? this.register : 0;
  }

  private get register(): number {
    const { selected } = this;
    if (selected === 0 || selected === 2) return this.id;
    if (selected === 1) return VERSION;
    const table = (selected & 1) === 0 ? this.low : this.high;
    return table[(selected - FIRST_ENTRY) >> 1] ?? 0;
  }

  store(offset: number, _size: 1 | 2 | 4, value: number): void {
    if (offset === SELECT) this.selected = value & 0xff;
    else if (offset === WINDOW) this.write(value);
  }

  private write(value: number): void {
    const { selected } = this;
    const pin = (selected - FIRST_ENTRY) >> 1;
    if (selected === 0) this.id = value & 0x0f000000;
    else if (pin >= 0 && pin < PINS && (selected & 1) !== 0) this.high[pin] = value & 0xff000000;
    else if (pin >= 0 && pin < PINS) {
      const remote = (value & LEVEL) !== 0 ? this.low[pin]! & REMOTE_REQUEST : 0;
      this.low[pin] = (value & LOW_WRITABLE) | remote;
      this.deliver(pin, false);
    }
  }

  save(): IoApicState {
    const { id, selected, lines } = this;
    return { id, selected, lines, low: this.low.slice(), high: this.high.slice() };
  }
  restore(state: IoApicState): void {
    this.id = state.id;
    this.selected = state.selected;
    this.lines = state.lines;
    this.low = state.low.slice();
    this.high = state.high.slice();
  }
}
