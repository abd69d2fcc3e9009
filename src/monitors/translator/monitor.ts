/**
 * The binary translator: the guest's kernel runs as translated code at level 1, its programs run directly at level 3,
 * and what neither can do is interpreted. Bugnion et al., ACM TOCS 30(4), 2012; Adams and Agesen, ASPLOS 2006.
 *
 * While the guest runs, its registers are in the real processor; whenever the monitor is entered they move to the
 * virtual one (`guest`), which also holds all that the real one never sees: tables, control registers, the interrupt
 * flag, the level that the guest believes in.
 */
import { clonePlain } from '../../base/clone.ts';
import { FLAG_IF } from '../../machines/pc/eflags.ts';
import { restoreCpu, saveCpu, setA20 } from '../../machines/pc/cpu-state.ts';
import type { Cpu } from '../../machines/pc/cpu.ts';
import { PF, PF_USER, PF_WRITE } from '../../machines/pc/exceptions.ts';
import { READ, WRITE } from '../../machines/pc/physical.ts';
import type { PcEvent, PcHost, SystemPc } from '../../machines/pc/system.ts';
import { ShadowTables, type Outcome } from '../shadow/tables.ts';
import { Adaptation } from './adaptation.ts';
import { Counts } from './counts.ts';
import { pointAt, TranslationCache, type Unit } from './cache.ts';
import { GuestPorts } from './devices.ts';
import { ShadowDescriptors } from './descriptors.ts';
import { CALL_OUT } from './emitter.ts';
import { Interpreter } from './interpreter.ts';
import { CACHE, HIGHEST, linear, PAGE, PENDING, RESERVED } from './layout.ts';
import { modeOf } from './mode.ts';
import type { TranslatorObserver } from './observer.ts';
import { DEFAULT_OPTIONS, type TranslatorOptions } from './options.ts';
import { CALLED, ENTRY, GUEST_ACCOUNTS, SCHEDULING, SHADOW, TRANSLATION } from './paths.ts';
import { mapMonitor, shadowOwner } from './shadow-owner.ts';
import type { Mode, TranslatorState } from './state.ts';
import { TaskPriority } from './priority.ts';
import { Transfer } from './transfer.ts';
import { Units } from './units.ts';

export class Translator implements PcHost {
  readonly guest: Cpu;
  readonly cache: TranslationCache;
  readonly shadow: ShadowTables;
  readonly counts = new Counts();
  /** Why the guest cannot go on, or ''. */
  failure = '';
  mode: Mode = 'interpreted';
  private readonly system: SystemPc;
  private readonly options: TranslatorOptions;
  private readonly descriptors: ShadowDescriptors;
  private readonly interpreter: Interpreter;
  private readonly transfer: Transfer;
  private readonly ports: GuestPorts;
  private readonly adaptation = new Adaptation();
  private readonly priority: TaskPriority;
  private readonly units: Units;
  /** Whether a watched page has been stored into, or a device's memory reached, since this was last asked. */
  private touched = false;
  /** Count of the processor's instructions when one was left to be executed again: it has begun, and done nothing. */
  begunAt = -1;
  private watcher: TranslatorObserver | null = null;
  /** Whether the monitor was entered by a call from the cache, so that going back there is a return. */
  private called = false;
  readonly callVector = CALL_OUT;

  /** @param guest the virtual processor, on the memory that is the guest's */
  constructor(system: SystemPc, guest: Cpu, options: TranslatorOptions = DEFAULT_OPTIONS) {
    this.system = system;
    this.guest = guest;
    this.options = options;
    this.cache = new TranslationCache(system);
    this.shadow = new ShadowTables(
      system,
      guest,
      shadowOwner(system, this.cache, (frame) => this.priority.isApic(frame)),
      options.shadows,
    );
    this.descriptors = new ShadowDescriptors(system, guest);
    this.interpreter = new Interpreter(system, guest);
    const { bus } = guest;
    guest.bus = {
      load: (at, size) => {
        this.touched = true;
        return bus.load(at, size);
      },
      store: (at, size, value) => {
        this.touched = true;
        bus.store(at, size, value);
      },
    };
    this.ports = new GuestPorts(system, guest.ports, options.io);
    guest.ports = this.ports;
    this.transfer = new Transfer(system, guest, this.descriptors);
    this.priority = new TaskPriority(system, guest, this.transfer);
    const { cache, shadow, interpreter, transfer, adaptation, priority, counts } = this;
    const { chaining } = options;
    this.units = new Units({
      ...{ system, guest, cache, shadow, interpreter, transfer, adaptation, priority, counts, chaining },
    });
    if (options.shadows === 'untraced')
      guest.onForget = (page) => {
        shadow.forgotten(page);
      };
  }

  get observer(): TranslatorObserver | null {
    return this.watcher;
  }
  set observer(observer: TranslatorObserver | null) {
    this.watcher = observer;
    this.units.observer = observer;
  }

  /** Takes the machine over; the virtual processor is in the state that the loader has left. */
  start(): void {
    const { system } = this;
    system.attach(this, GUEST_ACCOUNTS);
    system.enter(TRANSLATION);
    this.cache.start();
    system.enter(SHADOW);
    mapMonitor(system);
    this.shadow.empty();
    this.shadow.activate();
    this.transfer.start();
    this.resume();
  }

  /** Bytes of guest memory are about to change, by whoever stores on the guest's behalf. */
  stored(at: number, size: number): void {
    const frame = at & -PAGE;
    if (this.cache.holdsCodeOf(frame)) {
      this.touched = true;
      const dropped = this.cache.dropStored(at, size);
      this.counts.add('units dropped', dropped);
      if (dropped > 0) this.observer?.dropped(dropped);
    }
    this.shadow.stored(at, size);
  }

  // ---------------------------------------------------------------- entered

  interrupt(event: PcEvent): void {
    const { system, counts } = this;
    this.called = event.kind === 'software' && event.vector === CALL_OUT && this.mode !== 'direct';
    system.enter(SCHEDULING);
    system.work(SCHEDULING, this.called ? CALLED : ENTRY);
    counts.left(this.mode, system.instructions);
    if (this.mode === 'translated') this.priority.tell();
    if (event.kind === 'exception' && event.vector === PF && this.mode !== 'interpreted') {
      if (this.pageFault(event)) return;
    } else if (this.mode === 'direct') this.fromDirect(event);
    else if (this.mode === 'translated') this.fromTranslated(event);
    else if (event.kind === 'external') this.external(event.vector);
    this.resume();
  }

  interruptWaits(): 'take' | 'hold' | 'step' {
    const { system, transfer } = this;
    if (this.mode === 'direct') return 'take';
    if (this.mode === 'interpreted')
      return this.guest.halted ? (this.guestTakes() ? 'take' : 'hold') : 'hold';
    if (!transfer.interruptsOn()) {
      if (system.peekPhysical(system.memorySize - RESERVED + PENDING) === 0)
        system.storePhysical(system.memorySize - RESERVED + PENDING, 1);
      return 'hold';
    }
    this.priority.tell();
    if (!system.interruptPending) return 'hold';
    const at = system.eip - linear(CACHE);
    const unit = this.cache.unitAt(at);
    const point = unit && pointAt(unit, at - unit.at);
    // An x87 instruction that waits for IRQ 13 waits for it even right behind STI.
    const may = point !== undefined && (point.starts || (system.halted && point.saved === 0));
    return may && point.at === at - unit!.at ? 'take' : 'step';
  }

  a20(enabled: boolean): void {
    setA20(this.guest, enabled);
    this.shadow.purge();
  }

  private guestTakes(): boolean {
    return this.transfer.guestInterruptsOn();
  }

  private external(vector: number): void {
    this.guest.halted = false;
    this.observer?.reflected(vector);
    this.ports.interrupted();
    this.counts.add('interrupts delivered');
    this.interpreter.deliver(vector, 'external');
  }

  /** True if the guest need not know and goes on where it was. */
  private pageFault({ error }: PcEvent): boolean {
    const { system, shadow, counts, interpreter, guest } = this;
    const a = system.cr2;
    const access = (error & PF_WRITE) !== 0 ? WRITE : READ;
    let outcome: Outcome | null = null;
    try {
      outcome = a >>> 0 > HIGHEST ? 'traced' : shadow.fault(a, access, (error & PF_USER) !== 0);
    } catch (fault) {
      this.rethrow(fault);
    }
    if (outcome === 'filled') {
      counts.add('hidden page faults');
      this.observer?.filled(a);
      this.begunAt = system.instructions;
      system.resume('interrupt');
      return true;
    }
    const unit = this.import();
    if (outcome === 'device') this.deviceAccess(a, unit);
    else if (outcome === 'traced') {
      this.observer?.traced(a);
      this.tracedStore(unit);
    } else {
      counts.add('true page faults');
      this.observer?.reflected(PF);
      interpreter.deliver(PF, 'exception', guest.faultError);
    }
    return false;
  }

  private rethrow(fault: unknown): void {
    if (!this.transfer.isFault(fault)) throw fault;
  }

  /** A store into a page of the guest's tables or translated code, or above what segments reach: emulated. */
  private tracedStore(unit: Unit | null): void {
    const { guest, counts, interpreter, options } = this;
    counts.add('stores into watched pages');
    const { eip } = guest;
    if (unit && options.adaptive && this.adaptation.faulted(eip)) {
      this.units.drop(eip);
      counts.add('retranslated as call-outs');
      this.observer?.adapted(eip, true);
    }
    interpreter.one();
  }

  /** A device's register: emulated. The task priority is set so often that translated code learns to. */
  private deviceAccess(a: number, unit: Unit | null): void {
    const { guest, counts, interpreter, options, priority, units } = this;
    counts.add('accesses to device memory');
    const { eip } = guest;
    interpreter.one();
    if (!unit || !options.adaptive) return;
    const to = priority.at(a) ? 'priority' : 'call-out';
    if (!this.adaptation.faulted(eip, to)) return;
    if (to === 'priority' && priority.place !== (a | 0)) {
      priority.place = a | 0;
      units.flush();
    } else units.drop(eip);
    counts.add(to === 'priority' ? 'retranslated to set the priority' : 'retranslated as call-outs');
    this.observer?.adapted(eip, true);
  }

  private fromDirect(event: PcEvent): void {
    this.import();
    if (event.kind === 'external') this.external(event.vector);
    else {
      if (event.kind === 'software' || event.vector === 1) this.transfer.stepBack(event.vector);
      this.counts.add(
        event.kind === 'software' ? 'system calls and software interrupts' : 'exceptions of programs',
      );
      this.interpreter.one();
    }
  }

  private fromTranslated(event: PcEvent): void {
    const { system } = this;
    if (event.kind === 'external') {
      this.import();
      this.external(event.vector);
    } else if (event.kind === 'software') this.callOut(system.eip - 2 - linear(CACHE));
    else {
      this.import();
      this.counts.add('exceptions of the kernel');
      this.interpreter.one();
    }
  }

  // ---------------------------------------------------------------- call-outs

  /** @param at offset of the call-out in the cache */
  private callOut(at: number): void {
    const { transfer, cache } = this;
    if (cache.isMiss(at)) {
      this.missed();
      return;
    }
    const unit = cache.unitAt(at);
    const site = unit?.sites.find((each) => unit.at + each.at === at);
    if (!unit || !site) throw new Error(`a call-out at ${at} of the cache, where there is none`);
    if (site.kind === 'miss') {
      this.missed();
      return;
    }
    transfer.importAt(site.eip);
    this.fixPointers();
    switch (site.kind) {
      case 'exit':
        this.units.leave(unit, site);
        break;
      case 'interrupts':
        this.counts.add('call-outs for waiting interrupts');
        transfer.clearPending();
        this.guest.shadow = true;
        break;
      case 'emulate':
        this.emulate(unit, site.eip);
    }
  }

  /** The hash did not know the address in EAX. */
  private missed(): void {
    this.transfer.importMissed();
    this.fixPointers();
    this.units.missed();
  }

  private emulate({ instructions }: Unit, eip: number): void {
    const { counts, interpreter } = this;
    const mnemonic = instructions.find((each) => each.eip === eip)?.mnemonic ?? '';
    counts.callOut(mnemonic);
    this.observer?.callOut(mnemonic);
    this.touched = false;
    const drops = this.shadow.counts.drops;
    interpreter.one();
    if (!this.adaptation.calledOut(eip, this.touched || this.shadow.counts.drops !== drops)) return;
    this.units.drop(eip);
    counts.add('translated back');
    this.observer?.adapted(eip, false);
  }

  /** The guest's registers into the virtual processor; the unit that was interrupted, if translated code was. */
  private import(): Unit | null {
    const { transfer, system } = this;
    if (this.mode === 'direct') {
      transfer.importDirect();
      return null;
    }
    const at = system.eip - linear(CACHE);
    const unit = this.cache.unitAt(at);
    const point = unit && pointAt(unit, at - unit.at);
    if (!unit || !point) throw new Error(`interrupted at ${at} of the cache, where nothing stands`);
    transfer.importAt(point.eip, point.saved);
    this.fixPointers();
    return unit;
  }

  /** The x87 unit remembers where its last instruction stood: in the cache, of which the guest must not know. */
  private fixPointers(): void {
    this.transfer.fixPointers((at) => {
      const unit = this.cache.unitAt(at);
      return unit ? (pointAt(unit, at - unit.at)?.eip ?? 0) : 0;
    });
  }

  // ---------------------------------------------------------------- going on

  private resume(): void {
    const { guest, system, transfer, interpreter } = this;
    for (;;) {
      if (guest.shutdown !== '') {
        this.failure = guest.shutdown;
        this.stop();
        return;
      }
      this.follow();
      if (guest.shadow && !guest.halted) {
        interpreter.one();
        continue;
      }
      if (this.guestTakes() && system.interruptPending) {
        this.external(system.acknowledge());
        continue;
      }
      if (guest.halted) {
        this.stop();
        return;
      }
      this.mode = modeOf(guest, this.descriptors);
      if (this.mode === 'interpreted') {
        this.counts.add('stretches interpreted');
        interpreter.many(
          () =>
            (this.guestTakes() && system.interruptPending) ||
            modeOf(guest, this.descriptors) !== 'interpreted',
        );
        if (system.remaining > 0 && guest.shutdown === '') continue;
        this.follow();
        transfer.exportInterpreted();
        break;
      }
      if (this.mode === 'direct') {
        transfer.exportDirect();
        break;
      }
      const unit = this.units.at(guest.eip);
      if (!unit) continue;
      transfer.exportTranslated(this.cache.entryOf(unit));
      this.priority.hand();
      break;
    }
    this.counts.enter(system.instructions);
    system.resume(this.called && this.mode !== 'direct' ? 'call' : 'interrupt');
  }

  /** Nothing of the guest runs until the next interrupt; nor after it, where none can wake the guest any more. */
  private stop(): void {
    const { system } = this;
    this.mode = 'interpreted';
    this.transfer.exportInterpreted();
    this.counts.enter(system.instructions);
    // Deaf from then on, so that the machine's own wait is the end, at this very cycle.
    if (this.failure !== '' || this.hangs) system.flags &= ~FLAG_IF;
    system.halt();
  }

  /** Lets shadows follow what the guest has done to its registers. */
  private follow(): void {
    const { transfer, shadow, units, system } = this;
    const changed = transfer.follow();
    system.enter(SHADOW);
    const forgot = shadow.follow();
    if (changed.reading && !forgot) shadow.purge();
    else if (changed.space && !forgot) shadow.activate();
    if (changed.context) units.flush();
    else if (changed.reading || changed.space || forgot) units.checkPages();
  }

  /** It waits with interrupts off: nothing will ever wake it. */
  get hangs(): boolean {
    return this.guest.halted && !this.guestTakes();
  }

  // ---------------------------------------------------------------- state

  report(): Readonly<Record<string, number>> {
    return this.counts.report(this.mode, this.system.instructions, this.interpreter.count, {
      'operations of real devices': this.ports.operations,
      'units in the cache': this.cache.count,
      'bytes of the cache used': this.cache.bytesUsed,
      'shadow fills': this.shadow.counts.fills,
      'shadow entries dropped': this.shadow.counts.drops,
      'shadow roots made': this.shadow.counts.rootsMade,
      'shadow roots reused': this.shadow.counts.rootsReused,
      'shadow purges': this.shadow.counts.purges,
    });
  }

  save(): TranslatorState {
    return {
      version: 1,
      guest: saveCpu(this.guest),
      mode: this.mode,
      cache: this.cache.save(),
      shadow: this.shadow.save(),
      descriptors: this.descriptors.save(),
      adaptation: this.adaptation.save(),
      begunAt: this.begunAt,
      priorityAt: this.priority.place,
      counts: {
        ...this.counts.values,
        interpreted: this.interpreter.count,
        operations: this.ports.operations,
      },
      exported: clonePlain(this.transfer.exported),
      failure: this.failure,
    };
  }

  restore(state: TranslatorState): void {
    restoreCpu(this.guest, state.guest);
    this.mode = state.mode;
    this.cache.restore(state.cache);
    this.shadow.restore(state.shadow);
    this.descriptors.restore(state.descriptors);
    this.adaptation.restore(state.adaptation);
    this.begunAt = state.begunAt;
    this.priority.place = state.priorityAt;
    const { interpreted = 0, operations = 0, ...values } = state.counts;
    this.interpreter.count = interpreted;
    this.ports.operations = operations;
    this.counts.values = values;
    this.transfer.exported = clonePlain(state.exported);
    this.failure = state.failure;
  }
}
