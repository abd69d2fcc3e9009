/** Runs a guest bare and under a monitor, and says where the ends differ. */
import { assembleIa32 } from '../../src/assembler/ia32/assemble.ts';
import { readyPc, type ReadyPc } from '../../src/worlds/pc/build.ts';
import type { Model } from '../../src/machines/pc/models/classes.ts';
import type { PcMonitorName } from '../../src/worlds/pc/monitors/table.ts';
import { TABLES, UNSTEADY } from './pc-runtime.ts';

const MEMORY = 4 << 20;
/** Cycles of the bare machine after which a guest counts as one that does not end; a monitor has ten times as many. */
const LIMIT = 4e7;
const ENDLESS = JSON.stringify({ kind: 'budget' });
const PAGE = 4096;

export interface Outcome {
  readonly stop: string;
  readonly memory: Uint8Array;
}

function ready(source: string, under?: PcMonitorName, model?: Model): ReadyPc {
  const assembly = assembleIa32(source, { file: 'guest' });
  if (!assembly.ok) throw new Error(assembly.diagnostics[0]?.message ?? 'the guest cannot be assembled');
  const built = readyPc({
    memory: MEMORY,
    ...(under && { under }),
    ...(model && { model }),
    program: {
      kind: 'flat',
      images: assembly.segments.map(({ address, bytes }) => ({ at: address, bytes })),
      entry: assembly.entry,
    },
  });
  if (typeof built === 'string') throw new Error(built);
  return built;
}

export function outcome(source: string, under?: PcMonitorName, model?: Model): Outcome {
  const { machine, monitor } = ready(source, under, model);
  const limit = under ? 10 * LIMIT : LIMIT;
  const run = () => {
    const stop = machine.run(1e6);
    return monitor?.end(stop) ?? stop;
  };
  let stop = run();
  while (stop.kind === 'budget' && machine.clock < limit) {
    stop = run();
  }
  if (machine.ledger.total !== machine.clock) throw new Error('the ledger does not add up to the clock');
  return { stop: JSON.stringify(stop), memory: machine.cpu.bytes.slice(0, MEMORY) };
}

/** Whether a page that the clock chooses has been touched, its table entry tells: bits 5 and 6. */
const TOUCHED = 0x60;
const ENTRIES = UNSTEADY.map((page) => TABLES + PAGE + 4 * (page / PAGE));
const alike = (a: number, b: number, at: number): boolean =>
  a === b || (ENTRIES.includes(at) && (a | TOUCHED) === (b | TOUCHED));

/** Null: both end alike, or the guest is one without an end, which cannot be compared. */
export function difference(source: string, under: PcMonitorName, model?: Model): string | null {
  const bare = outcome(source, undefined, model);
  if (bare.stop === ENDLESS) return null;
  const other = outcome(source, under, model);
  if (bare.stop !== other.stop) return `${bare.stop} on the bare machine, ${other.stop} under ${under}`;
  for (let at = 0; at < MEMORY; at++) {
    if (
      alike(bare.memory[at]!, other.memory[at]!, at) ||
      UNSTEADY.some((page) => at >= page && at < page + PAGE)
    )
      continue;
    const word = (memory: Uint8Array): string =>
      new DataView(memory.buffer)
        .getUint32(at & ~3, true)
        .toString(16)
        .padStart(8, '0');
    return `memory at ${(at & ~3).toString(16)}: ${word(bare.memory)} on the bare machine, ${word(other.memory)} under ${under}`;
  }
  return null;
}
