/** `strata run --machine pc`: a multiboot kernel on the PC until it ends. */
import { hex } from '../base/bits.ts';
import { MODELS } from '../machines/pc/models.ts';
import { Pc } from '../machines/pc/machine.ts';
import type { LedgerRow } from '../accounting/ledger.ts';
import { runToEnd, type End } from '../session/run-to-end.ts';
import { countEvents } from '../worlds/pc/events.ts';
import { loadMultiboot } from '../worlds/pc/multiboot.ts';
import { registersOf } from '../worlds/pc/registers.ts';
import { count, parse, readBytes } from './arguments.ts';
import { BadArguments, FAILED, OK, RunFailed } from './failure.ts';
import { columns, type Output } from './output.ts';
import { interruptible } from './pace.ts';

/** So that nothing runs for ever: about a minute of a Pentium III. */
const DEFAULT_LIMIT = 4e10;

const OPTIONS = {
  machine: { type: 'string' },
  kernel: { type: 'string' },
  append: { type: 'string', default: '' },
  module: { type: 'string', multiple: true },
  memory: { type: 'string', default: '64M' },
  cpu: { type: 'string', default: 'pentium3' },
  type: { type: 'string', default: '' },
  limit: { type: 'string', default: String(DEFAULT_LIMIT) },
  json: { type: 'boolean', default: false },
} as const;

export interface PcReport {
  /** `exit`, `halt`, `shutdown`, `limit`, `check`, `stopped`, `interrupted`. */
  readonly stopped: string;
  readonly reason: string;
  /** The byte written to the exit port, else null. */
  readonly exitCode: number | null;
  readonly eip: string;
  readonly registers: Readonly<Record<string, string>>;
  readonly serial: string;
  readonly cycles: number;
  readonly instructions: number;
  readonly ledger: readonly LedgerRow[];
  /** Exceptions and interrupts by kind. */
  readonly traps: Readonly<Record<string, number>>;
  readonly tlbMisses: { readonly instruction: number; readonly data: number };
  readonly portAccesses: number;
  /** Ports that nobody answered, in hexadecimal, with the number of accesses. */
  readonly unansweredPorts: Readonly<Record<string, number>>;
}

/** A number with K, M or G, or bare bytes. */
function memorySize(text: string): number {
  const parts = /^(\d+)([KMG]?)$/i.exec(text);
  const factor = { '': 1, K: 1 << 10, M: 1 << 20, G: 1 << 30 }[parts?.[2]?.toUpperCase() ?? ''] ?? 1;
  const size = Number(parts?.[1] ?? NaN) * factor;
  if (!(size >= 4 << 20 && size <= 1 << 30) || size % 65536 !== 0)
    throw new BadArguments(`--memory ${text}: a multiple of 64K from 4M to 1G is needed, e.g. 64M`);
  return size;
}

const nameOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1);

/** `halt`: a wait that nothing can end. */
const stoppedBy = (end: End): string => (end.kind === 'wait' ? 'halt' : end.kind);

function report(pc: Pc, end: End, traps: Readonly<Record<string, number>>): PcReport {
  const registers = registersOf(pc.cpu);
  return {
    stopped: stoppedBy(end),
    reason: 'reason' in end ? end.reason : '',
    exitCode: end.kind === 'exit' ? end.code : null,
    eip: registers['eip']!,
    registers,
    serial: pc.chipset.com1.text,
    cycles: pc.clock,
    instructions: pc.instructions,
    ledger: pc.ledger.rows(),
    traps,
    tlbMisses: { instruction: pc.cpu.instructionTlb.misses, data: pc.cpu.dataTlb.misses },
    portAccesses: pc.chipset.bus.accesses,
    unansweredPorts: Object.fromEntries(
      pc.chipset.bus.missed.map(({ port, reads, writes }) => [hex(port, 4), reads + writes]),
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

const reportText = (result: PcReport): string =>
  [
    result.serial,
    columns([['stopped', result.stopped + (result.reason ? `: ${result.reason}` : '')]]),
    inRows(result.registers),
    columns([
      ['cycles', result.cycles],
      ['instructions', result.instructions],
    ]),
    columns(Object.entries(result.traps).map(([kind, n]) => [kind, n])),
    columns(result.ledger.map((row) => [row.layer, String(row.level), row.reason, row.count, row.cycles])),
  ]
    .filter((part) => part !== '')
    .join('\n');

export async function runPc(argv: readonly string[], out: Output): Promise<number> {
  const { values } = parse({ args: [...argv], options: OPTIONS });
  const limit = count(values.limit, '--limit');
  const model = MODELS.find(({ id }) => id === values.cpu);
  if (!model) throw new BadArguments(`--cpu ${values.cpu}: there are ${MODELS.map((m) => m.id).join(', ')}`);
  const { kernel } = values;
  if (kernel === undefined) throw new BadArguments('run --machine pc needs --kernel FILE');
  const pc = new Pc({ model, memory: memorySize(values.memory) });
  const modules = (values.module ?? []).map((name) => ({ name: nameOf(name), file: readBytes(name) }));
  const complaint = loadMultiboot(pc, {
    file: readBytes(kernel),
    name: nameOf(kernel),
    append: values.append,
    modules,
  });
  if (complaint !== null) throw new RunFailed(`${kernel}: ${complaint}`);
  if (values.type !== '') pc.chipset.com1.type(values.type.replaceAll('\\n', '\n'));
  const traps = countEvents(pc);
  const end = await interruptible(out, (surroundings) => runToEnd(pc, limit, surroundings));
  const result = report(pc, end, traps);
  out.print(values.json ? `${JSON.stringify(result)}\n` : reportText(result));
  return end.kind === 'shutdown' || end.kind === 'check' ? FAILED : OK;
}
