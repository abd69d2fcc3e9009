/**
 * Classic trap-and-emulate on IA-32, as CP did it on System/370: the guest's kernel runs at level 1, its programs at
 * level 3, and whatever traps is simulated on the virtual machine's own state. It is here to fail: instructions that
 * are sensitive and do not trap act on the real machine, and this monitor never hears of them.
 */
import { clonePlain } from '../../base/clone.ts';
import type { Decoded } from '../../machines/pc/instructions/row.ts';
import { CS, DS, ES, FS, GS, SS } from '../../machines/pc/registers.ts';
import type { DescriptorTable, PcEvent, PcHost, SystemPc } from '../../machines/pc/system.ts';
import { EMULATION, ENTRY, GUEST_ACCOUNTS, NOTE, SCHEDULING, SIMULATE } from './paths.ts';
import { FLAG_IF, reflect } from './reflect.ts';
import { Shadow } from './shadow.ts';
import { standInFor } from './simulate.ts';
import { silentMistake, WATCHED, type Peek, type Silent } from './silent.ts';
import { virtualPc, type VirtualPc } from './state.ts';

const GENERAL_PROTECTION = 13;
const PAGE_FAULT = 14;
const KERNEL_LEVEL = 1;
/** Error codes that name a descriptor of the global table. */
const IN_GLOBAL_TABLE = 0x3;

/** Hears what the monitor does, and what escapes it, while somebody looks. */
export interface NaiveObserver {
  simulated(mnemonic: string): void;
  reflected(event: PcEvent): void;
  /** The instruction is about to execute. */
  silent(mistake: Silent): void;
  /** For looking into memory. */
  readonly peek: Peek;
}

export class NaiveMonitor implements PcHost {
  readonly guest: VirtualPc;
  private readonly system: SystemPc;
  private readonly shadow: Shadow;
  private observer: NaiveObserver | null = null;

  constructor(system: SystemPc) {
    this.system = system;
    this.guest = virtualPc();
    this.shadow = new Shadow(system, this.guest);
  }

  /** Takes the machine over from a guest that a loader has readied to run at level 0, with this descriptor table. */
  start(gdt: DescriptorTable): void {
    const { system, guest, shadow } = this;
    guest.gdt = gdt;
    guest.interruptFlag = (system.flags & FLAG_IF) !== 0;
    system.attach(this, GUEST_ACCOUNTS);
    shadow.loadDescriptors();
    for (const segment of [ES, SS, DS, FS, GS, CS] as const)
      system.returnTo(segment, system.selector(segment), KERNEL_LEVEL);
    system.flags |= FLAG_IF;
  }

  interrupt(event: PcEvent): void {
    const { system, guest } = this;
    system.work(SCHEDULING, ENTRY);
    if (event.kind === 'external') {
      guest.pending.push(event.vector);
      system.work(SCHEDULING, NOTE);
    } else if (!this.handled(event)) this.hand(event);
    this.resume();
  }

  /** Simulates what trapped, or mends a copy that was out of date; false if the event is the guest's. */
  private handled(event: PcEvent): boolean {
    const { system, guest, shadow } = this;
    if (event.kind === 'software') return false;
    if (event.vector === PAGE_FAULT) {
      if (shadow.copyEntry(system.cr2)) return true;
      guest.cr2 = system.cr2;
      return false;
    }
    if (event.vector !== GENERAL_PROTECTION || system.level === 3) return false;
    const named = event.error > 0 && (event.error & IN_GLOBAL_TABLE) === 0;
    let renewed = false;
    const fault = system.attempt(() => {
      renewed = named && (event.error & 4) === 0 && shadow.copyDescriptor(event.error >> 3);
    });
    if (!fault && renewed) return true;
    return this.simulated();
  }

  private simulated(): boolean {
    const { system, guest, shadow } = this;
    const instruction = system.fetch();
    const simulate = instruction && standInFor(instruction);
    if (!instruction || !simulate) return false;
    this.observer?.simulated(instruction.row.mnemonic);
    const { eip } = system;
    // Advanced before: strings that repeat set it back themselves.
    system.eip = (eip + instruction.length) | 0;
    const fault = system.attempt(() => {
      simulate({ system, guest, shadow }, instruction);
    });
    system.work(EMULATION, SIMULATE);
    if (!fault) return true;
    system.eip = eip;
    this.hand(fault);
    return true;
  }

  private hand(event: PcEvent): void {
    this.observer?.reflected(event);
    if (event.vector === PAGE_FAULT && event.kind === 'exception') this.guest.cr2 = this.system.cr2;
    this.guest.failure = reflect(this.system, this.guest, this.shadow, event);
  }

  /** Before the guest goes on: an interrupt that waits, its halt, or its end. */
  private resume(): void {
    const { system, guest } = this;
    const next = guest.interruptFlag && guest.failure === '' ? guest.pending.shift() : undefined;
    if (next !== undefined) {
      guest.halted = false;
      this.hand({ vector: next, kind: 'external', error: -1 });
    }
    const ended = guest.failure !== '' || this.hangs;
    // Deaf from then on, so that the machine's own wait is the end, at this very cycle.
    if (ended) system.flags &= ~FLAG_IF;
    if (ended || guest.halted) system.halt();
  }

  /** It waits with interrupts off: nothing will ever wake it. */
  get hangs(): boolean {
    return this.guest.halted && !this.guest.interruptFlag;
  }

  observe(observer: NaiveObserver | null): void {
    const { system, guest, shadow } = this;
    this.observer = observer;
    const hear = (instruction: Decoded): void => {
      const mistake = observer && silentMistake({ system, guest, shadow }, instruction, observer.peek);
      if (mistake) observer.silent(mistake);
    };
    system.watch(WATCHED, observer && hear);
  }

  save(): VirtualPc {
    return clonePlain(this.guest);
  }
  restore(state: VirtualPc): void {
    Object.assign(this.guest, clonePlain(state));
  }
}
