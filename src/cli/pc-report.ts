/** What `strata run --machine pc` reports. */
import type { LedgerRow } from '../accounting/ledger.ts';
import { hex } from '../base/bits.ts';
import type { Pc } from '../machines/pc/machine.ts';
import type { End } from '../session/run-to-end.ts';
import type { DirtyPages, DomainReport, RunningMonitor } from '../worlds/pc/monitors/contract.ts';
import { exceptionChain, lastInstructions } from '../worlds/pc/last.ts';
import { registersOf } from '../worlds/pc/registers.ts';
import { columns } from './output.ts';

export interface PcReport {
  /** `exit`, `until`, `halt`, `shutdown`, `limit`, `check`, `interrupted`. */
  readonly stopped: string;
  readonly reason: string;
  /** What isa-debug-exit makes of the byte written, (v << 1) | 1; 0 after a power off; null without an exit. */
  readonly exitCode: number | null;
  readonly eip: string;
  readonly registers: Readonly<Record<string, string>>;
  /** Each byte of COM1 a character. */
  readonly serial: string;
  /** The text screen, line by line. */
  readonly screen: readonly string[];
  /** What was printed to the debug console, port E9. */
  readonly debug: string;
  readonly cycles: number;
  readonly instructions: number;
  /** After a shutdown: the last instructions and exceptions, oldest first; else empty. */
  readonly lastInstructions: readonly string[];
  readonly exceptionChain: readonly string[];
  readonly ledger: readonly LedgerRow[];
  /** What the monitor counted; empty without one. */
  readonly monitor: Readonly<Record<string, number>>;
  /** The guests of a monitor that has several, with their states and why they stopped; empty without. */
  readonly domains: readonly DomainReport[];
  /** Rounds of the log of dirty pages, if there is one; else empty. */
  readonly dirty: DirtyPages['rounds'];
  /** Exceptions by mnemonic, interrupts by vector, TLB misses, port accesses. */
  readonly events: Readonly<Record<string, number>>;
  /** Accesses by device. */
  readonly ports: Readonly<Record<string, { readonly reads: number; readonly writes: number }>>;
  /** Ports that nobody answered, in hexadecimal, with the number of accesses. */
  readonly unansweredPorts: Readonly<Record<string, number>>;
}

/** `halt`: a wait that nothing can end. */
function stoppedBy(end: End): string {
  if (end.kind === 'wait') return 'halt';
  return end.kind === 'breakpoint' ? end.reason : end.kind;
}

export function pcReport(
  pc: Pc,
  end: End,
  traps: Readonly<Record<string, number>>,
  monitor: RunningMonitor | null,
): PcReport {
  const registers = registersOf(pc.cpu);
  const { bus, vga, console, com1 } = pc.chipset;
  const ports = bus.tallies;
  const sum = (kind: 'reads' | 'writes'): number =>
    Object.values(ports).reduce((total, tally) => total + tally[kind], 0) +
    bus.missed.reduce((total, tally) => total + tally[kind], 0);
  return {
    stopped: stoppedBy(end),
    reason: 'reason' in end && end.kind !== 'breakpoint' ? end.reason : '',
    exitCode: end.kind === 'exit' ? end.code : null,
    eip: registers['eip']!,
    registers,
    serial: com1.text,
    screen: vga.screen().lines,
    debug: console.text,
    cycles: pc.clock,
    instructions: pc.instructions,
    lastInstructions: end.kind === 'shutdown' ? lastInstructions(pc) : [],
    exceptionChain: end.kind === 'shutdown' ? exceptionChain(pc) : [],
    ledger: pc.ledger.rows(),
    monitor: monitor?.report() ?? {},
    domains: monitor?.domains?.() ?? [],
    dirty: monitor?.dirty?.rounds ?? [],
    events: {
      ...traps,
      'instruction TLB miss': pc.cpu.instructionTlb.misses,
      'data TLB miss': pc.cpu.dataTlb.misses,
      'port input': sum('reads'),
      'port output': sum('writes'),
    },
    ports,
    unansweredPorts: Object.fromEntries(
      bus.missed.map(({ port, reads, writes }) => [hex(port, 4), reads + writes]),
    ),
  };
}

function inRows(registers: Readonly<Record<string, string>>): string {
  const cells = Object.entries(registers).map(([name, value]) => `${name.padEnd(6)} ${value.padEnd(8)}`);
  const rows: string[] = [];
  for (let at = 0; at < cells.length; at += 4)
    rows.push(
      cells
        .slice(at, at + 4)
        .join('  ')
        .trimEnd(),
    );
  return `${rows.join('\n')}\n`;
}

/** The screen without the empty lines at its end. */
const screenText = (screen: readonly string[]): string => screen.join('\n').trimEnd();

/** `serialShown`: it has been printed while the machine ran. */
export const pcReportText = (result: PcReport, serialShown: boolean): string =>
  [
    serialShown ? '' : result.serial,
    screenText(result.screen) === '' ? '' : `${screenText(result.screen)}\n`,
    columns([
      ['stopped', result.stopped + (result.reason ? `: ${result.reason}` : '')],
      ...(result.exitCode === null ? [] : [['exit code', String(result.exitCode)]]),
    ]),
    ...[result.lastInstructions, result.exceptionChain].map((lines) =>
      lines.map((line) => `${line}\n`).join(''),
    ),
    inRows(result.registers),
    columns([
      ['cycles', result.cycles],
      ['instructions', result.instructions],
    ]),
    columns(Object.entries(result.events).map(([kind, n]) => [kind, n])),
    ...result.domains.map(({ name, console }) => (console ? `${name}:\n${console}` : '')),
    columns(result.domains.map((d) => [`domain ${d.id}`, d.name, d.state, d.reason, d.cycles])),
    columns(Object.entries(result.monitor).map(([kind, n]) => [kind, n])),
    columns(result.ledger.map((row) => [row.layer, String(row.level), row.reason, row.count, row.cycles])),
  ]
    .filter((part) => part !== '')
    .join('\n');
