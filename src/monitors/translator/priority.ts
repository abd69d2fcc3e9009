/**
 * The task priority of a guest's local APIC. 32-bit kernels set it by storing into the APIC's memory, often; whether the
 * APIC hears of it matters only when an interrupt waits. So translated code keeps it in the monitor's memory, where the
 * guest runs ahead of the APIC, and the APIC is told when the monitor is entered or something waits. Only a priority
 * below the one that the APIC has been told must go there at once, for it may let an interrupt through. Adams and Agesen,
 * ASPLOS 2006, section 6.3, `cr8wr`.
 */
import type { Cpu } from '../../machines/pc/cpu.ts';
import { PAGE } from '../../machines/pc/memory.ts';
import { DS } from '../../machines/pc/registers.ts';
import { CODE, WRITABLE } from '../../machines/pc/segment-checks.ts';
import type { SystemPc } from '../../machines/pc/system.ts';
import { LEAST, PRIORITY, RESERVED } from './layout.ts';
import { EMULATION } from './paths.ts';
import type { Transfer } from './transfer.ts';

const TASK_PRIORITY = 0x80;
/** More than any priority: every store goes to the APIC. */
const ALL = 0x100;
const FLAT = 0xffffffff;

export class TaskPriority {
  /** Linear address at which translated code stores it; −1: none does. */
  place = -1;
  private readonly system: SystemPc;
  private readonly guest: Cpu;
  private readonly transfer: Transfer;

  constructor(system: SystemPc, guest: Cpu, transfer: Transfer) {
    this.system = system;
    this.guest = guest;
    this.transfer = transfer;
  }

  private get home(): number {
    return this.system.memorySize - RESERVED;
  }
  /** Physical address of the APIC's page, or −1 where it is switched off or there is none. */
  private get apic(): number {
    const base = this.guest.apic?.apicBase ?? 0;
    return (base & 0x800) === 0 ? -1 : base & -PAGE;
  }
  private get register(): number {
    return (this.apic + TASK_PRIORITY) >>> 0;
  }
  isApic(frame: number): boolean {
    return frame === this.apic;
  }

  /** Whether a store to this linear address sets it, as the guest is now. */
  at(linear: number): boolean {
    return (linear & (PAGE - 1)) === TASK_PRIORITY && this.reached(linear);
  }

  /** The page is mapped to the APIC, has been stored into already, and DS lets a constant address lead there. */
  private reached(linear: number): boolean {
    const { guest } = this;
    const access = guest.access[DS]!;
    return (
      guest.cpl === 0 &&
      guest.bases[DS] === 0 &&
      guest.limits[DS] === FLAT &&
      (access & (CODE | WRITABLE)) === WRITABLE &&
      this.apic !== -1 &&
      this.transfer.storedFrameOf(linear) === this.apic
    );
  }

  /** Before translated code runs: what it goes on from, and which stores it must not make itself. */
  hand(): void {
    const { system, home, place } = this;
    if (place === -1) return;
    const reached = this.reached(place);
    const value = reached ? this.guest.bus.load(this.register, 4) : 0;
    system.storePhysical(home + PRIORITY, value);
    system.storePhysical(home + LEAST, reached ? value : ALL);
  }

  /** Lets the APIC know what translated code has set. */
  tell(): void {
    const { system, home, place } = this;
    if (place === -1) return;
    const least = system.peekPhysical(home + LEAST);
    if (least === ALL) return;
    const value = system.peekPhysical(home + PRIORITY);
    if (value === least) return;
    system.work(EMULATION, this.guest.costs['device-memory']);
    this.guest.bus.store(this.register, 4, value);
    system.storePhysical(home + LEAST, value);
  }
}
