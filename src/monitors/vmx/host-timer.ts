/**
 * The host's own timer and interrupts: the machine's local APIC, with every line of the 8259 masked. All timers of the
 * host's, those of its guests' devices among them, are one deadline here, as Linux's high-resolution timers are.
 */
import type { SystemPc } from '../../machines/pc/system.ts';

/** SDM vol. 3A, section 10.4.1. */
const APIC = 0xfee00000;
const [END, SPURIOUS, TIMER, COUNT, DIVIDE] = [0xb0, 0xf0, 0x320, 0x380, 0x3e0].map((at) => APIC + at) as [
  number,
  number,
  number,
  number,
  number,
];
const ENABLED = 0x1ff;
const BY_ONE = 0xb;
const TIMER_VECTOR = 0xef;
const APIC_FREQUENCY = 100_000_000;
const MASKS = [0x21, 0xa1] as const;
const ALL = 0xff;
const MOST = 0xffffffff;

export class HostTimer {
  /** What the timer counts down to; Infinity: it stands. */
  deadline = Infinity;
  private readonly system: SystemPc;
  private readonly frequency: number;

  /** @param frequency cycles in a second */
  constructor(system: SystemPc, frequency: number) {
    this.system = system;
    this.frequency = frequency;
  }

  start(): void {
    const { system } = this;
    for (const port of MASKS) system.output(port, ALL);
    system.storePhysical(SPURIOUS, ENABLED);
    system.storePhysical(DIVIDE, BY_ONE);
    system.storePhysical(TIMER, TIMER_VECTOR);
  }

  /** Interrupts at the clock `deadline` or soon after; Infinity: not at all. */
  arm(deadline: number): void {
    if (deadline === this.deadline) return;
    this.deadline = deadline;
    const { system, frequency } = this;
    const ticks = Math.ceil(((deadline - system.clock) * APIC_FREQUENCY) / frequency);
    system.storePhysical(COUNT, deadline === Infinity ? 0 : Math.min(MOST, Math.max(1, ticks)) | 0);
  }

  /** Takes what interrupts wait for the host. */
  take(): void {
    const { system } = this;
    while (system.interruptPending) {
      if (system.acknowledge() === TIMER_VECTOR) this.deadline = Infinity;
      system.storePhysical(END, 0);
    }
  }
}
