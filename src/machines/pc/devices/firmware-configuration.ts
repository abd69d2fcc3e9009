/**
 * The firmware configuration port of virtual machines: items chosen at port 510, read byte by byte at 511. QEMU,
 * docs/specs/fw_cfg.rst (without the DMA interface).
 */
import type { PortDevice } from './port-bus.ts';

const SELECTOR = 0x510;
const DATA = 0x511;
const FILE_DIRECTORY = 0x19;
const FIRST_FILE = 0x20;
const NAME_LENGTH = 56;
const ENTRY_LENGTH = 64;

/** Keys of items without a name. */
export const ITEM = {
  signature: 0x00,
  interface: 0x01,
  memory: 0x03,
  noGraphic: 0x04,
  processors: 0x05,
  kernelAddress: 0x07,
  kernelSize: 0x08,
  commandLine: 0x09,
  ramdiskAddress: 0x0a,
  ramdiskSize: 0x0b,
  bootMenu: 0x0e,
  mostProcessors: 0x0f,
  kernelData: 0x11,
  ramdiskData: 0x12,
  commandLineSize: 0x14,
  commandLineData: 0x15,
  setupSize: 0x17,
  setupData: 0x18,
} as const;

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0) & 0xff);

export const little = (value: number, size: 2 | 4 | 8): Uint8Array => {
  const bytes = new Uint8Array(size);
  new DataView(bytes.buffer).setUint16(0, value & 0xffff, true);
  if (size > 2) new DataView(bytes.buffer).setUint32(0, value >>> 0, true);
  return bytes;
};
export const terminated = (text: string): Uint8Array => bytesOf(`${text}\0`);

export interface FirmwareConfigurationState {
  readonly selected: number;
  readonly at: number;
}

export class FirmwareConfiguration implements PortDevice {
  readonly name = 'firmware configuration';
  static readonly PORTS = [SELECTOR, DATA] as const;
  private readonly items = new Map<number, Uint8Array>([
    [ITEM.signature, bytesOf('QEMU')],
    [ITEM.interface, little(1, 4)],
    [ITEM.processors, little(1, 2)],
    [ITEM.mostProcessors, little(1, 2)],
    [ITEM.noGraphic, little(0, 2)],
    [ITEM.bootMenu, little(0, 2)],
  ]);
  private readonly files: string[] = [];
  private selected = 0;
  private at = 0;

  /** Puts an item there. Items are part of the machine's configuration, not of its state. */
  set(key: number, bytes: Uint8Array): void {
    this.items.set(key, bytes);
  }

  /** Puts a file there, to be found by its name. */
  addFile(name: string, bytes: Uint8Array): void {
    this.items.set(FIRST_FILE + this.files.length, bytes);
    this.files.push(name);
  }

  /** Number of files, then size, key and name of each, big-endian. */
  private directory(): Uint8Array {
    const bytes = new Uint8Array(4 + ENTRY_LENGTH * this.files.length);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, this.files.length);
    this.files.forEach((name, k) => {
      const at = 4 + ENTRY_LENGTH * k;
      view.setUint32(at, this.items.get(FIRST_FILE + k)!.length);
      view.setUint16(at + 4, FIRST_FILE + k);
      bytes.set(bytesOf(name).subarray(0, NAME_LENGTH - 1), at + 8);
    });
    return bytes;
  }

  read(port: number): number {
    if (port === SELECTOR) return 0;
    const item = this.selected === FILE_DIRECTORY ? this.directory() : this.items.get(this.selected);
    return item?.[this.at++] ?? 0;
  }

  write(port: number, value: number): void {
    if (port === SELECTOR) [this.selected, this.at] = [value, 0];
  }

  /** The selector is a word; bit 14 would write, which nothing allows. */
  writeWide(port: number, size: 2 | 4, value: number): boolean {
    if (port !== SELECTOR || size !== 2) return false;
    [this.selected, this.at] = [value & 0xbfff, 0];
    return true;
  }

  save(): FirmwareConfigurationState {
    return { selected: this.selected, at: this.at };
  }
  restore(state: FirmwareConfigurationState): void {
    this.selected = state.selected;
    this.at = state.at;
  }
}
