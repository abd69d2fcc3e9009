/**
 * The work with the guest's disk, gone through step by step as its path says, and the books about it: what exited and what
 * was done from the end of one request to the end of the next.
 */
import type { RequestListener } from '../../machines/pc/devices/disk-time.ts';
import type { SystemPc } from '../../machines/pc/system.ts';
import { EXIT_REASONS, REASON, type ExitReason } from '../../machines/pc/vmx/reasons.ts';
import { STEPS, type DiskPath, type StepName } from './disk-paths.ts';

/** The disk as the monitor finds it in the machine. */
export interface GuestDisk {
  /** First and last ports of the disk and its controller. */
  readonly ports: readonly (readonly [first: number, last: number])[];
  /** The register that says that there is something in the ring; −1: there is none. */
  readonly notify: number;
  listen(listener: RequestListener): void;
}

/** How often each thing happened, and its cycles: VM exits by reason, steps by name. */
export type Tallies = Readonly<Record<string, readonly [count: number, cycles: number]>>;

export interface DiskWorkState {
  readonly requests: number;
  readonly bytes: number;
  /** Requests that the disk has taken and ended, for which the work is still to be done. */
  readonly begun: number;
  readonly ended: number;
  readonly since: number;
  readonly open: Tallies;
  readonly last: { readonly cycles: number; readonly tallies: Tallies };
  readonly all: { readonly cycles: number; readonly tallies: Tallies };
}

type Stretches = GuestDisk['ports'];

/** The two 8259A, with the registers that say which lines are level-triggered. */
const INTERRUPT_CONTROLLERS: Stretches = [
  [0x20, 0x21],
  [0xa0, 0xa1],
  [0x4d0, 0x4d1],
];
/** And the timer, with the port of its third counter's gate. */
const IN_KERNEL: Stretches = [...INTERRUPT_CONTROLLERS, [0x40, 0x43], [0x61, 0x61]];
const NEAR: readonly StepName[] = ['in-kernel'];
const within = (stretches: Stretches, port: number): boolean =>
  stretches.some(([first, last]) => port >= first && port <= last);
const NONE = { cycles: 0, tallies: {} };

export class DiskWork implements RequestListener {
  readonly path: DiskPath;
  private readonly system: SystemPc;
  private readonly disk: GuestDisk;
  private state: DiskWorkState = {
    requests: 0,
    bytes: 0,
    begun: 0,
    ended: 0,
    since: 0,
    open: {},
    last: NONE,
    all: NONE,
  };

  constructor(system: SystemPc, path: DiskPath, disk: GuestDisk) {
    this.system = system;
    this.path = path;
    this.disk = disk;
    disk.listen(this);
  }

  private set(change: Partial<DiskWorkState>): void {
    this.state = { ...this.state, ...change };
  }

  begun(bytes: number): void {
    const { begun, bytes: before } = this.state;
    this.set({ begun: begun + 1, bytes: before + bytes });
  }
  ended(): void {
    this.set({ ended: this.state.ended + 1 });
  }

  /** The guest's instruction at a port has exited: on the way to whoever answers there. Only the disk's is booked. */
  access(port: number): void {
    const { path, disk } = this;
    const near = within(IN_KERNEL, port);
    const steps = port === disk.notify ? path.notify : near ? NEAR : path.model;
    if (!near && !within(disk.ports, port)) {
      for (const step of steps) this.pass(step);
      return;
    }
    this.count(EXIT_REASONS[REASON.IO], 0);
    this.go(steps);
  }

  /** The device model has had its access: what it asks of the real disk goes there. */
  answered(): void {
    while (this.state.begun > 0) {
      this.set({ begun: this.state.begun - 1 });
      this.go(this.path.request);
    }
  }

  /** A VM exit: the real disk may have ended requests meanwhile. */
  exited(reason: ExitReason): void {
    // Of an access it is not known yet whose it is.
    if (reason !== REASON.IO) this.count(EXIT_REASONS[reason], 0);
    while (this.state.ended > 0) {
      this.set({ ended: this.state.ended - 1 });
      this.complete();
    }
  }

  private complete(): void {
    this.go(this.path.completion);
    const { requests, since, open, all } = this.state;
    const last = { cycles: this.system.clock - since, tallies: open };
    // What came before the first request has nothing to do with the disk.
    const sum =
      requests === 0 ? NONE : { cycles: all.cycles + last.cycles, tallies: added(all.tallies, open) };
    this.set({ requests: requests + 1, since: this.system.clock, open: {}, last, all: sum });
  }

  private go(steps: readonly StepName[]): void {
    for (const step of steps) {
      this.pass(step);
      this.count(step, STEPS[step].cycles);
    }
  }

  private pass(step: StepName): void {
    const { account, cycles } = STEPS[step];
    this.system.work(account, cycles);
  }

  private count(name: string, cycles: number): void {
    this.set({ open: added(this.state.open, { [name]: [1, cycles] }) });
  }

  /** First and last ports that do not exit: where the guest has the disk, and where it hears interrupts itself, those too. */
  get open(): Stretches {
    const { path, disk } = this;
    if (!path.direct) return [];
    return path.exitless ? [...disk.ports, ...INTERRUPT_CONTROLLERS] : disk.ports;
  }

  /** Counts of everything since the first request: its own name behind that of the disk. */
  report(): Readonly<Record<string, number>> {
    const { requests, bytes, all } = this.state;
    const counts = Object.entries(all.tallies).map(([name, [count]]) => [`disk: ${name}`, count] as const);
    return { 'disk requests': requests, 'disk bytes': bytes, ...Object.fromEntries(counts) };
  }

  save(): DiskWorkState {
    return this.state;
  }
  restore(state: DiskWorkState): void {
    this.state = state;
  }
}

function added(tallies: Tallies, more: Tallies): Tallies {
  const sum: Record<string, readonly [number, number]> = { ...tallies };
  for (const [name, [count, cycles]] of Object.entries(more)) {
    const [n, c] = sum[name] ?? [0, 0];
    sum[name] = [n + count, c + cycles];
  }
  return sum;
}
