/** What the PCI functions control: where windows of ports stand, how interrupts are routed, which areas are open. */
import { BusMasterPorts, MASTER_PORTS } from './devices/bus-master.ts';
import {
  FIRST_PAM,
  HOST_BRIDGE,
  IDE,
  ISA_BRIDGE,
  LAST_PAM,
  FIRST_PIRQ,
  MASTER_BAR,
  NETWORK,
  NETWORK_BAR,
  pirqOf,
  POWER,
  POWER_BASE,
  VIDEO,
  VIRTIO_BAR,
  VIRTIO_BLOCK,
} from './devices/pci-functions.ts';
import { PciBus, RESET_CONTROL, type PciFunction } from './devices/pci.ts';
import type { PortBus, PortDevice } from './devices/port-bus.ts';
import { NE2000_PORTS } from './devices/ne2000.ts';
import { POWER_LENGTH } from './devices/power.ts';
import { VIRTIO_PORTS } from './devices/virtio-pci.ts';
import type { Chipset, ChipsetWiring } from './chipset.ts';

export interface PciParts {
  readonly bus: PciBus;
  /** Interrupt line that a slot's INTA is routed to, −1 = none. */
  line(slot: number): number;
}

/** Bit of a PIRQ register: the input is routed to no line. */
const NOT_ROUTED = 0x80;

/** Ports from `base` on; none where `base` is −1. */
const stretch = (base: number, length: number): number[] =>
  base < 0 ? [] : Array.from({ length }, (_, k) => (base + k) & 0xffff);

/** Keeps a window of `length` ports of `device` where `where` says. */
export function keepWindow(
  bus: PortBus,
  device: PortDevice & { base: number },
  owner: PciFunction,
  length: number,
  where: () => number,
): void {
  let at = -1;
  const place = (): void => {
    const now = where();
    if (now === at) return;
    bus.move(device, stretch(now, length));
    [at, device.base] = [now, now];
  };
  bus.attach(device);
  place();
  const before = owner.onWrite;
  owner.onWrite = (offset) => {
    before?.(offset);
    place();
  };
}

export function attachPci(chipset: Chipset, wiring: ChipsetWiring): PciParts {
  const bus = new PciBus((kind) => {
    wiring.reset(RESET_CONTROL, kind);
  });
  const host = bus.add(HOST_BRIDGE);
  const isa = bus.add(ISA_BRIDGE);
  const ide = bus.add(IDE);
  const power = bus.add(POWER);
  bus.add(VIDEO);
  const network = bus.add(NETWORK);
  host.onWrite = (offset) => {
    if (offset >= FIRST_PAM && offset <= LAST_PAM) openAreas(host, offset, wiring);
  };
  const masters = new BusMasterPorts(chipset.masters);
  keepWindow(chipset.bus, masters, ide, 2 * MASTER_PORTS, () => ide.window(MASTER_BAR));
  keepWindow(chipset.bus, chipset.power, power, POWER_LENGTH, () => powerBase(power));
  keepWindow(chipset.bus, chipset.network, network, NE2000_PORTS, () => network.window(NETWORK_BAR));
  if (chipset.virtioBlock) {
    const block = bus.add(VIRTIO_BLOCK);
    keepWindow(chipset.bus, chipset.virtioBlock.transport, block, VIRTIO_PORTS, () =>
      block.window(VIRTIO_BAR),
    );
  }
  chipset.bus.attach(bus, ...PciBus.PORTS);
  const line = (slot: number): number => {
    const route = isa.bytes[FIRST_PIRQ + pirqOf(slot)]!;
    return (route & NOT_ROUTED) !== 0 ? -1 : route & 15;
  };
  return { bus, line };
}

const powerBase = ({ bytes }: PciFunction): number =>
  (bytes[POWER_BASE]! | (bytes[POWER_BASE + 1]! << 8)) & 0xffc0;

const STORES = 0x2;
const AREA = 0x4000;
/** The first register's upper half is the area from F0000 on, of 64 K; the others are of 16 K each, from C0000 on. */
function openAreas(host: PciFunction, offset: number, wiring: ChipsetWiring): void {
  const value = host.bytes[offset]!;
  const open = (half: number): boolean => ((value >> (4 * half)) & STORES) !== 0;
  if (offset === FIRST_PAM) {
    wiring.writable(0xf0000, 0x100000, open(1));
    return;
  }
  const from = 0xc0000 + 2 * AREA * (offset - FIRST_PAM - 1);
  wiring.writable(from, from + AREA, open(0));
  wiring.writable(from + AREA, from + 2 * AREA, open(1));
}
