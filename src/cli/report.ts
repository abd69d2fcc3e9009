/** What a run leaves behind, as data and as text. */
import { hex, hexBytes } from '../base/bits.ts';
import { packPsw } from '../machines/s370/psw.ts';
import type { LedgerRowView } from '../protocol/frame.ts';
import type { End } from '../session/run-to-end.ts';
import type { S370World } from '../worlds/s370/world.ts';
import { columns } from './output.ts';

export interface Report {
  /** `wait`, `limit`, `check`, `stopped`, `interrupted`. */
  readonly stopped: string;
  readonly reason: string;
  /** 16 hexadecimal digits. */
  readonly psw: string;
  /** Sixteen registers of 8 hexadecimal digits; floating-point registers 0, 2, 4, 6 of 16. */
  readonly gpr: readonly string[];
  readonly cr: readonly string[];
  readonly fpr: readonly string[];
  readonly cycles: number;
  readonly instructions: number;
  readonly console: string;
  readonly printer: string;
  /** The bytes asked for, in hexadecimal, one stretch after the other. */
  readonly dump: string;
  readonly ledger: readonly LedgerRowView[];
  /** Interruptions of the real machine by kind. */
  readonly traps: Readonly<Record<string, number>>;
}

export function report(
  world: S370World,
  end: End,
  dumps: readonly { readonly at: number; readonly length: number }[],
): Report {
  const { psw, gr, cr, fpr } = world.system.subjects[0]!;
  return {
    stopped: end.kind,
    reason: 'reason' in end ? end.reason : '',
    psw: packPsw(psw)
      .map((word) => hex(word))
      .join(''),
    gpr: Array.from(gr, (word) => hex(word)),
    cr: Array.from(cr, (word) => hex(word)),
    fpr: [0, 2, 4, 6].map((r) => hex(fpr[r] ?? 0) + hex(fpr[r + 1] ?? 0)),
    cycles: world.clock,
    instructions: world.instructions,
    console: world.system.terminals()[0]?.text ?? '',
    printer: world.system.printer(),
    dump: dumps.map(({ at, length }) => hexBytes(world.peek('', at, length))).join(''),
    ledger: world.machine.ledger.rows(),
    traps: world.traps,
    ...world.system.report?.(),
  };
}

const inRows = (name: string, registers: readonly string[]): string =>
  [0, 4, 8, 12]
    .filter((row) => row < registers.length)
    .map((row) => `${`${name}${row}`.padEnd(4)} ${registers.slice(row, row + 4).join('  ')}\n`)
    .join('');

function dumpRows(dump: string): string {
  const rows = dump.match(/.{1,64}/g) ?? [];
  return rows.map((row) => `${row.replace(/(.{8})(?=.)/g, '$1 ')}\n`).join('');
}

export function reportText(result: Report): string {
  const traps = Object.entries(result.traps);
  const parts = [
    result.console,
    result.printer,
    columns([
      ['stopped', result.stopped + (result.reason ? `: ${result.reason}` : '')],
      ['psw', result.psw.replace(/^(.{8})/, '$1 ')],
    ]),
    inRows('R', result.gpr),
    columns([
      ['cycles', result.cycles],
      ['instructions', result.instructions],
    ]),
    dumpRows(result.dump),
    columns(traps.map(([kind, count]) => [kind, count])),
    columns(result.ledger.map((row) => [row.layer, String(row.level), row.reason, row.count, row.cycles])),
  ];
  return parts.filter((part) => part !== '').join('\n');
}
