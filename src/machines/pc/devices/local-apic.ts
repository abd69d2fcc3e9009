/**
 * The local APIC of the only processor: interrupts by vector with priorities, its timer, and the way by which the 8259
 * reaches the processor. SDM vol. 3A, chapter 10. SIMPLIFIED: SMI, INIT and start-up messages go nowhere, for there
 * is nobody to start.
 */
import type { Clocked, MappedDevice, Timed } from './wiring.ts';

export const LOCAL_APIC_BASE = 0xfee00000;
export const LOCAL_APIC_LENGTH = 0x1000;
const BASE_ENABLED = 0x800;
const BASE_BOOTSTRAP = 0x100;
/** An APIC of its own chip's generation, with six local vectors. */
const VERSION = 0x00050014;
/** The timer counts bus cycles, whatever the processor's own. */
export const APIC_TIMER_FREQUENCY = 100_000_000;

// Offsets of registers.
const ID = 0x020;
const VERSION_AT = 0x030;
const TASK_PRIORITY = 0x080;
const ARBITRATION_PRIORITY = 0x090;
const PROCESSOR_PRIORITY = 0x0a0;
export const END_OF_INTERRUPT = 0x0b0;
const LOGICAL_DESTINATION = 0x0d0;
const DESTINATION_FORMAT = 0x0e0;
export const SPURIOUS = 0x0f0;
const IN_SERVICE = 0x100;
const TRIGGER_MODE = 0x180;
const REQUESTS = 0x200;
const ERROR_STATUS = 0x280;
const COMMAND_LOW = 0x300;
const COMMAND_HIGH = 0x310;
export const LVT_TIMER = 0x320;
const LVT_LINT0 = 0x350;
const LVT_ERROR = 0x370;
export const INITIAL_COUNT = 0x380;
const CURRENT_COUNT = 0x390;
export const DIVIDE = 0x3e0;

const MASKED = 0x10000;
const LVT_WRITABLE = 0x1f7ff;
const PERIODIC = 0x20000;
const SOFTWARE_ENABLED = 0x100;
const MODE_FIXED = 0;
const MODE_LOWEST = 1;
export const MODE_NMI = 4;
const MODE_EXTERNAL = 7;
const ILLEGAL_VECTOR_SENT = 0x20;
const ILLEGAL_VECTOR_RECEIVED = 0x40;
const FLAT = 0xf;

export interface LocalApicState {
  readonly base: number;
  readonly registers: Int32Array;
  readonly requests: Uint8Array;
  readonly inService: Uint8Array;
  readonly level: Uint8Array;
  /** Clock at which the count began, or −1 while it stands. */
  readonly started: number;
}

/** A message on the interrupt bus. */
export interface Message {
  readonly vector: number;
  readonly mode: number;
  readonly level: boolean;
  readonly logical: boolean;
  readonly destination: number;
}

const highest = (set: Uint8Array): number => set.lastIndexOf(1);

export class LocalApic implements MappedDevice, Timed {
  private base = LOCAL_APIC_BASE | BASE_ENABLED | BASE_BOOTSTRAP;
  /** One word for each 16 bytes. */
  private registers = new Int32Array(0x40);
  private requests = new Uint8Array(256);
  private inService = new Uint8Array(256);
  private level = new Uint8Array(256);
  private started = -1;
  private readonly wiring: Clocked;
  /** Hears the end of a level-triggered interrupt. */
  onEnd: (vector: number) => void = () => undefined;
  /** Hears of a non-maskable interrupt. */
  onNmi: () => void = () => undefined;
  /** Hears that the registers have another place, −1 = none. */
  onMove: (base: number) => void = () => undefined;

  constructor(wiring: Clocked) {
    this.wiring = wiring;
    this.reset();
  }

  private reset(): void {
    this.registers.fill(0);
    for (let lvt = LVT_TIMER; lvt <= LVT_ERROR; lvt += 16) this.put(lvt, MASKED);
    // Virtual wire: as firmware has set it up, the 8259 passes through.
    this.put(LVT_LINT0, MODE_EXTERNAL << 8);
    this.put(DESTINATION_FORMAT, -1);
    this.put(SPURIOUS, 0xff);
    for (const set of [this.requests, this.inService, this.level]) set.fill(0);
    this.started = -1;
  }

  private at(offset: number): number {
    return this.registers[offset >> 4]!;
  }
  private put(offset: number, value: number): void {
    this.registers[offset >> 4] = value;
  }

  // ---------------------------------------------------------------- where it is

  get apicBase(): number {
    return this.base;
  }

  setApicBase(value: number): void {
    const wasEnabled = this.enabled;
    this.base = (value & 0xfffff800) | BASE_BOOTSTRAP;
    if (wasEnabled && !this.enabled) this.reset();
    this.onMove(this.enabled ? (this.base & 0xfffff000) >>> 0 : -1);
    this.wiring.changed();
  }

  private get enabled(): boolean {
    return (this.base & BASE_ENABLED) !== 0;
  }
  private get softwareEnabled(): boolean {
    return (this.at(SPURIOUS) & SOFTWARE_ENABLED) !== 0;
  }

  // ---------------------------------------------------------------- interrupts

  /** Whether the 8259's request reaches the processor: by LINT0 as an external one, or because there is no APIC. */
  get passesExternal(): boolean {
    if (!this.enabled) return true;
    const lvt = this.at(LVT_LINT0);
    return (lvt & MASKED) === 0 && ((lvt >> 8) & 7) === MODE_EXTERNAL;
  }

  /** Takes a message if it is addressed to this processor; false if not. */
  accept({ vector, mode, level, logical, destination }: Message): boolean {
    if (!this.enabled || !this.addressed(logical, destination)) return false;
    if (mode === MODE_FIXED || mode === MODE_LOWEST) this.request(vector, level);
    else if (mode === MODE_NMI) this.onNmi();
    return true;
  }

  private addressed(logical: boolean, destination: number): boolean {
    if (destination === 0xff) return true;
    if (!logical) return destination === this.at(ID) >>> 24;
    const mine = this.at(LOGICAL_DESTINATION) >>> 24;
    if (this.at(DESTINATION_FORMAT) >>> 28 === FLAT) return (mine & destination) !== 0;
    return mine >> 4 === destination >> 4 && (mine & destination & 15) !== 0;
  }

  private request(vector: number, level: boolean): void {
    if (!this.softwareEnabled) return;
    if (vector < 16) {
      this.put(ERROR_STATUS, this.at(ERROR_STATUS) | ILLEGAL_VECTOR_RECEIVED);
      return;
    }
    this.requests[vector] = 1;
    this.level[vector] = level ? 1 : 0;
    this.wiring.changed();
  }

  private get priority(): number {
    const task = this.at(TASK_PRIORITY) & 0xff;
    const serving = highest(this.inService);
    return serving >= 0 && serving >> 4 > task >> 4 ? serving & 0xf0 : task;
  }

  /** Whether a request is more urgent than what the processor does. */
  get pending(): boolean {
    const vector = highest(this.requests);
    return vector >= 0 && vector >> 4 > this.priority >> 4;
  }

  /** The vector for the processor, now in service; the spurious one if its request has gone. */
  acknowledge(): number {
    if (!this.pending) return this.at(SPURIOUS) & 0xff;
    const vector = highest(this.requests);
    this.requests[vector] = 0;
    this.inService[vector] = 1;
    return vector;
  }

  private end(): void {
    const vector = highest(this.inService);
    if (vector < 0) return;
    this.inService[vector] = 0;
    if (this.level[vector] !== 0) this.onEnd(vector);
    this.wiring.changed();
  }

  /** Interrupt command: to itself, or to a processor that is not there. */
  private send(command: number): void {
    const vector = command & 0xff;
    const mode = (command >> 8) & 7;
    if (vector < 16 && mode <= MODE_LOWEST) {
      this.put(ERROR_STATUS, this.at(ERROR_STATUS) | ILLEGAL_VECTOR_SENT);
      return;
    }
    const shorthand = (command >> 18) & 3;
    const destination = this.at(COMMAND_HIGH) >>> 24;
    const mine = shorthand === 0 ? this.addressed((command & 0x800) !== 0, destination) : shorthand !== 3;
    if (!mine) return;
    if (mode === MODE_FIXED || mode === MODE_LOWEST) this.request(vector, false);
    else if (mode === MODE_NMI) this.onNmi();
  }

  // ---------------------------------------------------------------- timer

  private get ticks(): number {
    const divide = this.at(DIVIDE);
    const shift = (((divide >> 1) & 4) | (divide & 3)) + 1;
    // 111 divides by one.
    const divisor = shift === 8 ? 1 : 1 << shift;
    return (this.wiring.frequency * divisor) / APIC_TIMER_FREQUENCY;
  }

  private get currentCount(): number {
    const initial = this.at(INITIAL_COUNT) >>> 0;
    if (this.started < 0 || initial === 0) return 0;
    const passed = Math.floor((this.wiring.clock - this.started) / this.ticks);
    if ((this.at(LVT_TIMER) & PERIODIC) === 0) return Math.max(0, initial - passed);
    return initial - (passed % initial);
  }

  nextEvent(): number {
    if (this.started < 0) return Infinity;
    return this.started + Math.ceil((this.at(INITIAL_COUNT) >>> 0) * this.ticks);
  }

  advance(): void {
    if (this.wiring.clock < this.nextEvent()) return;
    const lvt = this.at(LVT_TIMER);
    const period = (this.at(INITIAL_COUNT) >>> 0) * this.ticks;
    // Of several periods that have passed one request is left.
    const periods = Math.max(1, Math.floor((this.wiring.clock - this.started) / period));
    this.started = (lvt & PERIODIC) === 0 ? -1 : this.started + periods * period;
    if ((lvt & MASKED) === 0) this.request(lvt & 0xff, false);
  }

  // ---------------------------------------------------------------- registers

  load(offset: number, size: 1 | 2 | 4): number {
    const word = this.register(offset & ~15);
    return size === 4 ? word : (word >>> (8 * (offset & 3))) & (size === 2 ? 0xffff : 0xff);
  }

  private register(offset: number): number {
    if (offset >= IN_SERVICE && offset < ERROR_STATUS) {
      const set = offset < TRIGGER_MODE ? this.inService : offset < REQUESTS ? this.level : this.requests;
      const from = ((offset & 0x70) >> 4) * 32;
      return set.subarray(from, from + 32).reduce((word, bit, k) => word | (bit << k), 0);
    }
    switch (offset) {
      case VERSION_AT:
        return VERSION;
      case ARBITRATION_PRIORITY:
      case PROCESSOR_PRIORITY:
        return this.priority;
      case END_OF_INTERRUPT:
        return 0;
      case CURRENT_COUNT:
        return this.currentCount;
      default:
        return this.registers[offset >> 4] ?? 0;
    }
  }

  store(offset: number, size: 1 | 2 | 4, value: number): void {
    // Registers are written as words on their 16 bytes; other accesses are undefined, and ignored.
    if (size !== 4 || (offset & 15) !== 0) return;
    this.write(offset, value | 0);
    this.wiring.changed();
  }

  private write(offset: number, value: number): void {
    switch (offset) {
      case ID:
      case LOGICAL_DESTINATION:
      case COMMAND_HIGH:
        this.put(offset, value & 0xff000000);
        break;
      case DESTINATION_FORMAT:
        this.put(offset, value | 0x0fffffff);
        break;
      case TASK_PRIORITY:
        this.put(offset, value & 0xff);
        break;
      case END_OF_INTERRUPT:
        this.end();
        break;
      case SPURIOUS:
        this.put(offset, value & 0x3ff);
        if (!this.softwareEnabled) this.maskAll();
        break;
      case ERROR_STATUS:
        this.put(offset, 0);
        break;
      case COMMAND_LOW:
        this.put(offset, value & 0xcdfff);
        this.send(value);
        break;
      case INITIAL_COUNT:
        this.put(offset, value);
        this.started = value === 0 ? -1 : this.wiring.clock;
        break;
      case DIVIDE:
        this.put(offset, value & 0xb);
        break;
      default:
        if (offset >= LVT_TIMER && offset <= LVT_ERROR) this.writeLocalVector(offset, value);
    }
  }

  private writeLocalVector(offset: number, value: number): void {
    const masked = this.softwareEnabled ? 0 : MASKED;
    this.put(offset, (value & (LVT_WRITABLE | (offset === LVT_TIMER ? PERIODIC : 0))) | masked);
  }

  private maskAll(): void {
    for (let lvt = LVT_TIMER; lvt <= LVT_ERROR; lvt += 16) this.put(lvt, this.at(lvt) | MASKED);
  }

  /** INIT: as after power-on, but that it stays where it was put. SDM vol. 3A, section 10.4.7.3. */
  initialize(powerOn: LocalApicState): void {
    this.restore({ ...powerOn, base: this.base });
  }

  save(): LocalApicState {
    return {
      base: this.base,
      registers: this.registers.slice(),
      requests: this.requests.slice(),
      inService: this.inService.slice(),
      level: this.level.slice(),
      started: this.started,
    };
  }
  restore(state: LocalApicState): void {
    this.base = state.base;
    this.registers = state.registers.slice();
    this.requests = state.requests.slice();
    this.inService = state.inService.slice();
    this.level = state.level.slice();
    this.started = state.started;
    this.onMove(this.enabled ? (this.base & 0xfffff000) >>> 0 : -1);
  }
}
