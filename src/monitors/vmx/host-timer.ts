/**
 * The host's own timer and interrupts: the machine's local APIC, with every line of the 8259 masked. All timers of the
 * host's, those of its guests' devices among them, are one deadline here, as Linux's high-resolution timers are.
 */
import {
  APIC_TIMER_FREQUENCY,
  DIVIDE,
  END_OF_INTERRUPT,
  INITIAL_COUNT,
  LOCAL_APIC_BASE,
  LVT_TIMER,
  SPURIOUS,
} from '../../machines/pc/devices/local-apic.ts';
import type { SystemPc } from '../../machines/pc/system.ts';

const ENABLED = 0x1ff;
const BY_ONE = 0xb;
const TIMER_VECTOR = 0xef;
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
    this.put(SPURIOUS, ENABLED);
    this.put(DIVIDE, BY_ONE);
    this.put(LVT_TIMER, TIMER_VECTOR);
  }

  /** Interrupts at the clock `deadline` or soon after; Infinity: not at all. */
  arm(deadline: number): void {
    if (deadline === this.deadline) return;
    this.deadline = deadline;
    const { system, frequency } = this;
    const ticks = Math.ceil(((deadline - system.clock) * APIC_TIMER_FREQUENCY) / frequency);
    this.put(INITIAL_COUNT, deadline === Infinity ? 0 : Math.min(MOST, Math.max(1, ticks)) | 0);
  }

  /** Takes what interrupts wait for the host. */
  take(): void {
    const { system } = this;
    while (system.interruptPending) {
      if (system.acknowledge() === TIMER_VECTOR) this.deadline = Infinity;
      this.put(END_OF_INTERRUPT, 0);
    }
  }

  /** Stores into a register of the local APIC. */
  private put(register: number, value: number): void {
    this.system.storePhysical(LOCAL_APIC_BASE + register, value);
  }
}
