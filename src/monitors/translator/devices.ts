/**
 * The guest's ports. Its devices are virtual: an access is answered by the monitor. Where one makes a real device work
 * (a byte to send, a command to a disk or network card) the monitor has it done, in one of two ways. Hosted, as in 1999:
 * switch to the host operating system, make its system call, and come back. Bare-metal, as in ESX of 2001: by a driver
 * of its own. Sugerman et al., USENIX 2001.
 */
import type { SystemPc } from '../../machines/pc/system.ts';
import type { Ports } from '../../machines/pc/wiring.ts';
import { HOST_CALL, HOST_IO, MONITOR_IO, OWN_DRIVER, WORLD_SWITCH } from './paths.ts';

export type IoPath = 'hosted' | 'bare-metal';

/** Ports that start something when written: data of the serial lines, commands of the disk channels. */
const STARTS: ReadonlySet<number> = new Set([0x3f8, 0x2f8, 0x1f7, 0x177]);
/** Registers of PCI functions lie from here on; the first of each block of 32 is the command. */
const PCI = 0xc000;
const starts = (port: number): boolean => STARTS.has(port) || (port >= PCI && (port & 31) === 0);

export class GuestPorts implements Ports {
  private readonly system: SystemPc;
  private readonly devices: Ports;
  private readonly path: IoPath;
  /** Operations of real devices. */
  operations = 0;

  constructor(system: SystemPc, devices: Ports, path: IoPath) {
    this.system = system;
    this.devices = devices;
    this.path = path;
  }

  input(port: number, size: 1 | 2 | 4): number {
    return this.devices.input(port, size);
  }

  output(port: number, size: 1 | 2 | 4, value: number): void {
    if (starts(port)) this.operate();
    this.devices.output(port, size, value);
  }

  private operate(): void {
    const { system } = this;
    this.operations++;
    if (this.path === 'bare-metal') {
      system.work(MONITOR_IO, OWN_DRIVER.cycles);
      return;
    }
    system.work(MONITOR_IO, WORLD_SWITCH.cycles);
    system.work(HOST_IO, HOST_CALL.cycles);
  }

  /** A device has interrupted: hosted, it is the host that hears it. */
  interrupted(): void {
    if (this.path === 'hosted') this.system.work(MONITOR_IO, WORLD_SWITCH.cycles);
  }
}
