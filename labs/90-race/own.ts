/** The visitor's own program as a guest: assembly, or an ELF file. Nobody knows it, so it says itself that it is done. */
import { fromBase64url } from '../../src/base/base64url.ts';
import type { Loaded, Setup } from '../../src/protocol/frame.ts';
import type { PcConfiguration } from '../../src/worlds/pc/configuration.ts';
import { readElf } from '../../src/worlds/pc/elf.ts';
import { PcWorld } from '../../src/worlds/pc/world.ts';
import { FLAT_FILE, flatWorld, LAB_MEMORY, type FlatOptions } from '../+shared/pc/flat.ts';
import { printedBy, verdictOn } from '../+shared/pc/varve-world.ts';
import OWN_SOURCE from './guests/own.asm?raw';

interface Made {
  readonly loaded: Loaded;
  readonly world: PcWorld | null;
}

export function ownWorld({ image = '', source: edited }: Setup, options: FlatOptions): Made {
  if (image !== '') return imageWorld(image, options);
  const source = edited ?? OWN_SOURCE;
  const { assembly, world } = flatWorld(source, {}, options);
  return { loaded: { ok: world !== null, source, diagnostics: assembly.diagnostics }, world };
}

/** A multiboot kernel is started as one; other executables where they begin, in flat protected mode. */
function imageWorld(image: string, { under, model }: FlatOptions): Made {
  const file = fromBase64url(image);
  if (!file) return { loaded: refused('the file is damaged'), world: null };
  const elf = readElf(file);
  if (typeof elf === 'string') return { loaded: refused(elf), world: null };
  const create = (program: PcConfiguration['program']): PcWorld | string =>
    PcWorld.create({ memory: LAB_MEMORY, program, ...(under && { under }), ...(model && { model }) });
  const kernel = create({ kind: 'kernel', file, name: 'own', append: '', modules: [], ramdisk: null });
  const images = elf.segments.map(({ physical, bytes }) => ({ at: physical, bytes }));
  const world = typeof kernel === 'string' ? create({ kind: 'flat', images, entry: elf.entry }) : kernel;
  return typeof world === 'string'
    ? { loaded: refused(world), world: null }
    : { loaded: { ok: true, source: '', diagnostics: [] }, world };
}

const refused = (message: string): Loaded => ({
  ok: false,
  source: '',
  diagnostics: [{ severity: 'error', span: { file: FLAT_FILE, line: 1, column: 1, endColumn: 2 }, message }],
});

/** By "ok" at the end of a line. */
export const ownVerdict = (world: PcWorld): string =>
  verdictOn(world, /ok$/m) &&
  `it printed ${JSON.stringify(printedBy(world))}, without "ok" at the end of a line`;
