/**
 * The chipset and the devices on its buses, wired to the processor's clock, interrupt line and memory. It knows no
 * processor: a monitor that wires it to a virtual one has given a virtual machine the same PC.
 */
import { AtaChannel } from './devices/ata-channel.ts';
import { BusMaster, type BusMasterState } from './devices/bus-master.ts';
import type { ByteLogState } from './devices/byte-log.ts';
import { CmosClock, type CmosState } from './devices/cmos-rtc.ts';
import { CoprocessorError, type CoprocessorErrorState } from './devices/coprocessor-error.ts';
import { cmosMemory, type BootDevice } from './devices/cmos-settings.ts';
import { DmaControllers, type DmaState } from './devices/dma-8237.ts';
import {
  FirmwareConfiguration,
  ITEM,
  little,
  type FirmwareConfigurationState,
} from './devices/firmware-configuration.ts';
import { geometryOf, type Geometry } from './devices/floppy-geometry.ts';
import { FloppyController, type FloppyState } from './devices/floppy.ts';
import { IO_APIC_BASE, IO_APIC_LENGTH, IoApic, type IoApicState } from './devices/io-apic.ts';
import { KeyboardController, type ControllerState } from './devices/keyboard-8042.ts';
import { LOCAL_APIC_BASE, LOCAL_APIC_LENGTH, LocalApic, type LocalApicState } from './devices/local-apic.ts';
import { Medium, SECTOR } from './devices/medium.ts';
import { MemoryBus } from './devices/memory-bus.ts';
import { localNetwork } from './devices/local-network.ts';
import { Ne2000, type Ne2000State } from './devices/ne2000.ts';
import { NETWORK, VIRTIO_BLOCK } from './devices/pci-functions.ts';
import type { PciState } from './devices/pci.ts';
import { InterruptControllers, type PicState } from './devices/pic-8259.ts';
import { IntervalTimer, type PitState } from './devices/pit-8254.ts';
import { PortBus, type PortBusState } from './devices/port-bus.ts';
import { PowerManagement, type PowerState } from './devices/power.ts';
import { DebugConsole, DebugExit, PostCode } from './devices/rig.ts';
import { Uart, type UartState } from './devices/uart-16550.ts';
import { VirtioBlock, type VirtioBlockState } from './devices/virtio-block.ts';
import { Vga, type VgaState } from './devices/vga.ts';
import type { Clocked, Dma, Timed, Wiring } from './devices/wiring.ts';
import { attachPci, type PciParts } from './pci-wiring.ts';
import type { ResetKind } from './reset.ts';
import { afterReset } from './reset-devices.ts';

const IRQ_TIMER = 0;
const IRQ_KEYBOARD = 1;
const IO_APIC_TIMER = 2;
const IRQ_COM2 = 3;
const IRQ_COM1 = 4;
const IRQ_DISKETTE = 6;
const IRQ_CLOCK = 8;
const IRQ_MOUSE = 12;
const IRQ_COPROCESSOR = 13;
const IRQ_ATA = [14, 15] as const;
const COM1 = 0x3f8;
const COM2 = 0x2f8;
const ATA = [0x1f0, 0x170] as const;

/** Of the network card: locally administered. */
const NETWORK_ADDRESS = Uint8Array.of(0x52, 0x54, 0x00, 0x12, 0x34, 0x56);

/** What the chipset needs of the machine around it. */
export interface ChipsetWiring {
  readonly clock: number;
  readonly frequency: number;
  readonly memoryBytes: number;
  readonly memory: Dma;
  /** Whether the processor has a local APIC. */
  readonly hasApic: boolean;
  /** An interrupt may be due, or the next event may have moved: the processor shall look. */
  attention(): void;
  /** The processor takes a non-maskable interrupt. */
  nmi(): void;
  a20(enabled: boolean): void;
  /** Whether stores into part of the read-only area reach memory. */
  writable(from: number, to: number, open: boolean): void;
  /** A program has asked for it by writing to a port. */
  reset(port: number, kind: ResetKind): void;
  exit(code: number): void;
}

/** What is plugged in. */
export interface Peripherals {
  /** Images of the disks: primary master and slave, secondary master and slave. */
  readonly disks?: readonly (Uint8Array | null)[];
  /** What the first disk is: on the first ATA channel, or a virtio block device. */
  readonly firstDisk?: 'ata' | 'virtio';
  /** Image of the diskette in drive A. */
  readonly diskette?: Uint8Array;
  /** What the firmware boots from; without it from the diskette if there is one, else from the first disk. */
  readonly bootOrder?: readonly BootDevice[];
}

/** Bytes of a diskette, and the size of the drive that stands empty. */
const DISKETTE = 1440 * 1024;

export interface ChipsetState {
  readonly bus: PortBusState;
  readonly pci: PciState;
  readonly pic: PicState;
  readonly localApic: LocalApicState | null;
  readonly ioApic: IoApicState | null;
  readonly pit: PitState;
  readonly com1: UartState;
  readonly com2: UartState;
  readonly cmos: CmosState;
  readonly keyboard: ControllerState;
  readonly coprocessorError: CoprocessorErrorState;
  readonly vga: VgaState;
  readonly power: PowerState;
  readonly console: ByteLogState;
  readonly ata: readonly ReturnType<AtaChannel['save']>[];
  readonly masters: readonly BusMasterState[];
  readonly dma: DmaState;
  readonly floppy: FloppyState;
  readonly firmware: FirmwareConfigurationState;
  readonly network: Ne2000State;
  readonly virtioBlock: VirtioBlockState | null;
}

export class Chipset {
  readonly bus = new PortBus();
  readonly mapped = new MemoryBus();
  readonly pic = new InterruptControllers();
  readonly localApic: LocalApic | null;
  readonly ioApic: IoApic | null;
  readonly pit: IntervalTimer;
  readonly com1: Uart;
  readonly com2: Uart;
  readonly cmos: CmosClock;
  readonly keyboard: KeyboardController;
  readonly coprocessorError: CoprocessorError;
  readonly vga: Vga;
  readonly power: PowerManagement;
  readonly dma: DmaControllers;
  readonly floppy: FloppyController;
  readonly firmware = new FirmwareConfiguration();
  readonly network: Ne2000;
  readonly console = new DebugConsole();
  /** Media of the four places for disks. */
  readonly disks: readonly (Medium | null)[];
  readonly ata: readonly AtaChannel[];
  readonly virtioBlock: VirtioBlock | null;
  readonly masters: readonly BusMaster[];
  readonly pci: PciParts;
  private readonly timed: readonly Timed[];
  private readonly powerOn: ChipsetState;
  /** Clock of the next event of all devices, or −1 while it has to be looked for. */
  private next = -1;

  constructor(
    wiring: ChipsetWiring,
    { disks = [], firstDisk = 'ata', diskette, bootOrder }: Peripherals = {},
  ) {
    const { pic } = this;
    const clock: Clocked = {
      frequency: wiring.frequency,
      changed: () => {
        this.next = -1;
        wiring.attention();
      },
      get clock() {
        return wiring.clock;
      },
    };
    this.localApic = wiring.hasApic ? new LocalApic(clock) : null;
    if (this.localApic) this.localApic.onNmi = () => wiring.nmi();
    this.ioApic = this.localApic && new IoApic(this.localApic);
    const line = (irq: number, high: boolean): void => {
      this.line(irq, high);
    };
    const wired = (irq: number): Wiring => withLine(clock, (high) => line(irq, high));
    /** A PCI slot's INTA, which leads where software has routed it. */
    const slotWired = (slot: number): Wiring =>
      withLine(clock, (high) => {
        const irq = this.pci.line(slot);
        if (irq >= 0) line(irq, high);
      });
    pic.onChange = () => {
      wiring.attention();
    };
    this.pit = new IntervalTimer(clock, () => {
      line(IRQ_TIMER, false);
      line(IRQ_TIMER, true);
    });
    this.com1 = new Uart('16550 UART COM1', COM1, wired(IRQ_COM1));
    this.com2 = new Uart('16550 UART COM2', COM2, wired(IRQ_COM2));
    const keyboardClock = wired(IRQ_KEYBOARD);
    this.keyboard = new KeyboardController({
      ...keyboardClock,
      get clock() {
        return wiring.clock;
      },
      mouseLine: (high) => line(IRQ_MOUSE, high),
      a20: (enabled) => wiring.a20(enabled),
      initialize: (port) => wiring.reset(port, 'INIT'),
    });
    this.vga = new Vga(clock, wiring.memory);
    this.power = new PowerManagement(clock, () => wiring.exit(0));
    this.disks = [0, 1, 2, 3].map((k) => (disks[k] ? new Medium(disks[k]) : null));
    const onRing = firstDisk === 'virtio' ? (this.disks[0] ?? null) : null;
    const onChannels = onRing ? [null, ...this.disks.slice(1)] : this.disks;
    this.virtioBlock = onRing && new VirtioBlock(onRing, slotWired(VIRTIO_BLOCK.slot), wiring.memory);
    const shape = geometryOf(diskette?.length ?? DISKETTE);
    this.dma = new DmaControllers(wiring.memory);
    const inserted = diskette ? new Medium(wholeDiskette(diskette, shape)) : null;
    this.floppy = new FloppyController(inserted, shape, this.dma, wired(IRQ_DISKETTE));
    const settings = cmosMemory({
      memoryBytes: wiring.memoryBytes,
      drive: shape.drive,
      disks: onChannels,
      bootOrder: bootOrder ?? (diskette ? ['diskette', 'disk'] : ['disk']),
    });
    this.cmos = new CmosClock(settings, wired(IRQ_CLOCK));
    this.firmware.set(ITEM.memory, little(wiring.memoryBytes, 8));
    this.ata = ATA.map((base, k) => {
      const raise = (high: boolean): void => {
        if (high) this.masters[k]?.interrupted();
        line(IRQ_ATA[k]!, high);
      };
      const names = ['ATA primary channel', 'ATA secondary channel'];
      return new AtaChannel(names[k]!, base, onChannels.slice(2 * k, 2 * k + 2), withLine(clock, raise));
    });
    this.masters = this.ata.map((channel) => new BusMaster(channel, clock, wiring.memory));
    this.coprocessorError = new CoprocessorError((high) => line(IRQ_COPROCESSOR, high));
    this.network = new Ne2000(NETWORK_ADDRESS, localNetwork, slotWired(NETWORK.slot));
    this.timed = [
      this.network,
      this.pit,
      ...(this.localApic ? [this.localApic] : []),
      this.keyboard,
      this.com1,
      this.com2,
      this.cmos,
      this.floppy,
      ...this.ata,
      ...this.masters,
      ...(this.virtioBlock ? [this.virtioBlock] : []),
    ];
    this.attach(wiring);
    this.attachApics();
    this.pci = attachPci(this, wiring);
    this.powerOn = this.save();
  }

  private attach(wiring: ChipsetWiring): void {
    const { bus } = this;
    bus.attach(this.pic, ...InterruptControllers.PORTS);
    bus.attach(this.pit, ...IntervalTimer.PORTS);
    for (const uart of [this.com1, this.com2]) bus.attach(uart, ...uart.ports);
    bus.attach(this.cmos, ...CmosClock.PORTS);
    bus.attach(this.keyboard, ...KeyboardController.PORTS);
    bus.attach(this.coprocessorError, ...CoprocessorError.PORTS);
    bus.attach(this.vga, ...Vga.PORTS);
    for (const channel of this.ata) bus.attach(channel, ...channel.ports);
    bus.attach(this.dma, ...DmaControllers.PORTS);
    bus.attach(this.floppy, ...FloppyController.PORTS);
    bus.attach(this.firmware, ...FirmwareConfiguration.PORTS);
    bus.attach(this.console, ...DebugConsole.PORTS);
    bus.attach(new DebugExit((code) => wiring.exit(code)), ...DebugExit.PORTS);
    bus.attach(new PostCode(), ...PostCode.PORTS);
  }

  private attachApics(): void {
    const { localApic, ioApic, mapped } = this;
    if (!localApic || !ioApic) return;
    mapped.attach(LOCAL_APIC_BASE, LOCAL_APIC_LENGTH, localApic);
    mapped.attach(IO_APIC_BASE, IO_APIC_LENGTH, ioApic);
    localApic.onMove = (base) => {
      mapped.move(localApic, base);
    };
  }

  /** Raises or lowers interrupt line 0 to 15 at both interrupt controllers; the timer has another input at the second. */
  line(irq: number, high: boolean): void {
    this.pic.line(irq, high);
    this.ioApic?.line(irq === IRQ_TIMER ? IO_APIC_TIMER : irq, high);
  }

  /** Whether an interrupt waits for the processor. */
  get pending(): boolean {
    if (!this.localApic) return this.pic.pending;
    return this.localApic.pending || (this.pic.pending && this.localApic.passesExternal);
  }

  /** Whether a device can reach the processor while interrupts are off. */
  get routesNmi(): boolean {
    return this.ioApic?.routesNmi ?? false;
  }

  /** The vector that the processor's acknowledge cycle gets. */
  acknowledge(): number {
    return this.localApic?.pending ? this.localApic.acknowledge() : this.pic.acknowledge();
  }

  /** Clock of the next thing that a device does by itself. */
  nextEvent(): number {
    if (this.next < 0)
      this.next = this.timed.reduce((soonest, each) => Math.min(soonest, each.nextEvent()), Infinity);
    return this.next;
  }

  /** Lets devices do what is due at `clock`. */
  advance(clock: number): void {
    if (clock < this.nextEvent()) return;
    for (const each of this.timed) each.advance();
    this.next = -1;
  }

  /** RESET: every device as after power-on. INIT reaches the local APIC only, which is part of the processor. */
  reset(kind: ResetKind): void {
    if (kind === 'RESET') this.restore(afterReset(this.powerOn, this.save()));
    else if (this.powerOn.localApic) this.localApic?.initialize(this.powerOn.localApic);
  }

  save(): ChipsetState {
    return {
      bus: this.bus.save(),
      pci: this.pci.bus.save(),
      pic: this.pic.save(),
      localApic: this.localApic?.save() ?? null,
      ioApic: this.ioApic?.save() ?? null,
      pit: this.pit.save(),
      com1: this.com1.save(),
      com2: this.com2.save(),
      cmos: this.cmos.save(),
      keyboard: this.keyboard.save(),
      coprocessorError: this.coprocessorError.save(),
      vga: this.vga.save(),
      power: this.power.save(),
      console: this.console.save(),
      ata: this.ata.map((channel) => channel.save()),
      masters: this.masters.map((master) => master.save()),
      dma: this.dma.save(),
      floppy: this.floppy.save(),
      firmware: this.firmware.save(),
      network: this.network.save(),
      virtioBlock: this.virtioBlock?.save() ?? null,
    };
  }

  restore(state: ChipsetState): void {
    this.bus.restore(state.bus);
    this.pci.bus.restore(state.pci);
    this.pic.restore(state.pic);
    if (state.localApic) this.localApic?.restore(state.localApic);
    if (state.ioApic) this.ioApic?.restore(state.ioApic);
    this.pit.restore(state.pit);
    this.com1.restore(state.com1);
    this.com2.restore(state.com2);
    this.cmos.restore(state.cmos);
    this.keyboard.restore(state.keyboard);
    this.coprocessorError.restore(state.coprocessorError);
    this.vga.restore(state.vga);
    this.power.restore(state.power);
    this.console.restore(state.console);
    this.ata.forEach((channel, k) => {
      channel.restore(state.ata[k]!);
    });
    this.masters.forEach((master, k) => {
      master.restore(state.masters[k]!);
    });
    this.dma.restore(state.dma);
    this.floppy.restore(state.floppy);
    this.firmware.restore(state.firmware);
    this.network.restore(state.network);
    if (state.virtioBlock) this.virtioBlock?.restore(state.virtioBlock);
    this.next = -1;
  }
}

/** The image at the beginning of a diskette of its drive's size. */
function wholeDiskette(image: Uint8Array, { cylinders, heads, sectors }: Geometry): Uint8Array {
  const whole = new Uint8Array(cylinders * heads * sectors * SECTOR);
  whole.set(image);
  return whole;
}

/** The clock together with an interrupt line. */
const withLine = (clock: Clocked, line: (high: boolean) => void): Wiring => ({
  frequency: clock.frequency,
  changed: () => {
    clock.changed();
  },
  line,
  get clock() {
    return clock.clock;
  },
});
