/** The units of a guest: found or made when it gets there, chained when it leaves one for another. */
import type { Cpu } from '../../machines/pc/cpu.ts';
import type { SystemPc } from '../../machines/pc/system.ts';
import type { Adaptation } from './adaptation.ts';
import type { TranslationCache, Unit } from './cache.ts';
import type { Counts } from './counts.ts';
import type { Site } from './emitter.ts';
import type { Interpreter } from './interpreter.ts';
import { PAGE } from './layout.ts';
import type { TranslatorObserver } from './observer.ts';
import { CHECK_PAGE, LOOK_UP, SHADOW, TRANSLATE, TRANSLATION } from './paths.ts';
import type { ShadowTables } from '../shadow/tables.ts';
import type { TaskPriority } from './priority.ts';
import type { Transfer } from './transfer.ts';
import { translateUnit, type Translation } from './translate.ts';

interface Wiring {
  readonly system: SystemPc;
  readonly guest: Cpu;
  readonly cache: TranslationCache;
  readonly shadow: ShadowTables;
  readonly interpreter: Interpreter;
  readonly transfer: Transfer;
  readonly adaptation: Adaptation;
  readonly priority: TaskPriority;
  readonly counts: Counts;
  readonly chaining: boolean;
}

export class Units {
  private readonly with: Wiring;
  observer: TranslatorObserver | null = null;

  constructor(wiring: Wiring) {
    this.with = wiring;
  }

  /** The unit for the guest's code at `eip`, translated if need be; null if reading it raised the guest's fault. */
  at(eip: number): Unit | null {
    const { cache, system, interpreter, guest, adaptation, priority } = this.with;
    system.enter(TRANSLATION);
    system.work(TRANSLATION, LOOK_UP);
    const known = cache.find(eip);
    if (known) return known;
    guest.eip = eip;
    let translation: Translation | null = null;
    const read = interpreter.attempt(() => {
      translation = translateUnit(guest, eip, (at) => adaptation.of(at), priority.place);
    });
    if (!read) return null;
    const made = translation as Translation | null;
    if (made) return this.place(made);
    interpreter.one();
    return null;
  }

  private place(made: Translation): Unit {
    const { cache, system, shadow, counts } = this.with;
    system.work(TRANSLATION, made.instructions.length * TRANSLATE);
    let unit = cache.place(made);
    if (!unit) {
      this.flush();
      unit = cache.place(made)!;
    }
    counts.translated(made);
    this.observer?.translated(made.eip, made.instructions.length);
    for (const frame of new Set([unit.physical & -PAGE, unit.lastFrame])) shadow.protect(frame);
    return unit;
  }

  /** The hash did not know where to go. */
  missed(): void {
    const { cache, guest, system, counts } = this.with;
    counts.add('call-outs of the hash');
    const unit = cache.find(guest.eip);
    system.work(TRANSLATION, LOOK_UP);
    if (unit) cache.hash(unit);
  }

  /** Out of a unit that is not chained to the next one yet. */
  leave(unit: Unit, site: Site): void {
    const { cache, counts, chaining } = this.with;
    counts.add('call-outs of exits');
    const to = this.at(site.eip);
    const index = unit.exits.findIndex((exit) => exit.at === site.at);
    if (!to || !chaining || cache.unitAt(unit.at) !== unit || unit.exits[index]!.to >= 0) return;
    cache.chain(unit, index, to);
    counts.add('chained');
  }

  /** Drops the unit of one instruction, so that it is translated anew. */
  drop(eip: number): void {
    const { cache, guest } = this.with;
    cache.dropLinear((eip + guest.bases[1]!) >>> 0, 1);
  }

  flush(): void {
    this.with.counts.add('cache flushed');
    this.with.cache.flush();
  }

  /** In another address space: units whose page is not where it was are dropped. */
  checkPages(): void {
    const { cache, system, transfer } = this.with;
    const pages = [...cache.pages()];
    system.work(SHADOW, pages.length * CHECK_PAGE);
    for (const [page, frame] of pages)
      if (transfer.frameOf(page << 12) !== frame) cache.dropLinear((page << 12) >>> 0, PAGE);
  }
}
