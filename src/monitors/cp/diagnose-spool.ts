/**
 * DIAGNOSE X'14': the files of a virtual reader, a page buffer at a time. GC20-1807, "DIAGNOSE Code X'14'"; buffer
 * (SPLINK) and file block (SFBLOK) after SY20-0884, "VM/370 Data Areas and Control Block Logic". Within a buffer each
 * record is a CCW for its data, a TIC to the next record, and the data; that order is from memory.
 * SIMPLIFIED: files have no place on a volume, so that the links between buffers tell their numbers, from 1.
 */
import { ebcdicBytes } from '../../base/ebcdic.ts';
import { SPECIFICATION } from '../../machines/s370/assigned-storage.ts';
import { packCcw, SLI } from '../../machines/s370/channels/ccw.ts';
import type { ControlProgram } from './control-program.ts';
import type { Operands } from './diagnose.ts';
import { guestFault } from './guest-access.ts';
import { settingsOf } from './spool.ts';
import type { SpooledDevice, SpoolFile } from './state.ts';
import { dateAt, timeAt } from './time-of-day.ts';
import type { VirtualMachine } from './virtual-machine.ts';

const PAGE = 4096;
/** Displacements in SPLINK. */
const SPNXTPAG = 0x00;
const SPPREPAG = 0x04;
const SPRECNUM = 0x0c;
const SPSIZE = 0x10;
/** The last 48 bytes of the first buffer are for verification and the 3800. */
const SPCHAR = 0xfd0;

/** Length of SFBLOK, and its fields that are not zero. */
const SFBSIZE = 0x68;
const TYPES = { reader: 0x80, punch: 0x82, printer: 0x41 } as const;
const SFBUHOLD = 0x20;
const SFBOPEN = 0x08;

const CC = 0x40;
const TIC = 0x08;
const MOST_COPIES = 256;

/** Condition codes. */
const END_OF_FILE = 1;
const NOT_FOUND = 2;
/** Codes of condition 3 in Ry + 1. */
const INVALID_ADDRESS = 4;
const INVALID_TYPE = 8;
const NOT_READY = 12;

type Reader = SpooledDevice;

export class DiagnoseSpool {
  private readonly cp: ControlProgram;

  constructor(cp: ControlProgram) {
    this.cp = cp;
  }

  private code(vm: VirtualMachine, conditionCode: number): void {
    this.cp.setPsw(vm, { conditionCode });
  }

  /** Rx buffer, file number or count; Ry reader; Ry + 1 what is to be done. */
  execute(vm: VirtualMachine, { r1: rx, r3: ry }: Operands): void {
    if (ry === 15 || (ry & 1) !== 0) guestFault(SPECIFICATION);
    const subcode = vm.gr[ry + 1]!;
    if (subcode === 0x0fff) {
      this.nextDescriptor(vm, vm.gr[rx]! & 0xffffff, vm.gr[ry]!);
      return;
    }
    const device = this.cp.virtualIo.device(vm, vm.gr[ry]! & 0xffff);
    const refusal = !device
      ? INVALID_ADDRESS
      : device.type !== 'reader'
        ? INVALID_TYPE
        : device.busy
          ? NOT_READY
          : 0;
    if (refusal === 0) this.perform(vm, device as Reader, subcode, vm.gr[rx]!);
    else {
      vm.gr[ry + 1] = refusal;
      this.code(vm, 3);
    }
  }

  private perform(vm: VirtualMachine, device: Reader, subcode: number, operand: number): void {
    const at = operand & 0xffffff;
    switch (subcode) {
      case 0x0000:
        this.nextBuffer(vm, device, at);
        return;
      case 0x0004:
        this.nextBlock(vm, device, at, 'printer');
        return;
      case 0x0008:
        this.nextBlock(vm, device, at, 'punch');
        return;
      case 0x000c:
        this.code(vm, this.cp.spool.toHead(vm.name, operand & 0xffff) ? 0 : NOT_FOUND);
        return;
      case 0x0010:
        this.setCopies(vm, device, operand);
        return;
      case 0x0014:
        this.restart(vm, device);
        return;
      case 0x0018:
        this.backspace(vm, device, at);
        return;
      default:
        guestFault(SPECIFICATION);
    }
  }

  // ---------------------------------------------------------------- buffers

  private nextBuffer(vm: VirtualMachine, device: Reader, at: number): void {
    this.page(vm, at);
    if (!device.file && !hopper(vm, device) && !this.cp.spool.openNext(vm, device)) {
      this.code(vm, NOT_FOUND);
      return;
    }
    const position = device.buffer ?? 0;
    if (position < buffersOf(device.file!).length) {
      this.give(vm, device, position, at);
      return;
    }
    this.cp.spool.closeReader(vm, device);
    delete device.buffer;
    if (settingsOf(device).continuous && this.cp.spool.openNext(vm, device)) this.give(vm, device, 0, at);
    else this.code(vm, END_OF_FILE);
  }

  /** Stores buffer `index` of the active file at `at`. */
  private give(vm: VirtualMachine, device: Reader, index: number, at: number): void {
    const buffers = buffersOf(device.file!);
    vm.store(at, pageOf(buffers, index));
    device.buffer = index + 1;
    device.open = true;
    // What has been given here is not read by channel programs any more.
    device.records = buffers.slice(index + 1).flatMap((records) => records.map((record) => [...record]));
    this.code(vm, 0);
  }

  /** The buffer must be a page. */
  private page(vm: VirtualMachine, at: number): void {
    if ((at & (PAGE - 1)) !== 0) guestFault(SPECIFICATION);
    vm.touch(at, PAGE);
  }

  private restart(vm: VirtualMachine, device: Reader): void {
    if (!device.file) {
      this.code(vm, NOT_FOUND);
      return;
    }
    device.buffer = 0;
    device.records = device.file.records.map((record) => [...record]);
    this.code(vm, 0);
  }

  private backspace(vm: VirtualMachine, device: Reader, at: number): void {
    if (!device.file) {
      this.code(vm, NOT_FOUND);
      return;
    }
    this.page(vm, at);
    this.give(vm, device, Math.max(0, (device.buffer ?? 0) - 2), at);
  }

  private setCopies(vm: VirtualMachine, device: Reader, count: number): void {
    const { file } = device;
    if (count <= 0) guestFault(SPECIFICATION);
    if (file) device.file = { ...file, copies: count % MOST_COPIES };
    this.code(vm, file ? 0 : NOT_FOUND);
  }

  // ---------------------------------------------------------------- file blocks

  private nextBlock(vm: VirtualMachine, device: Reader, at: number, kind: 'printer' | 'punch'): void {
    if ((at & 7) !== 0 || (at & (PAGE - 1)) + SFBSIZE > PAGE) guestFault(SPECIFICATION);
    const files = this.cp.spool.of(vm.name, 'reader').filter((file) => file.kind === kind);
    const seen = files.findIndex((file) => file.id === device.seen);
    const next = files[seen + 1];
    vm.touch(at, SFBSIZE);
    if (next) {
      vm.store(at, this.block(next, device.file?.id === next.id));
      device.seen = next.id;
    } else delete device.seen;
    this.code(vm, next ? 0 : seen < 0 ? NOT_FOUND : END_OF_FILE);
  }

  /** X'0FFF': block and first record of the file behind the one whose number is in Ry, or of the first. */
  private nextDescriptor(vm: VirtualMachine, at: number, id: number): void {
    const files = this.cp.spool.of(vm.name, 'reader');
    const known = files.findIndex((file) => file.id === id);
    if (id !== 0 && known < 0) {
      this.code(vm, NOT_FOUND);
      return;
    }
    const next = files[known + 1];
    if (next) vm.store(at, [...this.block(next, false), ...(next.records[0] ?? [])].slice(0, 252));
    this.code(vm, next ? 0 : END_OF_FILE);
  }

  private block(file: SpoolFile, open: boolean): Uint8Array {
    const bytes = new Uint8Array(SFBSIZE);
    const view = new DataView(bytes.buffer);
    const text = (offset: number, value: string, length: number): void => {
      bytes.set(ebcdicBytes(value.padEnd(length).slice(0, length), length), offset);
    };
    const now = this.cp.system.storeClock();
    text(0x08, file.owner, 8);
    text(0x10, file.origin, 8);
    view.setUint32(0x18, file.records.length);
    view.setUint16(0x1c, Math.max(0, ...file.records.map((record) => record.length)));
    view.setUint16(0x1e, file.id);
    bytes[0x20] = (file.hold ? SFBUHOLD : 0) | (open ? SFBOPEN : 0);
    bytes[0x21] = TYPES[file.kind];
    text(0x28, file.name, 12);
    text(0x34, file.type, 12);
    text(0x40, dateAt(now), 8);
    text(0x48, timeAt(now), 8);
    view.setUint16(0x54, file.copies);
    text(0x56, file.spoolClass, 1);
    text(0x58, file.owner, 8);
    return bytes;
  }
}

/** Cards that were in the reader from the beginning count as a file. */
function hopper(vm: VirtualMachine, device: Reader): boolean {
  if (device.records.length === 0) return false;
  device.file = {
    id: 0,
    kind: 'reader',
    owner: vm.name,
    queue: 'reader',
    origin: vm.name,
    spoolClass: 'A',
    copies: 1,
    hold: false,
    name: '',
    type: '',
    records: device.records,
  };
  return true;
}

// ---------------------------------------------------------------- the form of a buffer

type Records = readonly (readonly number[])[];

/** Data CCW, TIC, and the data up to a doubleword. */
const lengthOf = (record: readonly number[]): number => 16 + ((record.length + 7) & ~7);

/** The records of a file in buffers: as many to each as there is room for. */
function buffersOf(file: SpoolFile): readonly Records[] {
  const buffers: (readonly number[])[][] = [];
  let room = 0;
  for (const record of file.records) {
    if (buffers.length === 0 || lengthOf(record) > room) {
      room = (buffers.length === 0 ? SPCHAR : PAGE) - SPSIZE;
      buffers.push([]);
    }
    buffers.at(-1)!.push(record);
    room -= lengthOf(record);
  }
  return buffers;
}

function pageOf(buffers: readonly Records[], index: number): Uint8Array {
  const page = new Uint8Array(PAGE);
  const view = new DataView(page.buffer);
  view.setUint32(SPNXTPAG, index + 1 < buffers.length ? index + 2 : 0);
  view.setUint32(SPPREPAG, index);
  view.setUint32(SPRECNUM, buffers[index]!.length);
  let offset = SPSIZE;
  for (const record of buffers[index]!) {
    const next = offset + lengthOf(record);
    page.set(packCcw(0x42, offset + 16, CC | SLI, record.length), offset);
    page.set(packCcw(TIC, next, 0, 0), offset + 8);
    page.set(record, offset + 16);
    offset = next;
  }
  return page;
}
