/**
 * The diskette controller and drive A. Intel 82077AA data sheet (290166). SIMPLIFIED: a step takes 1 ms and a sector
 * too, whatever the motor does; data moves by DMA only.
 */
import type { DmaControllers } from './dma-8237.ts';
import type { Geometry } from './floppy-geometry.ts';
import { SECTOR, type Medium, type MediumState } from './medium.ts';
import type { PortDevice } from './port-bus.ts';
import type { Timed, Wiring } from './wiring.ts';

const BASE = 0x3f0;
const DIGITAL_OUTPUT = BASE + 2;
const TAPE_DRIVE = BASE + 3;
const MAIN_STATUS = BASE + 4;
const FIFO = BASE + 5;
const DIGITAL_INPUT = BASE + 7;

const DOR_NOT_RESET = 0x04;
const DOR_DMA = 0x08;
const MOTOR_A = 0x10;
const MSR_REQUEST = 0x80;
const MSR_TO_CPU = 0x40;
const MSR_BUSY = 0x10;
const ST0_ABNORMAL = 0x40;
const ST0_INVALID = 0x80;
const ST0_READY_CHANGED = 0xc0;
const ST0_SEEK_END = 0x20;
const ST0_EQUIPMENT = 0x10;
const ST0_NOT_READY = 0x08;
const ST1_NO_DATA = 0x04;
const ST1_OVERRUN = 0x10;
const ST1_END = 0x80;
const ST3_TRACK_0 = 0x10;
const ST3_READY = 0x28;
/** Bit of a command: go on with the other head. */
const MULTI_TRACK = 0x80;
const DISK_CHANGED = 0x80;
const VERSION_82077 = 0x90;
const DMA_CHANNEL = 2;
const STEP = 1e-3;
const PER_SECTOR = 1e-3;

/** Bytes of each command, its own included, by the lower five bits. */
const LENGTHS: Readonly<Record<number, number>> = {
  0x03: 3, // specify
  0x04: 2, // sense drive status
  0x05: 9, // write data
  0x06: 9, // read data
  0x07: 2, // recalibrate
  0x08: 1, // sense interrupt status
  0x09: 9, // write deleted data
  0x0a: 2, // read ID
  0x0c: 9, // read deleted data
  0x0d: 6, // format track
  0x0e: 1, // dump registers
  0x0f: 3, // seek
  0x10: 1, // version
  0x12: 2, // perpendicular mode
  0x13: 4, // configure
  0x14: 1, // lock
};

export interface FloppyState {
  readonly output: number;
  readonly command: readonly number[];
  readonly result: readonly number[];
  readonly cylinder: number;
  readonly specify: readonly [number, number];
  readonly configure: number;
  readonly locked: boolean;
  /** ST0 values that wait for SENSE INTERRUPT STATUS. */
  readonly waiting: readonly number[];
  readonly changed: boolean;
  readonly due: number;
  readonly medium: MediumState | null;
}

export class FloppyController implements PortDevice, Timed {
  readonly name = 'diskette controller';
  static readonly PORTS = [BASE, BASE + 1, DIGITAL_OUTPUT, TAPE_DRIVE, MAIN_STATUS, FIFO, DIGITAL_INPUT];
  private state: Omit<FloppyState, 'medium'> = {
    output: DOR_NOT_RESET | DOR_DMA,
    command: [],
    result: [],
    cylinder: 0,
    specify: [0, 0],
    configure: 0,
    locked: false,
    waiting: [],
    changed: false,
    due: Infinity,
  };
  private readonly medium: Medium | null;
  private readonly geometry: Geometry;
  private readonly dma: DmaControllers;
  private readonly wiring: Wiring;

  constructor(medium: Medium | null, geometry: Geometry, dma: DmaControllers, wiring: Wiring) {
    this.medium = medium;
    this.geometry = geometry;
    this.dma = dma;
    this.wiring = wiring;
  }

  private set(change: Partial<FloppyState>): void {
    this.state = { ...this.state, ...change };
  }

  // ---------------------------------------------------------------- events

  nextEvent(): number {
    return this.state.due;
  }

  private after(seconds: number): void {
    this.set({ due: this.wiring.clock + Math.ceil(seconds * this.wiring.frequency) });
    this.wiring.changed();
  }

  /** What the command in hand asks for has been done mechanically: now its result. */
  advance(): void {
    if (this.wiring.clock < this.state.due) return;
    this.set({ due: Infinity });
    const [code = -1, ...rest] = this.state.command;
    this.set({ command: [] });
    if (code < 0) this.afterReset();
    else this.complete(code, rest);
  }

  private raise(): void {
    this.wiring.line((this.state.output & DOR_DMA) !== 0);
  }

  /** After a reset each of the four drives reports that its readiness has changed. */
  private afterReset(): void {
    this.set({ waiting: [0, 1, 2, 3].map((drive) => ST0_READY_CHANGED | drive) });
    this.raise();
  }

  // ---------------------------------------------------------------- commands

  private get ready(): boolean {
    return this.medium !== null;
  }

  private writeFifo(value: number): void {
    if (this.state.due !== Infinity || this.state.result.length > 0) return;
    const command = [...this.state.command, value];
    this.set({ command });
    const length = LENGTHS[command[0]! & 0x1f];
    if (length === undefined) this.answer([ST0_INVALID]);
    else if (command.length === length) this.begin(command[0]! & 0x1f, command.slice(1));
  }

  private answer(result: readonly number[]): void {
    this.set({ command: [], result });
  }

  /** Commands that need no drive are answered at once; the others take their time. */
  private begin(code: number, rest: readonly number[]): void {
    const { cylinder, specify, configure, locked } = this.state;
    const [first = 0, second = 0] = rest;
    switch (code) {
      case 0x03:
        this.set({ specify: [first, second], command: [] });
        break;
      case 0x04:
        this.answer([this.driveStatus(first)]);
        break;
      case 0x07:
        this.after(STEP * Math.max(1, cylinder));
        break;
      case 0x08:
        this.senseInterrupt();
        break;
      case 0x0e:
        this.answer([cylinder, 0, 0, 0, ...specify, this.geometry.sectors, locked ? 0x80 : 0, configure, 0]);
        break;
      case 0x0f:
        this.after(STEP * Math.max(1, Math.abs(second - cylinder)));
        break;
      case 0x10:
        this.answer([VERSION_82077]);
        break;
      case 0x12:
        this.set({ command: [] });
        break;
      case 0x13:
        this.set({ configure: second, command: [] });
        break;
      case 0x14: {
        const lock = (this.state.command[0]! & 0x80) !== 0;
        this.set({ locked: lock });
        this.answer([lock ? 0x10 : 0]);
        break;
      }
      default:
        this.after(PER_SECTOR);
    }
  }

  private driveStatus(drive: number): number {
    const { cylinder } = this.state;
    if ((drive & 3) !== 0) return drive & 7;
    return (drive & 7) | ST3_READY | (cylinder === 0 ? ST3_TRACK_0 : 0);
  }

  private senseInterrupt(): void {
    const [st0, ...waiting] = this.state.waiting;
    this.wiring.line(false);
    this.set({ waiting });
    this.answer(st0 === undefined ? [ST0_INVALID] : [st0, this.state.cylinder]);
  }

  private complete(first: number, rest: readonly number[]): void {
    const [selection = 0, second = 0] = rest;
    const drive = selection & 3;
    const code = first & 0x1f;
    if (code === 0x07 || code === 0x0f) this.moved(drive, code === 0x07 ? 0 : second);
    else if (code === 0x0a) this.readId(selection);
    else if (code === 0x0d) this.formatTrack(selection, rest);
    else this.move(first, rest);
  }

  private moved(drive: number, cylinder: number): void {
    if (drive !== 0) {
      this.set({ waiting: [...this.state.waiting, ST0_ABNORMAL | ST0_SEEK_END | ST0_EQUIPMENT | drive] });
      this.raise();
      return;
    }
    this.set({
      cylinder: Math.min(cylinder, this.geometry.cylinders - 1),
      changed: false,
      waiting: [...this.state.waiting, ST0_SEEK_END | drive],
    });
    this.raise();
  }

  /** The seven result bytes of commands that move data. */
  private report(st0: number, st1: number, place: readonly [number, number, number, number]): void {
    this.answer([st0, st1, 0, ...place]);
    this.raise();
  }

  private readId(selection: number): void {
    const head = (selection >> 2) & 1;
    const { cylinder } = this.state;
    const fails = (selection & 3) !== 0 || !this.ready || head >= this.geometry.heads;
    this.report(
      (selection & 7) | (fails ? ST0_ABNORMAL : 0),
      fails ? 1 : 0,
      fails ? [0, 0, 0, 0] : [cylinder, head, 1, 2],
    );
  }

  private sectorAt(cylinder: number, head: number, sector: number): number {
    const { heads, sectors, cylinders } = this.geometry;
    if (sector < 1 || sector > sectors || head >= heads || cylinder >= cylinders) return -1;
    return (cylinder * heads + head) * sectors + sector - 1;
  }

  /** READ and WRITE DATA: sector after sector until the DMA channel has had enough or the track ends. */
  private move(code: number, rest: readonly number[]): void {
    const [selection = 0, c = 0, h = 0, r = 0, n = 0, end = 0] = rest;
    const both = (code & MULTI_TRACK) !== 0;
    const writes = (code & 0x1f) === 0x05 || (code & 0x1f) === 0x09;
    let [head, sector] = [h, r];
    if ((selection & 3) !== 0 || !this.medium) {
      this.report((selection & 7) | ST0_ABNORMAL | ST0_NOT_READY, 0, [c, h, r, n]);
      return;
    }
    for (;;) {
      const at = c === this.state.cylinder && n === 2 ? this.sectorAt(c, head, sector) : -1;
      if (at < 0) {
        this.report((selection & 3) | (head << 2) | ST0_ABNORMAL, ST1_NO_DATA, [c, head, sector, n]);
        return;
      }
      const { moved, terminal } = this.moveSector(at, writes);
      if (moved === 0) {
        this.report((selection & 3) | (head << 2) | ST0_ABNORMAL, ST1_OVERRUN, [c, head, sector, n]);
        return;
      }
      sector++;
      const over = sector > end;
      if (over && both && head === 0 && !terminal) [head, sector] = [1, 1];
      else if (terminal || over) {
        const next = over ? ([c + 1, head, 1, n] as const) : ([c, head, sector, n] as const);
        const early = over && !terminal;
        this.report((selection & 3) | (head << 2) | (early ? ST0_ABNORMAL : 0), early ? ST1_END : 0, next);
        return;
      }
    }
  }

  private moveSector(at: number, writes: boolean): { readonly moved: number; readonly terminal: boolean } {
    const medium = this.medium!;
    if (!writes) return this.dma.toMemory(DMA_CHANNEL, medium.read(at, 1));
    const { bytes, terminal } = this.dma.fromMemory(DMA_CHANNEL, SECTOR);
    const sector = new Uint8Array(SECTOR);
    sector.set(bytes);
    if (bytes.length > 0) medium.write(at, sector);
    return { moved: bytes.length, terminal };
  }

  /** Four bytes of each sector's identity come by DMA; the sectors are filled. */
  private formatTrack(selection: number, rest: readonly number[]): void {
    const [, , count = 0, , fill = 0] = rest;
    const { bytes } = this.dma.fromMemory(DMA_CHANNEL, 4 * count);
    let fails = (selection & 3) !== 0 || !this.medium;
    for (let k = 0; k + 4 <= bytes.length && !fails; k += 4) {
      const at = this.sectorAt(bytes[k]!, bytes[k + 1]!, bytes[k + 2]!);
      if (at < 0) fails = true;
      else this.medium?.write(at, new Uint8Array(SECTOR).fill(fill));
    }
    this.report((selection & 7) | (fails ? ST0_ABNORMAL : 0), fails ? ST1_NO_DATA : 0, [0, 0, 0, 2]);
  }

  // ---------------------------------------------------------------- ports

  read(port: number): number {
    const { output, result, changed, command, due } = this.state;
    switch (port) {
      case DIGITAL_OUTPUT:
        return output;
      case TAPE_DRIVE:
        return 0x20;
      case MAIN_STATUS:
        if ((output & DOR_NOT_RESET) === 0 || due !== Infinity) return command.length > 0 ? MSR_BUSY : 0;
        if (result.length > 0) return MSR_REQUEST | MSR_TO_CPU | MSR_BUSY;
        return MSR_REQUEST | (command.length > 0 ? MSR_BUSY : 0);
      case FIFO:
        return this.takeResult();
      case DIGITAL_INPUT:
        return (output & MOTOR_A) !== 0 && (changed || !this.ready) ? DISK_CHANGED : 0;
      default:
        return 0;
    }
  }

  private takeResult(): number {
    const [byte = 0, ...result] = this.state.result;
    this.wiring.line(false);
    this.set({ result });
    return byte;
  }

  write(port: number, value: number): void {
    if (port === DIGITAL_OUTPUT) this.writeOutput(value);
    else if (port === FIFO) this.writeFifo(value);
    else if (port === MAIN_STATUS && (value & 0x80) !== 0) this.reset();
  }

  private reset(): void {
    this.wiring.line(false);
    this.set({ command: [], result: [], waiting: [] });
    this.after(PER_SECTOR);
  }

  private writeOutput(value: number): void {
    const rising = (value & ~this.state.output & DOR_NOT_RESET) !== 0;
    this.set({ output: value });
    if (rising) this.reset();
    else if ((value & DOR_NOT_RESET) === 0) {
      this.wiring.line(false);
      this.set({ command: [], result: [], waiting: [], due: Infinity });
    }
  }

  save(): FloppyState {
    return { ...this.state, medium: this.medium?.save() ?? null };
  }
  restore({ medium, ...state }: FloppyState): void {
    this.state = state;
    if (medium) this.medium?.restore(medium);
  }
}
