/** The functions on bus 0, as the 82441FX and 82371 (PIIX3, with PIIX4's power management) chipset of 1997 had them. */
import { NE2000_PORTS } from './ne2000.ts';
import type { BaseRegister, FunctionDescription } from './pci.ts';
import { POWER_PORTS } from './power.ts';
import { VIRTIO_PORTS } from './virtio-pci.ts';

/** Host bridge: registers 59 to 5F open the areas from C0000 to FFFFF for stores. */
export const FIRST_PAM = 0x59;
export const LAST_PAM = 0x5f;
/** Subsystem by which firmware for virtual machines knows that port 510 is there. */
const VIRTUAL_SUBSYSTEM = [0x1af4, 0x1100] as const;

export const HOST_BRIDGE: FunctionDescription = {
  slot: 0,
  function: 0,
  vendor: 0x8086,
  device: 0x1237,
  class: 0x060000,
  revision: 2,
  command: 0x0106,
  subsystem: VIRTUAL_SUBSYSTEM,
  registers: [0x59, 0x5a, 0x5b, 0x5c, 0x5d, 0x5e, 0x5f].map((offset) => [offset, 0, 0x33] as const),
};

/** PIRQA# to PIRQD#: which interrupt line each is routed to; bit 7 = none. */
export const FIRST_PIRQ = 0x60;
const PIRQ_LINES = [10, 10, 11, 11] as const;

export const ISA_BRIDGE: FunctionDescription = {
  slot: 1,
  function: 0,
  vendor: 0x8086,
  device: 0x7000,
  class: 0x060100,
  command: 0x0007,
  multifunction: true,
  registers: PIRQ_LINES.map((line, k) => [FIRST_PIRQ + k, line, 0x8f] as const),
};

export const MASTER_BAR: BaseRegister = { index: 4, base: 0xc000, size: 16, io: true };

export const IDE: FunctionDescription = {
  slot: 1,
  function: 1,
  vendor: 0x8086,
  device: 0x7010,
  // Both channels at the ports of the AT; bit 7: bus master.
  class: 0x010180,
  command: 0x0005,
  bars: [MASTER_BAR],
  // Timing registers: both channels decode their ports.
  registers: [0x40, 0x41, 0x42, 0x43].map((offset) => [offset, offset % 2 === 1 ? 0x80 : 0, 0xff] as const),
};

export const POWER_BASE = 0x40;
const POWER_MAPPED = 0x80;
/** The byte whose bit 1 says that system management is set up already: there is none, and firmware shall not try. */
const MANAGEMENT = 0x5b;

export const POWER: FunctionDescription = {
  slot: 1,
  function: 3,
  vendor: 0x8086,
  device: 0x7113,
  class: 0x068000,
  revision: 3,
  command: 0x0001,
  interrupt: [1, 9],
  registers: [
    [POWER_BASE, (POWER_PORTS & 0xc0) | 1, 0xc0],
    [POWER_BASE + 1, POWER_PORTS >> 8, 0xff],
    [MANAGEMENT, 0x02, 0xff],
    [POWER_MAPPED, 0x01, 0x01],
  ],
};

export const VIDEO: FunctionDescription = {
  slot: 2,
  function: 0,
  vendor: 0x1234,
  device: 0x1111,
  class: 0x030000,
  revision: 2,
  command: 0x0003,
};

/** Firmware may move it; until then it stands where an ISA card of its kind would. */
export const NETWORK_BAR: BaseRegister = { index: 0, base: 0x300, size: NE2000_PORTS, io: true };
export const NETWORK_LINE = 11;

export const NETWORK: FunctionDescription = {
  slot: 3,
  function: 0,
  vendor: 0x10ec,
  device: 0x8029,
  class: 0x020000,
  command: 0x0001,
  bars: [NETWORK_BAR],
  interrupt: [1, NETWORK_LINE],
};

/** Virtio's own numbers: makers and devices by which drivers find them, the subsystem says which device it is. */
export const VIRTIO_BAR: BaseRegister = { index: 0, base: 0xc100, size: VIRTIO_PORTS, io: true };
const VIRTIO_VENDOR = 0x1af4;
const VIRTIO_IS_BLOCK = 2;

export const VIRTIO_BLOCK: FunctionDescription = {
  slot: 5,
  function: 0,
  vendor: VIRTIO_VENDOR,
  device: 0x1001,
  class: 0x010000,
  command: 0x0005,
  subsystem: [VIRTIO_VENDOR, VIRTIO_IS_BLOCK],
  bars: [VIRTIO_BAR],
  interrupt: [1, 10],
};

/** INTA of a slot is wired to one of the four PIRQ inputs, in turn. */
export const pirqOf = (slot: number): number => (slot - 1) & 3;
