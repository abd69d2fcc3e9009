/** What a running translator shows: where its guest stands, the unit that runs in its place, and how full its cache is. */
import { hexBytes } from '../../base/bits.ts';
import type { Cpu } from '../../machines/pc/cpu.ts';
import { CS, EAX } from '../../machines/pc/registers.ts';
import { pointAt, type Unit } from '../../monitors/translator/cache.ts';
import { CACHE, CACHE_BYTES, linear } from '../../monitors/translator/layout.ts';
import type { Translator } from '../../monitors/translator/monitor.ts';
import type { TranslatorView, UnitView } from '../../protocol/frame.ts';
import { linearPointer } from './code.ts';
import type { GuestPointer, LineAt } from './monitors/contract.ts';
import { unitView } from './translation-view.ts';

const placeOf = (cpu: Cpu): number => cpu.eip - linear(CACHE);

/** Null where the processor executes the guest's own code. */
export function guestPointerOf(cpu: Cpu, monitor: Translator): GuestPointer | null {
  const { mode, guest, cache } = monitor;
  // An instruction that met a hidden page fault is executed again, unseen by the guest.
  const again = cpu.instructions === monitor.begunAt;
  if (mode === 'direct') return again ? { address: linearPointer(cpu), midway: true } : null;
  if (mode === 'interpreted') return { address: linearPointer(guest), midway: false };
  const place = placeOf(cpu);
  const unit = cache.unitAt(place);
  // On the way of an indirect jump, where the address wanted is in EAX, the next instruction is what it leads to.
  const eip = (unit && pointAt(unit, place - unit.at)?.eip) ?? cpu.words[EAX]!;
  const begins = unit?.instructions.some(({ at }) => at === place - unit.at) ?? false;
  return { address: (guest.bases[CS]! + eip) >>> 0, midway: !begins || again };
}

function shownUnit(cpu: Cpu, unit: Unit, lineAt: LineAt): UnitView {
  const { guest, code, address, exits } = unitView(cpu.memory, unit);
  const base = unit.linear - unit.eip;
  return {
    address: (base + address) >>> 0,
    exits: exits.map(({ target, chained }) => ({ target: (base + target) >>> 0, chained })),
    code: code.map((line) => ({ ...line, bytes: hexBytes(Uint8Array.from(line.bytes)) })),
    guest: guest.map((line) => {
      const at = (base + line.address) >>> 0;
      return { ...line, address: at, bytes: hexBytes(Uint8Array.from(line.bytes)), line: lineAt(at) };
    }),
  };
}

function cacheOf({ cache }: Translator, current: Unit | undefined): TranslatorView['cache'] {
  const all = cache.all();
  const sum = (of: (unit: Unit) => number): number => all.reduce((total, unit) => total + of(unit), 0);
  return {
    units: all.length,
    used: cache.bytesUsed,
    size: CACHE_BYTES,
    guestBytes: sum(({ length }) => length),
    codeBytes: sum(({ size }) => size),
    exits: sum(({ exits }) => exits.length),
    chained: sum(({ exits }) => exits.filter(({ to }) => to >= 0).length),
    places: all.flatMap(({ at, size }) => [at, size]),
    current: current?.at ?? -1,
  };
}

export function translatorView(cpu: Cpu, monitor: Translator, lineAt: LineAt): TranslatorView {
  const { mode, cache } = monitor;
  const current = mode === 'translated' ? cache.unitAt(placeOf(cpu)) : undefined;
  const unit = current ?? cache.latest;
  const shown = unit ? shownUnit(cpu, unit, lineAt) : null;
  const counts = monitor.report();
  return {
    running: mode,
    unit: shown,
    next: current && shown ? shown.code.findIndex(({ address }) => address === cpu.eip >>> 0) : -1,
    cache: cacheOf(monitor, current),
    executed: {
      direct: counts['instructions executed directly'] ?? 0,
      translated: counts['instructions of translated code executed'] ?? 0,
      interpreted: counts['instructions interpreted or emulated'] ?? 0,
    },
  };
}
