/**
 * String instructions and their repetition. A repeated one does what fits into the time until the next event and is
 * then executed again: registers hold where it stands, so an interrupt may come between. SDM vol. 2B, "REP".
 */
import type { Cpu } from '../cpu.ts';
import { ECX, EDI, EIP, ES, ESI, EFLAGS } from '../registers.ts';
import { FLAG_DF, FLAG_RF } from '../eflags.ts';
import { subtract, zero } from '../flags.ts';
import { PAGE, PAGE_SHIFT } from '../memory.ts';
import { demandPort } from '../port-rights.ts';
import { LOWEST } from '../segment-checks.ts';
import { portExits } from '../vmx/intercepts.ts';
import { BYTE, sized, type Width } from './operands.ts';
import { row, type Decoded, type Execute, type Executes, type Row } from './row.ts';

const EDX_HALF = 4;

const stepOf = (cpu: Cpu, size: number): number => ((cpu.words[EFLAGS]! & FLAG_DF) !== 0 ? -size : size);

/** Index registers count within the address size. */
function advance(cpu: Cpu, i: Decoded, register: number, by: number): void {
  if (i.addressMask === -1) cpu.words[register]! += by;
  else cpu.halves[register << 1]! += by;
}

const counter = (cpu: Cpu, i: Decoded): number =>
  i.addressMask === -1 ? cpu.words[ECX]! >>> 0 : cpu.halves[ECX << 1]!;

/** One element. Faults leave registers as they were before it. */
type Element = (cpu: Cpu, i: Decoded) => void;

/** Repeats `element`; `compares`: REPE and REPNE also look at ZF. Some elements may be done in a `bulk`. */
function repeated(element: Element, compares: boolean, bulk?: (cpu: Cpu, i: Decoded) => number): Execute {
  return (cpu, i) => {
    if (i.repeat === 0) {
      element(cpu, i);
      return;
    }
    const perElement = cpu.costs.element;
    for (let left = counter(cpu, i); left !== 0;) {
      const done = bulk?.(cpu, i) ?? 0;
      if (done === 0) element(cpu, i);
      const elements = Math.max(done, 1);
      advance(cpu, i, ECX, -elements);
      left -= elements;
      cpu.spend(perElement * elements);
      if (compares && zero(cpu) !== (i.repeat === 0xf3)) break;
      if (left !== 0 && (cpu.left <= 0 || cpu.debugHits !== 0)) {
        // Not complete: it counts, and its start is charged, when it goes on. So the cuts leave no trace in the times.
        cpu.words[EIP]! -= i.length;
        cpu.words[EFLAGS]! |= FLAG_RF;
        cpu.instructions--;
        cpu.left += i.cycles;
        return;
      }
    }
    // It may have gone on in the same run, where nothing else takes off the flag of a cut.
    cpu.words[EFLAGS]! &= ~FLAG_RF;
  };
}

const move =
  (w: Width): Element =>
  (cpu, i) => {
    const { words } = cpu;
    const value = w.load(cpu, i.segment, words[ESI]! & i.addressMask);
    w.store(cpu, ES, words[EDI]! & i.addressMask, value);
    const by = stepOf(cpu, w.size);
    advance(cpu, i, ESI, by);
    advance(cpu, i, EDI, by);
  };

const store =
  (w: Width): Element =>
  (cpu, i) => {
    w.store(cpu, ES, cpu.words[EDI]! & i.addressMask, w.getA(cpu));
    advance(cpu, i, EDI, stepOf(cpu, w.size));
  };

const load =
  (w: Width): Element =>
  (cpu, i) => {
    w.setA(cpu, w.load(cpu, i.segment, cpu.words[ESI]! & i.addressMask));
    advance(cpu, i, ESI, stepOf(cpu, w.size));
  };

const compare =
  (w: Width): Element =>
  (cpu, i) => {
    const { words } = cpu;
    const first = w.load(cpu, i.segment, words[ESI]! & i.addressMask);
    const second = w.load(cpu, ES, words[EDI]! & i.addressMask);
    subtract(cpu, first, second, w.shift);
    const by = stepOf(cpu, w.size);
    advance(cpu, i, ESI, by);
    advance(cpu, i, EDI, by);
  };

const scan =
  (w: Width): Element =>
  (cpu, i) => {
    subtract(cpu, w.getA(cpu), w.load(cpu, ES, cpu.words[EDI]! & i.addressMask), w.shift);
    advance(cpu, i, EDI, stepOf(cpu, w.size));
  };

/** INS: the destination is known to be writable before the port is read. */
const input =
  (w: Width): Element =>
  (cpu, i) => {
    const port = cpu.halves[EDX_HALF]!;
    demandPort(cpu, port, w.size);
    const offset = cpu.words[EDI]! & i.addressMask;
    if (cpu.guest) portExits(cpu, i, { port, size: w.size, input: true, string: { segment: ES, offset } });
    cpu.update(ES, offset, w.size);
    w.store(cpu, ES, offset, cpu.ports.input(port, w.size));
    advance(cpu, i, EDI, stepOf(cpu, w.size));
  };

const output =
  (w: Width): Element =>
  (cpu, i) => {
    const port = cpu.halves[EDX_HALF]!;
    demandPort(cpu, port, w.size);
    const offset = cpu.words[ESI]! & i.addressMask;
    if (cpu.guest)
      portExits(cpu, i, { port, size: w.size, input: false, string: { segment: i.segment, offset } });
    const value = w.load(cpu, i.segment, offset);
    cpu.ports.output(port, w.size, value);
    advance(cpu, i, ESI, stepOf(cpu, w.size));
  };

// ---------------------------------------------------------------- many elements at once, where nothing can happen

/** Elements that fit upwards into the page at `offset`, the counter, and the time left. */
function room(cpu: Cpu, i: Decoded, size: number, ...offsets: readonly number[]): number {
  const time = Math.floor((cpu.left - 1) / cpu.costs.element);
  let elements = Math.min(counter(cpu, i), time);
  for (const a of offsets) elements = Math.min(elements, Math.floor((PAGE - (a & (PAGE - 1))) / size));
  return elements;
}

/** Whether the bulk ways apply: 32-bit addresses, upwards. */
const simple = (cpu: Cpu, i: Decoded): boolean =>
  i.addressMask === -1 && (cpu.words[EFLAGS]! & FLAG_DF) === 0;
/** Whether a whole page from `offset` on needs no check. */
const within = (reach: number, offset: number): boolean => (offset ^ LOWEST) < reach - PAGE;

/** Physical address by the map, or −1. */
function mapped(map: Int32Array, a: number): number {
  const page = ~map[a >>> PAGE_SHIFT]!;
  return page >= 0 ? page + (a & (PAGE - 1)) : -1;
}

const moveBulk =
  (size: number) =>
  (cpu: Cpu, i: Decoded): number => {
    if (!simple(cpu, i)) return 0;
    if (!within(cpu.readReach[i.segment]!, cpu.words[ESI]!)) return 0;
    if (!within(cpu.writeReach[ES]!, cpu.words[EDI]!)) return 0;
    const source = (cpu.words[ESI]! + cpu.bases[i.segment]!) | 0;
    const target = (cpu.words[EDI]! + cpu.bases[ES]!) | 0;
    const from = mapped(cpu.read, source);
    const to = mapped(cpu.write, target);
    const elements = room(cpu, i, size, source, target);
    if (from < 0 || to < 0 || elements < 4) return 0;
    const bytes = elements * size;
    // A destination just ahead of the source repeats a pattern: element by element only.
    if (to > from && to < from + bytes) return 0;
    cpu.bytes.copyWithin(to, from, from + bytes);
    cpu.words[ESI]! += bytes;
    cpu.words[EDI]! += bytes;
    return elements;
  };

const storeBulk =
  (w: Width) =>
  (cpu: Cpu, i: Decoded): number => {
    if (!simple(cpu, i) || !within(cpu.writeReach[ES]!, cpu.words[EDI]!)) return 0;
    const target = (cpu.words[EDI]! + cpu.bases[ES]!) | 0;
    const to = mapped(cpu.write, target);
    const elements = room(cpu, i, w.size, target);
    if (to < 0 || elements < 4) return 0;
    const value = w.getA(cpu);
    const bytes = elements * w.size;
    w.store(cpu, ES, cpu.words[EDI]!, value);
    if (w.size === 1) cpu.bytes.fill(value, to, to + bytes);
    else
      for (let done = w.size; done < bytes; done *= 2)
        cpu.bytes.copyWithin(to + done, to, to + Math.min(done, bytes - done));
    cpu.words[EDI]! += bytes;
    return elements;
  };

const both = (make: (w: Width) => Execute): readonly [Execute, Executes] => [make(BYTE), sized(make)];

const [movsb, movsv] = both((w) => repeated(move(w), false, moveBulk(w.size)));
const [stosb, stosv] = both((w) => repeated(store(w), false, storeBulk(w)));
const [lodsb, lodsv] = both((w) => repeated(load(w), false));
const [cmpsb, cmpsv] = both((w) => repeated(compare(w), true));
const [scasb, scasv] = both((w) => repeated(scan(w), true));
const [insb, insv] = both((w) => repeated(input(w), false));
const [outsb, outsv] = both((w) => repeated(output(w), false));
const COMPARES = { flags: 'OSZAPC' } as const;
const PORT = { privilege: 'port', sensitive: 'control', ends: true } as const;

export const STRINGS: readonly Row[] = [
  row('A4', 'MOVS', 'Move string', 'Yb,Xb', 'string', movsb),
  row('A5', 'MOVS', 'Move string', 'Yv,Xv', 'string', movsv),
  row('A6', 'CMPS', 'Compare string operands', 'Xb,Yb', 'string', cmpsb, COMPARES),
  row('A7', 'CMPS', 'Compare string operands', 'Xv,Yv', 'string', cmpsv, COMPARES),
  row('AA', 'STOS', 'Store string', 'Yb,AL', 'string', stosb),
  row('AB', 'STOS', 'Store string', 'Yv,eAX', 'string', stosv),
  row('AC', 'LODS', 'Load string', 'AL,Xb', 'string', lodsb),
  row('AD', 'LODS', 'Load string', 'eAX,Xv', 'string', lodsv),
  row('AE', 'SCAS', 'Scan string', 'AL,Yb', 'string', scasb, COMPARES),
  row('AF', 'SCAS', 'Scan string', 'eAX,Yv', 'string', scasv, COMPARES),
  row('6C', 'INS', 'Input from port to string', 'Yb,DX', 'port', insb, PORT),
  row('6D', 'INS', 'Input from port to string', 'Yv,DX', 'port', insv, PORT),
  row('6E', 'OUTS', 'Output string to port', 'DX,Xb', 'port', outsb, PORT),
  row('6F', 'OUTS', 'Output string to port', 'DX,Xv', 'port', outsv, PORT),
];
