/** Small guests in IA-32 assembly, as chapters and exercises boot them: one source, at 1 M, in flat protected mode. */
import { assembleIa32 } from '../../../src/assembler/ia32/assemble.ts';
import type { Assembly } from '../../../src/assembler/core/assembly.ts';
import type { Model } from '../../../src/machines/pc/models/classes.ts';
import type { PcConfiguration } from '../../../src/worlds/pc/configuration.ts';
import type { PcMonitorName } from '../../../src/worlds/pc/monitors/table.ts';
import { PcWorld } from '../../../src/worlds/pc/world.ts';

/** Where the program begins: behind the first megabyte, so that it starts in protected mode. */
export const FLAT_ORIGIN = 0x100000;
/** Bytes of memory that a lab's PC has: what Varve needs for its workloads. */
export const LAB_MEMORY = 16 << 20;
/** The source that is edited, as spans and source map name it. */
export const FLAT_FILE = 'source';

/** Texts that any guest may include. */
export type Includes = Readonly<Record<string, string>>;

export interface Flat {
  readonly assembly: Assembly;
  /** Null when the source has errors. */
  readonly world: PcWorld | null;
}

export interface FlatOptions {
  readonly under?: PcMonitorName | undefined;
  readonly model?: Model;
}

/** Assembles `source` and puts it into a PC, under a monitor if wanted. Never throws for any source. */
export function flatWorld(source: string, includes: Includes = {}, { under, model }: FlatOptions = {}): Flat {
  const assembly = assembleIa32(source, {
    file: FLAT_FILE,
    origin: FLAT_ORIGIN,
    include: (name) => (Object.hasOwn(includes, name) ? includes[name]! : null),
  });
  if (!assembly.ok) return { assembly, world: null };
  const configuration: PcConfiguration = {
    memory: LAB_MEMORY,
    program: {
      kind: 'flat',
      images: assembly.segments.map(({ address, bytes }) => ({ at: address, bytes })),
      entry: assembly.entry,
    },
    ...(under && { under }),
    ...(model && { model }),
  };
  const world = PcWorld.create(configuration, { lineAt: lineAt(assembly) });
  if (typeof world === 'string') throw new Error(world);
  return { assembly, world };
}

/** Line of the edited source at which an instruction begins. */
export function lineAt({ sourceMap }: Assembly): (address: number) => number | null {
  const lines = new Map(
    sourceMap.filter(({ file }) => file === FLAT_FILE).map(({ address, line }) => [address, line]),
  );
  return (address) => lines.get(address) ?? null;
}
