/**
 * Xen: guests' kernels run at level 1 and know it. What they may not do themselves they ask for by hypercalls; all
 * page tables are theirs, and checked; programs call their kernel without Xen. Barham et al., SOSP 2003.
 */
import { clonePlain } from '../../base/clone.ts';
import type { PcEvent, PcHost, SystemPc } from '../../machines/pc/system.ts';
import { EAX, EBX, ECX, EDI, EDX, ESI } from '../../machines/pc/registers.ts';
import { bounce } from './bounce.ts';
import { answerTools, REQUEST, type Build } from './builder.ts';
import { Console } from './console.ts';
import { loadContext, saveContext } from './context.ts';
import type { Domain } from './domain.ts';
import { createDomain, destroyDomain, type DomainPlan } from './domains.ts';
import { eventsMasked, maskEvents, notify, ownerOfLine, raiseVirq, upcallWaits } from './events.ts';
import { handleException } from './exceptions.ts';
import { FREE, Frames, frameState, XEN, type FrameType } from './frames.ts';
import { Grants } from './grants.ts';
import { callHypercall } from './hypercalls/table.ts';
import { HYPERCALL_VECTOR, SHARED_INFO, SYSTEM_CALL_VECTOR, VIRQ_TIMER } from './interface.ts';
import { ENTRIES, PAGE, PRESENT } from './layout.ts';
import { MachineTables, PIC_VECTOR, SPURIOUS_VECTOR, TIMER_VECTOR } from './machine-tables.ts';
import { PageTables } from './page-tables.ts';
import { CALL, CHOOSE, ENTRY, GUEST_ACCOUNTS, HYPERCALL, SCHEDULING } from './paths.ts';
import { Store } from './store/service.ts';
import { SLICE_NANOSECONDS, type Scheduler } from './scheduler.ts';
import { SCHEDULERS, type SchedulerName } from './schedulers.ts';
import { xenState, type XenState } from './state.ts';
import { readWallClock, Time } from './time.ts';

const SERIAL_LINE = 4;
const CASCADE_LINE = 2;
const MOST_REFUSALS = 64;
const CR0_RUNNING = 0x80010033 | 0; // paging, write protection for level 1 too, x87 errors as exceptions
const CR0_TASK_SWITCHED = 8;
const FLAG_IF = 0x200;
/** Memory below 1 M is the firmware's. */
const FIRST_FRAME = 256;
/** ACPI power control of this machine. */
const POWER_CONTROL = 0x604;
const POWER_OFF = 0x2000;

/** Hears what the hypervisor does, while somebody looks. */
export interface XenObserver {
  hypercall(name: string, domain: number): void;
  refused(check: string, detail: string, domain: number): void;
  reflected(event: string, domain: number): void;
  /** A frame is a page table, directory or descriptor table from now on, or none of them any more. */
  retyped(frame: number, type: FrameType): void;
  switched(domain: number): void;
}

export class Xen implements PcHost {
  readonly outerGates = true;
  readonly system: SystemPc;
  readonly frames: Frames;
  readonly tables: PageTables;
  readonly machine: MachineTables;
  readonly console: Console;
  readonly time: Time;
  readonly scheduler: Scheduler;
  readonly grants: Grants;
  readonly store: Store;
  state: XenState;
  observer: XenObserver | null = null;
  /** Page directory with Xen's part alone, for when no domain's will do. */
  private readonly idleDirectory: number;
  private readonly sliceCycles: number;
  /** Set by whoever has set the machine up: domains that domain 0 may ask for. */
  build: Build = (name) => `there is no domain ${name} to be built`;

  constructor(system: SystemPc, frequency: number, scheduler: SchedulerName = 'credit') {
    this.system = system;
    const count = system.memorySize / PAGE;
    this.state = xenState(frameState(count));
    const m2pFrames = Math.ceil((4 * count) / PAGE);
    const [gates, own, m2pTable, idle, m2pBase] = [0, 1, 2, 3, 4].map((k) => FIRST_FRAME + k) as [
      number,
      number,
      number,
      number,
      number, // prettier-ignore
    ];
    this.frames = new Frames(system, this.state.frames, m2pBase * PAGE, (check, detail) =>
      this.refuse(check, detail),
    );
    this.tables = new PageTables(
      system,
      this.frames,
      { m2p: [m2pTable], own },
      (id) => this.domain(id)!.descriptorTable,
    );
    this.machine = new MachineTables(system, gates, own, frequency);
    this.console = new Console(system, this.state.console);
    this.time = new Time(system, frequency);
    this.sliceCycles = this.time.clockAt(SLICE_NANOSECONDS);
    this.scheduler = new SCHEDULERS[scheduler](this.sliceCycles);
    this.idleDirectory = idle;
    this.buildTables(m2pTable, m2pBase, m2pFrames);
    for (let frame = FIRST_FRAME + 4 + m2pFrames; frame < count; frame++) {
      this.state.frames.owner[frame] = FREE;
      this.state.frames.free.push(frame);
    }
    this.frames.retyped = (frame, type) => {
      this.observer?.retyped(frame, type);
    };
    this.grants = new Grants(this);
    this.store = new Store(system, this.state.store, {
      client: (id) => this.domain(id) ?? null,
      notify: (id) => {
        this.notifyStore(this.domain(id)!);
      },
      refuse: (check, detail) => this.refuse(check, detail),
      written: (path) => {
        if (path === REQUEST) answerTools(this, (name) => this.build(name));
      },
    });
    this.frames.dropGrant = (at) => this.grants.dropEntry(at);
    this.frames.reload = () => {
      const { current } = this;
      system.loadCr3((current ? current.cr3 : this.idleDirectory) * PAGE);
    };
  }

  private buildTables(m2pTable: number, m2pBase: number, m2pFrames: number): void {
    const { system } = this;
    for (let frame = FIRST_FRAME; frame < FIRST_FRAME + 4; frame++)
      for (let at = frame * PAGE; at < (frame + 1) * PAGE; at += 4) system.storePhysical(at, 0);
    // Guests may read it, at level 1 and at level 3 alike, and write it never.
    for (let k = 0; k < Math.min(m2pFrames, ENTRIES); k++)
      system.storePhysical(m2pTable * PAGE + 4 * k, ((m2pBase + k) * PAGE) | PRESENT);
    for (let at = m2pBase * PAGE; at < (m2pBase + m2pFrames) * PAGE; at += 4) system.storePhysical(at, -1);
    this.machine.build();
    this.tables.putXenIn(this.idleDirectory, -1);
  }

  /** Takes the machine over from a loader that has left it in flat protected mode. */
  start(): void {
    const { system } = this;
    system.attach(this, GUEST_ACCOUNTS);
    system.loadCr4(0);
    system.loadCr3(this.idleDirectory * PAGE);
    this.machine.startInterrupts();
    this.machine.allowLine(SERIAL_LINE);
    this.console.start();
    this.state.wallClock = readWallClock(system);
    system.loadCr0(CR0_RUNNING);
    this.console.say('(XEN) Xen, x86_32, guest interface xen-3.0-x86_32\r\n');
  }

  /** The first domain has been built: lets it run. */
  run(): void {
    this.state.nextAccounting = this.system.clock + this.sliceCycles;
    this.scheduler.account(this.state.domains);
    this.resume();
  }

  // ---------------------------------------------------------------- domains

  domain(id: number): Domain | undefined {
    return this.state.domains.find((domain) => domain.id === id && domain.state !== 'destroyed');
  }
  get current(): Domain | null {
    return this.state.domains[this.state.running] ?? null;
  }
  get several(): boolean {
    return this.state.domains.length > 1;
  }
  create(plan: DomainPlan): Domain | string {
    return createDomain(this, plan);
  }
  destroy(domain: Domain): void {
    if (this.current === domain) this.leave();
    destroyDomain(this, domain);
  }

  /** It runs no more. What it has left in its console's ring is printed, though it told nobody. */
  end(domain: Domain, state: 'shutdown' | 'crashed', reason: string): void {
    domain.state = state;
    domain.reason = reason;
    this.console.drain(domain, this.several);
    this.store.tell('@releaseDomain');
  }

  crash(domain: Domain, reason: string): void {
    if (domain.state === 'crashed') return;
    this.end(domain, 'crashed', reason);
    this.console.say(`(XEN) domain ${domain.id} crashed: ${reason}\r\n`);
  }

  refuse(check: string, detail: string): false {
    const domain = this.current?.id ?? -1;
    const { refused, refusals } = this.state;
    refused[check] = (refused[check] ?? 0) + 1;
    refusals.push({ domain, check, detail });
    if (refusals.length > MOST_REFUSALS) refusals.shift();
    this.observer?.refused(check, detail, domain);
    return false;
  }

  // ---------------------------------------------------------------- entries

  interrupt(event: PcEvent): void {
    const { system, current } = this;
    system.work(SCHEDULING, ENTRY);
    if (event.kind === 'external') this.external(event.vector);
    else if (current) {
      if (event.kind === 'software' && event.vector === HYPERCALL_VECTOR && system.level === 1)
        this.hypercall(current);
      else handleException(this, current, event);
    }
    this.resume();
  }

  private external(vector: number): void {
    const { machine } = this;
    if (vector === SPURIOUS_VECTOR) return;
    if (vector === TIMER_VECTOR) {
      machine.endOfTimer();
      this.state.timerSet = Infinity;
      return;
    }
    const line = vector - PIC_VECTOR;
    if (line === SERIAL_LINE) {
      this.console.interrupt();
      this.serveConsoles();
    } else this.lineOfDomain(line);
    machine.endOfLine(line);
  }

  /** Xen drives what is on that line itself: its console, and the way from one controller to the other. */
  usesLine(line: number): boolean {
    return line === SERIAL_LINE || line === CASCADE_LINE;
  }

  /** Masked until the domain that drives the device says that it is done. */
  private lineOfDomain(line: number): void {
    this.machine.forbidLine(line);
    const owner = ownerOfLine(this.state.domains, line);
    if (owner) notify(this.system, owner.domain, owner.port);
  }

  private hypercall(domain: Domain): void {
    const { system } = this;
    const { registers } = system;
    system.work(HYPERCALL, CALL);
    const number = registers[EAX]!;
    const words = [EBX, ECX, EDX, ESI, EDI].map((r) => registers[r]!);
    const result = callHypercall(this, domain, number, words);
    if (result !== null) registers[EAX] = result;
  }

  // ---------------------------------------------------------------- services

  /** What was typed goes to the domain that was asked for, or the first one that can take it. */
  serveConsoles(): void {
    const able = this.state.domains.filter(({ state }) => state === 'running' || state === 'blocked');
    const taker = able.find(({ id }) => id === this.state.console.taker) ?? able[0];
    if (taker && this.console.offer(taker)) notify(this.system, taker, taker.consolePort);
  }

  private notifyStore(domain: Domain): void {
    notify(this.system, domain, domain.storePort);
  }

  /** A domain has sent an event to the host's side. */
  serve(domain: Domain, service: string): void {
    if (service === 'store' && this.store.serve(domain)) this.notifyStore(domain);
    if (service === 'console' && this.console.drain(domain, this.several))
      notify(this.system, domain, domain.consolePort);
  }

  // ---------------------------------------------------------------- the way back

  /** Timers that are due, the domain to run, its events; or the machine waits. */
  private resume(): void {
    const { state, system } = this;
    this.timers();
    for (;;) {
      this.choose();
      const { current } = this;
      if (!current) break;
      this.deliver(current);
      if (current.state === 'running') break;
    }
    this.setTimer();
    if (this.current) {
      system.resume('interrupt');
      return;
    }
    if (this.finished && this.console.idle) system.output(POWER_CONTROL, POWER_OFF, 2);
    state.ending = this.finished;
    system.flags |= FLAG_IF;
    system.halt();
  }

  /** No domain will ever run again. */
  get finished(): boolean {
    return this.state.domains.every(
      ({ state }) => state === 'shutdown' || state === 'crashed' || state === 'destroyed',
    );
  }

  private timers(): void {
    const { state, system, time } = this;
    const now = time.nanoseconds;
    const { clock } = system;
    for (const domain of state.domains) {
      if (domain.state !== 'running' && domain.state !== 'blocked') continue;
      const ticks = domain.period > 0 && domain === this.current && domain.nextTick <= now;
      if (ticks) domain.nextTick = now + domain.period;
      if (!ticks && domain.deadline > now) continue;
      if (domain.deadline <= now) domain.deadline = Infinity;
      time.publish(domain);
      raiseVirq(system, domain, VIRQ_TIMER);
    }
    if (clock < state.nextAccounting) return;
    this.charge();
    while (state.nextAccounting <= clock) {
      this.scheduler.account(state.domains);
      state.nextAccounting += this.sliceCycles;
    }
    state.sliceEnd = 0;
  }

  /** Books what the running domain has run. */
  private charge(): void {
    const { current, system, state } = this;
    if (current) this.scheduler.burn(current, system.clock - state.since);
    state.since = system.clock;
  }

  private choose(): void {
    const { state, system, current } = this;
    if (current?.state === 'running' && state.domains.length === 1) return;
    if (current?.state === 'running' && system.clock < state.sliceEnd && !this.wakesAnother(current)) return;
    this.charge();
    system.work(SCHEDULING, CHOOSE);
    const next = this.scheduler.choose(state.domains, Math.max(0, state.running));
    state.sliceEnd = system.clock + this.scheduler.quantum;
    if (next !== current || !current) this.switchTo(next);
  }

  private wakesAnother(current: Domain): boolean {
    return this.state.domains.some(
      (domain) => domain !== current && this.scheduler.preempts(current, domain),
    );
  }

  private switchTo(next: Domain | null): void {
    const { state } = this;
    this.leave();
    if (!next) return;
    state.running = state.domains.indexOf(next);
    state.since = this.system.clock;
    loadContext(this, next);
    const now = this.time.nanoseconds;
    if (next.period > 0 && next.nextTick < now) next.nextTick = now;
    this.time.publish(next);
    this.observer?.switched(next.id);
  }

  /** Nobody runs: the registers are put away. */
  private leave(): void {
    const { current, state } = this;
    if (!current) return;
    saveContext(this, current);
    state.running = -1;
  }

  /** CR3 with Xen's part alone: a domain's tables are about to go. */
  useIdleDirectory(): void {
    this.system.loadCr3(this.idleDirectory * PAGE);
  }

  private deliver(domain: Domain): void {
    const { system } = this;
    if (domain.period > 0 && domain.nextTick <= this.time.nanoseconds) {
      domain.nextTick = this.time.nanoseconds + domain.period;
      this.time.publish(domain);
      raiseVirq(system, domain, VIRQ_TIMER);
    }
    if (!upcallWaits(system, domain) || eventsMasked(system, domain)) return;
    if (domain.eventCallback.eip === 0) return;
    this.observer?.reflected('event', domain.id);
    const problem = bounce(system, domain, domain.eventCallback, -1, true);
    if (problem !== '') this.crash(domain, `an event cannot be delivered: ${problem}`);
  }

  /** The timer for whatever is due first. */
  private setTimer(): void {
    const { state, system, time, current } = this;
    let next = Infinity;
    for (const domain of state.domains) {
      if (domain.state !== 'running' && domain.state !== 'blocked') continue;
      next = Math.min(next, time.clockAt(domain.deadline));
      if (domain === current && domain.period > 0) next = Math.min(next, time.clockAt(domain.nextTick));
    }
    const runnable = state.domains.filter((domain) => domain.state === 'running').length;
    if (runnable > 1) next = Math.min(next, Math.max(state.sliceEnd, system.clock + 1));
    if (runnable > 0) next = Math.min(next, state.nextAccounting);
    if (next === state.timerSet || next === Infinity) return;
    state.timerSet = next;
    this.machine.setTimer(Math.max(1, next - system.clock));
  }

  /** CR0.TS as the running domain and the lazy switch of the unit need it. */
  setTaskSwitched(domain: Domain): void {
    const wanted = domain.taskSwitched || this.state.floatOwner !== domain.id;
    if (wanted !== ((this.system.cr0 & CR0_TASK_SWITCHED) !== 0))
      this.system.loadCr0(CR0_RUNNING | (wanted ? CR0_TASK_SWITCHED : 0));
  }

  /** The gate and stack by which programs of the domain come to its kernel. */
  setDirectWay(domain: Domain): void {
    this.machine.setDirectGate(domain.traps[SYSTEM_CALL_VECTOR] ?? null);
    this.machine.setKernelStack(domain.kernelStack.selector, domain.kernelStack.pointer);
  }

  maskEventsOf(domain: Domain, masked: boolean): void {
    maskEvents(this.system, domain, masked);
  }
  storeCr2(domain: Domain, value: number): void {
    this.system.storePhysical(domain.sharedInfo * PAGE + SHARED_INFO.cr2, value);
  }

  // ---------------------------------------------------------------- state

  /** Whether a frame is Xen's own for good. */
  isXens(frame: number): boolean {
    return this.state.frames.owner[frame] === XEN;
  }
  save(): XenState {
    this.state.masks = this.machine.masks;
    return clonePlain(this.state);
  }
  restore(saved: XenState): void {
    this.state = clonePlain(saved);
    this.frames.state = this.state.frames;
    this.console.state = this.state.console;
    this.store.state = this.state.store;
    this.machine.masks = this.state.masks;
  }
}
