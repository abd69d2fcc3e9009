/**
 * Spooling: closed files of the virtual readers, punches and printers, and the real unit-record devices they go to.
 * Layers: virtual device (records being written or read) → spool file in a queue → reader of a user, or real device.
 * After GC20-1806 (Operator's Guide) and GC20-1820 (CP Command Reference): SPOOL, CLOSE, TRANSFER.
 *
 * SIMPLIFIED: files live in host memory and survive nothing; real output has no separator pages.
 */
import { CHANNEL_END, DEVICE_END, UNIT_CHECK, BUSY } from '../../machines/s370/channels/csw.ts';
import { packCcw, SLI } from '../../machines/s370/channels/ccw.ts';
import { CAW, CSW } from '../../machines/s370/assigned-storage.ts';
import { clonePlain } from '../../base/clone.ts';
import type { ControlProgram } from './control-program.ts';
import type { SpooledDevice, SpoolFile, SpoolSettings } from './state.ts';
import type { VirtualMachine } from './virtual-machine.ts';

/** A CCW and the longest record. */
const AREA = 8 + 136;
const LAST_ID = 9999;

export const AT_LOGON: SpoolSettings = { copies: 1, hold: false, continuous: false, to: null };
export const settingsOf = (device: SpooledDevice): SpoolSettings => device.settings ?? AT_LOGON;

/** A real printer or punch, and the file that is on it. */
interface OutputUnit {
  readonly address: number;
  readonly queue: 'printer' | 'punch';
  /** Real address of its CCW and record. */
  readonly at: number;
  file: SpoolFile | null;
  record: number;
  copy: number;
  /** A record is on its way to the device. */
  active: boolean;
}

export interface SpoolState {
  readonly files: readonly SpoolFile[];
  readonly nextId: number;
  readonly units: readonly OutputUnit[];
}

export class Spool {
  private readonly cp: ControlProgram;
  private all: SpoolFile[] = [];
  private nextId = 1;
  private units: OutputUnit[];

  constructor(cp: ControlProgram, printer: number | undefined, punch: number | undefined) {
    this.cp = cp;
    const unit = (address: number, queue: OutputUnit['queue']): OutputUnit => {
      const at = cp.takeStorage(AREA, 8);
      return { address, queue, at, file: null, record: 0, copy: 1, active: false };
    };
    this.units = [
      ...(printer === undefined ? [] : [unit(printer, 'printer')]),
      ...(punch === undefined ? [] : [unit(punch, 'punch')]),
    ];
  }

  get files(): readonly SpoolFile[] {
    return this.all;
  }
  /** Files of a user in one queue. */
  of(owner: string, queue: SpoolFile['queue']): SpoolFile[] {
    return this.all.filter((f) => f.owner === owner && f.queue === queue);
  }
  find(id: number): SpoolFile | undefined {
    return this.all.find((f) => f.id === id);
  }

  // ---------------------------------------------------------------- files

  /** Puts a file into a queue; a reader that gets one becomes ready. */
  add(file: Omit<SpoolFile, 'id'>): SpoolFile {
    const made = { ...file, id: this.nextId };
    this.nextId = this.nextId === LAST_ID ? 1 : this.nextId + 1;
    this.all.push(made);
    this.announce(made);
    this.startOutput();
    return made;
  }
  private announce(file: SpoolFile): void {
    if (file.queue !== 'reader') return;
    const vm = this.cp.machineOf(file.owner);
    if (!vm) return;
    const reader = vm.state.devices.find((d): d is SpooledDevice => d.type === 'reader');
    if (reader && reader.records.length === 0 && reader.open !== true && !reader.busy)
      this.cp.virtualIo.present(reader, DEVICE_END);
  }
  change(id: number, fields: Partial<SpoolFile>): SpoolFile | undefined {
    this.all = this.all.map((f) => (f.id === id ? { ...f, ...fields, id } : f));
    const changed = this.find(id);
    if (changed && (fields.owner !== undefined || fields.queue !== undefined)) this.announce(changed);
    this.startOutput();
    return changed;
  }
  /** Makes a file of the user's reader the first of its queue; false when there is no such file. */
  toHead(owner: string, id: number): boolean {
    const file = this.of(owner, 'reader').find((f) => f.id === id);
    if (file) this.all = [file, ...this.all.filter((f) => f !== file)];
    return file !== undefined;
  }
  remove(id: number): void {
    this.all = this.all.filter((f) => f.id !== id);
  }

  // ---------------------------------------------------------------- virtual devices

  /** The next file of the user that the reader may read goes into it; false when there is none. */
  openNext(vm: VirtualMachine, device: SpooledDevice): boolean {
    const any = device.spoolClass === '*' || device.spoolClass === 'empty';
    const file = this.of(vm.name, 'reader').find(
      (f) => !f.hold && (any || f.spoolClass === device.spoolClass),
    );
    if (!file) return false;
    this.remove(file.id);
    device.file = file;
    device.records = file.records.map((record) => [...record]);
    device.open = true;
    return true;
  }

  /** The reader is done with its file, at its end or by CLOSE. */
  closeReader(vm: VirtualMachine, device: SpooledDevice): void {
    const { file } = device;
    device.file = null;
    device.open = false;
    device.records = [];
    if (file && settingsOf(device).hold) this.all.push({ ...file, owner: vm.name, hold: true });
  }

  /** Ends the file that a punch or printer has been writing; null when nothing was written. */
  close(
    vm: VirtualMachine,
    device: SpooledDevice,
    options: { readonly name?: string; readonly type?: string; readonly hold?: boolean } = {},
  ): SpoolFile | null {
    if (device.type === 'reader' || device.records.length === 0) return null;
    const { copies, hold, to } = settingsOf(device);
    const records = device.records;
    device.records = [];
    return this.add({
      kind: device.type,
      owner: to ?? vm.name,
      queue: to === null ? device.type : 'reader',
      origin: vm.name,
      spoolClass: device.spoolClass,
      copies,
      hold: options.hold ?? hold,
      name: options.name ?? '',
      type: options.type ?? '',
      // A reader reads cards and lines, not the commands that wrote them.
      records: to === null ? records : records.map(([, ...data]) => data),
    });
  }

  // ---------------------------------------------------------------- real devices

  /** Whether the real device at `address` is the spool's. */
  owns(address: number): boolean {
    return this.units.some((u) => u.address === address);
  }
  /** Whether closed files of this queue are printed or punched at all. */
  hasUnit(queue: SpoolFile['queue']): boolean {
    return this.units.some((u) => u.queue === queue);
  }

  /** Gives idle devices the next record of their file, or the next file. */
  startOutput(): void {
    for (const unit of this.units) while (!unit.active && this.nextRecord(unit));
  }

  /** Starts a record; false when there is none, or the device is busy. */
  private nextRecord(unit: OutputUnit): boolean {
    if (unit.file && unit.record >= unit.file.records.length) this.copyEnded(unit);
    if (!unit.file) {
      unit.file = this.all.find((f) => f.queue === unit.queue && !f.hold) ?? null;
      if (!unit.file) return false;
      unit.record = 0;
      unit.copy = 1;
      return true;
    }
    const { system } = this.cp;
    const [command = 1, ...data] = unit.file.records[unit.record]!;
    const bytes = unit.file.kind === 'printer' || unit.queue === 'punch' ? data : [command, ...data];
    system.store(unit.at, packCcw(command, unit.at + 8, SLI, Math.max(1, bytes.length)));
    system.store(unit.at + 8, bytes.length > 0 ? bytes : [0x40]);
    system.storeWord(CAW, unit.at);
    this.cp.charge('simulateCcw');
    const code = system.startIo(unit.address);
    if (code === 0) {
      unit.active = true;
      return false;
    }
    if (code !== 1) return false;
    return this.answered(unit, system.fetchHalf(CSW + 4));
  }

  /** Status that came at once: busy, an error, or the whole of an immediate command. */
  private answered(unit: OutputUnit, status: number): boolean {
    if ((status & BUSY) !== 0) return (status & ~BUSY) !== 0;
    if ((status & UNIT_CHECK) !== 0) {
      this.failed(unit);
      return true;
    }
    if ((status & DEVICE_END) === 0) {
      unit.active = true;
      return false;
    }
    unit.record++;
    return true;
  }

  interruption(address: number): void {
    const unit = this.units.find((u) => u.address === address);
    if (!unit) return;
    const status = this.cp.system.fetchHalf(CSW + 4);
    if (unit.active && (status & UNIT_CHECK) !== 0 && (status & (CHANNEL_END | DEVICE_END)) !== 0) {
      unit.active = false;
      this.failed(unit);
    } else if (unit.active && (status & DEVICE_END) !== 0) {
      unit.active = false;
      unit.record++;
    }
    this.startOutput();
  }

  /** The device refuses a record: the file is held for the operator to look at. */
  private failed(unit: OutputUnit): void {
    if (unit.file) this.all = this.all.map((f) => (f.id === unit.file!.id ? { ...f, hold: true } : f));
    unit.file = null;
  }
  private copyEnded(unit: OutputUnit): void {
    const file = unit.file!;
    unit.record = 0;
    if (unit.copy++ < file.copies && file.records.length > 0) return;
    this.remove(file.id);
    unit.file = null;
  }

  save(): SpoolState {
    return clonePlain({ files: this.all, nextId: this.nextId, units: this.units });
  }
  restore(state: SpoolState): void {
    const { files, nextId, units } = clonePlain(state);
    this.all = [...files];
    this.nextId = nextId;
    this.units = [...units];
  }
}
