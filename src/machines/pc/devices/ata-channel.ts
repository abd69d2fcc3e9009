/**
 * An ATA channel with up to two disks: the task file, transfers by PIO, and the requests that a bus master serves.
 * ATA/ATAPI-5 (T13/1321D), chapters 7 to 9; 48-bit addresses of ATA/ATAPI-6.
 */
import { commandCalled, DIAGNOSTIC, withoutData, type AtaCommand } from './ata-commands.ts';
import { addressed, addressing } from './ata-address.ts';
import { identifyDisk, INITIAL_MODE, type DriveMode } from './ata-identify.ts';
import {
  DIAGNOSTIC_PASSED,
  ERROR_ABORT,
  ERROR_NOT_FOUND,
  STATUS_BUSY,
  STATUS_DATA,
  STATUS_ERROR,
  STATUS_READY,
  STATUS_SEEK,
  type TaskFile,
} from './ata-registers.ts';
import { DISK_OVERHEAD as OVERHEAD, diskTime, PER_SECTOR, type RequestListener } from './disk-time.ts';
import { SECTOR, type Medium, type MediumState } from './medium.ts';
import type { PortDevice } from './port-bus.ts';
import type { Timed, Wiring } from './wiring.ts';

const IDLE = STATUS_READY | STATUS_SEEK;

const CONTROL_NO_INTERRUPT = 0x02;
const CONTROL_RESET = 0x04;
const CONTROL_HIGH_ORDER = 0x80;
const SELECT_SECOND = 0x10;

/** A transfer under way. */
export interface Transfer {
  readonly kind: 'read' | 'write' | 'dma-read' | 'dma-write' | 'identify';
  readonly sector: number;
  /** Sectors still to be moved, those of the buffer included. */
  readonly left: number;
  /** Sectors between two interrupts. */
  readonly block: number;
}

export interface AtaState {
  readonly task: TaskFile;
  readonly status: number;
  readonly error: number;
  readonly control: number;
  readonly interrupt: boolean;
  readonly transfer: Transfer | null;
  readonly buffer: Uint8Array;
  readonly position: number;
  /** Clock at which the drive has done what it is busy with. */
  readonly due: number;
  readonly modes: readonly DriveMode[];
}

const SIGNATURE: TaskFile = { features: 0, count: 1, low: 1, middle: 0, high: 0, select: 0 };

export class AtaChannel implements PortDevice, Timed {
  readonly name: string;
  private readonly disks: readonly (Medium | null)[];
  private readonly wiring: Wiring;
  private readonly base: number;
  private state: AtaState = {
    task: SIGNATURE,
    status: IDLE,
    error: DIAGNOSTIC_PASSED,
    control: 0,
    interrupt: false,
    transfer: null,
    buffer: new Uint8Array(0),
    position: 0,
    due: Infinity,
    modes: [INITIAL_MODE, INITIAL_MODE],
  };
  /** Hears that a DMA request has come up. */
  onRequest: () => void = () => undefined;
  listener: RequestListener | null = null;

  constructor(name: string, base: number, disks: readonly (Medium | null)[], wiring: Wiring) {
    this.name = name;
    this.base = base;
    this.disks = disks;
    this.wiring = wiring;
  }

  /** Command block, and the control register 206 above it. */
  get ports(): number[] {
    return [...Array.from({ length: 8 }, (_, k) => this.base + k), this.base + 0x206];
  }

  private set(change: Partial<AtaState>): void {
    this.state = { ...this.state, ...change };
  }

  private get index(): number {
    return (this.state.task.select & SELECT_SECOND) !== 0 ? 1 : 0;
  }
  private get disk(): Medium | null {
    return this.disks[this.index] ?? null;
  }
  private get mode(): DriveMode {
    return this.state.modes[this.index]!;
  }

  // ---------------------------------------------------------------- events

  nextEvent(): number {
    return this.state.due;
  }

  advance(): void {
    if (this.wiring.clock < this.state.due) return;
    this.set({ due: Infinity });
    const { transfer } = this.state;
    if (!transfer) this.completed();
    else if (transfer.kind === 'read' || transfer.kind === 'identify') this.fill(transfer);
    else if (transfer.kind === 'write') this.drain(transfer);
  }

  private after(seconds: number): void {
    this.set({
      status: STATUS_BUSY,
      due: this.wiring.clock + Math.ceil(seconds * this.wiring.frequency),
    });
    this.wiring.changed();
  }

  /** The disk is busy with sectors that it moves to or from its buffer. */
  private move(sectors: number, seconds: number): void {
    this.listener?.begun(sectors * SECTOR);
    this.after(seconds);
  }

  private raise(): void {
    this.set({ interrupt: true });
    this.wiring.line((this.state.control & CONTROL_NO_INTERRUPT) === 0);
  }

  private acknowledge(): void {
    this.set({ interrupt: false });
    this.wiring.line(false);
  }

  /** A command without data is done: what diagnostics have put into the error register stays there. */
  private completed(): void {
    this.set({ status: IDLE });
    this.raise();
  }

  /** The command has ended; `error` 0 = well. */
  finish(error = 0): void {
    this.set({ transfer: null, error, status: IDLE | (error === 0 ? 0 : STATUS_ERROR) });
    this.raise();
  }

  // ---------------------------------------------------------------- transfers by PIO

  /** The next block of a read goes into the buffer. */
  private fill(transfer: Transfer): void {
    const { sector, left, block } = transfer;
    const now = Math.min(block, left);
    if (transfer.kind === 'read') this.listener?.ended();
    const buffer =
      transfer.kind === 'identify'
        ? identifyDisk(this.disk!, this.index, this.mode)
        : this.disk!.read(sector, now);
    this.set({ buffer, position: 0, status: IDLE | STATUS_DATA });
    this.raise();
  }

  /** A block of a write has come. */
  private drain(transfer: Transfer): void {
    this.disk!.write(transfer.sector, this.state.buffer);
    this.listener?.ended();
    const done = this.state.buffer.length / SECTOR;
    const rest = { ...transfer, sector: transfer.sector + done, left: transfer.left - done };
    this.showAddress(rest.sector, rest.left);
    if (rest.left === 0) this.finish();
    else {
      this.offerBuffer(rest);
      this.raise();
    }
  }

  private offerBuffer(transfer: Transfer): void {
    const size = Math.min(transfer.block, transfer.left) * SECTOR;
    this.set({ transfer, buffer: new Uint8Array(size), position: 0, status: IDLE | STATUS_DATA });
  }

  private get open(): boolean {
    return (this.state.status & STATUS_DATA) !== 0 && this.state.position < this.state.buffer.length;
  }

  private readData(size: number): number {
    if (!this.open) return 0;
    const { buffer, position } = this.state;
    let value = 0;
    for (let k = size - 1; k >= 0; k--) value = (value << 8) | (buffer[position + k] ?? 0);
    this.moved(size);
    return value;
  }

  private writeData(size: number, value: number): void {
    const { buffer, position, transfer } = this.state;
    if (!this.open || transfer?.kind !== 'write') return;
    for (let k = 0; k < size; k++) buffer[position + k] = (value >>> (8 * k)) & 0xff;
    this.moved(size);
  }

  private moved(size: number): void {
    const position = this.state.position + size;
    this.set({ position });
    if (position < this.state.buffer.length) return;
    const transfer = this.state.transfer!;
    const sectors = this.state.buffer.length / SECTOR;
    if (transfer.kind === 'write') this.move(sectors, sectors * PER_SECTOR);
    else if (transfer.kind === 'identify' || transfer.left === sectors) {
      if (transfer.kind === 'read') this.showAddress(transfer.sector + sectors, 0);
      this.set({ transfer: null, status: IDLE });
    } else {
      const rest = { ...transfer, sector: transfer.sector + sectors, left: transfer.left - sectors };
      this.set({ transfer: rest });
      const next = Math.min(rest.block, rest.left);
      this.move(next, next * PER_SECTOR);
    }
  }

  // ---------------------------------------------------------------- transfers by a bus master

  /** A DMA transfer that waits for its bus master. */
  get request(): Transfer | null {
    const { transfer, status } = this.state;
    const waits = transfer?.kind === 'dma-read' || transfer?.kind === 'dma-write';
    return waits && (status & STATUS_DATA) !== 0 ? transfer : null;
  }

  /** Seconds that the whole request takes. */
  get requestTime(): number {
    return diskTime(this.request?.left ?? 0);
  }

  /** The bytes of a DMA read. */
  take(): Uint8Array {
    const { sector, left } = this.request!;
    return this.disk!.read(sector, left);
  }

  /** Ends the request: with the bytes of a DMA write, or with an error. */
  complete(bytes: Uint8Array | null, error = 0): void {
    const { sector, left } = this.request!;
    if (bytes) this.disk!.write(sector, bytes);
    if (error === 0) this.showAddress(sector + left, 0);
    this.finish(error);
  }

  // ---------------------------------------------------------------- commands

  private command(value: number): void {
    this.acknowledge();
    if (value === DIAGNOSTIC) {
      this.reset();
      this.after(OVERHEAD);
      return;
    }
    const { disk } = this;
    if (!disk || (this.state.status & STATUS_BUSY) !== 0) return;
    this.set({ error: 0, transfer: null });
    const command = commandCalled(value);
    if (command) this.begin(command, disk);
    else this.simple(value, disk);
  }

  private simple(value: number, disk: Medium): void {
    const { task } = this.state;
    const result = withoutData(value, task, this.mode, disk);
    const modes = this.state.modes.map((mode, k) => (k === this.index ? (result.mode ?? mode) : mode));
    this.set({ modes, task: { ...task, ...result.task } });
    if (result.error !== 0) this.finish(result.error);
    else this.after(OVERHEAD);
  }

  private begin(command: AtaCommand, disk: Medium): void {
    if (command.kind === 'identify') {
      this.set({ transfer: { kind: 'identify', sector: 0, left: 1, block: 1 } });
      this.after(OVERHEAD);
      return;
    }
    const { sector, count } = addressed(this.state.task, command.wide, this.mode);
    const block = command.multiple ? this.mode.multiple : 1;
    if (block === 0) this.finish(ERROR_ABORT);
    else if (sector < 0 || sector + count > disk.sectors) this.finish(ERROR_NOT_FOUND);
    else this.transfer({ kind: command.kind, sector, left: count, block });
  }

  private transfer(transfer: Transfer): void {
    if (transfer.kind === 'read') {
      this.set({ transfer });
      const first = Math.min(transfer.block, transfer.left);
      this.move(first, diskTime(first));
    } else if (transfer.kind === 'write') this.offerBuffer(transfer);
    else {
      this.set({ transfer, status: IDLE | STATUS_DATA });
      this.onRequest();
    }
  }

  /** The task file tells where the transfer stands. */
  private showAddress(sector: number, left: number): void {
    this.set({ task: addressing(this.state.task, sector, left) });
  }

  /** After a reset each drive shows that it is an ATA disk, and that its diagnostics passed. */
  private reset(): void {
    this.acknowledge();
    this.set({
      task: SIGNATURE,
      error: DIAGNOSTIC_PASSED,
      status: IDLE,
      transfer: null,
      due: Infinity,
      modes: [INITIAL_MODE, INITIAL_MODE],
    });
  }

  // ---------------------------------------------------------------- ports

  readWide(port: number, size: 2 | 4): number | null {
    return port === this.base ? this.readData(size) : null;
  }
  writeWide(port: number, size: 2 | 4, value: number): boolean {
    if (port !== this.base) return false;
    this.writeData(size, value);
    return true;
  }

  read(port: number): number {
    const register = port - this.base;
    if (register === 0) return this.readData(1);
    if (!this.disk) return 0;
    if (register === 7) this.acknowledge();
    return this.register(register);
  }

  private register(register: number): number {
    const { task, error, status, control } = this.state;
    const shown = (value: number): number =>
      ((control & CONTROL_HIGH_ORDER) !== 0 ? value >> 8 : value) & 0xff;
    switch (register) {
      case 1:
        return error;
      case 2:
        return shown(task.count);
      case 3:
        return shown(task.low);
      case 4:
        return shown(task.middle);
      case 5:
        return shown(task.high);
      case 6:
        return task.select | 0xa0;
      default: // status, and the same without acknowledging
        return status;
    }
  }

  write(port: number, value: number): void {
    const register = port - this.base;
    if (register === 0x206) this.writeControl(value);
    else if (register === 7) this.command(value);
    else if (register === 0) this.writeData(1, value);
    else if ((this.state.status & (STATUS_BUSY | STATUS_DATA)) === 0) this.writeTask(register, value);
  }

  private writeTask(register: number, value: number): void {
    const { task } = this.state;
    const name = (['features', 'count', 'low', 'middle', 'high'] as const)[register - 1];
    const next = name
      ? { ...task, [name]: ((task[name] << 8) | value) & 0xffff }
      : { ...task, select: value };
    this.set({ task: next, control: this.state.control & ~CONTROL_HIGH_ORDER });
  }

  private writeControl(value: number): void {
    const falling = (this.state.control & ~value & CONTROL_RESET) !== 0;
    if ((value & CONTROL_RESET) !== 0) this.reset();
    this.set({ control: value });
    if ((value & CONTROL_RESET) !== 0) this.set({ status: STATUS_BUSY });
    else if (falling) this.set({ status: IDLE });
    this.wiring.line(this.state.interrupt && (value & CONTROL_NO_INTERRUPT) === 0);
  }

  save(): AtaState & { readonly media: readonly (MediumState | null)[] } {
    const { state } = this;
    return {
      ...state,
      buffer: state.buffer.slice(),
      media: this.disks.map((disk) => disk?.save() ?? null),
    };
  }

  restore({ media, ...state }: ReturnType<AtaChannel['save']>): void {
    this.state = { ...state, buffer: state.buffer.slice() };
    this.disks.forEach((disk, k) => {
      const medium = media[k];
      if (disk && medium) disk.restore(medium);
    });
  }
}
