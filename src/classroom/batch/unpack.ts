/** Files as teachers have them: hand-ins one by one, or in the zip that a learning platform makes of them. */
import { unzipSync, type UnzipFileInfo } from 'fflate';
import { MOST } from '../format/limits.ts';
import type { NamedFile } from './pool.ts';

/** Files that one zip may hold: more are no class. */
const MOST_FILES = 20_000;
const MOST_ZIP = 500_000_000;

const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04;

/** What is looked at in a zip: hand-ins, not what systems and platforms put beside them. */
const isHandIn = (name: string): boolean => /\.json$/i.test(name) && !/(^|\/)(__MACOSX\/|\._)/.test(name);

/**
 * The file itself, or those in it, unpacked one at a time. Each in a zip is given at most the room of one hand-in; one
 * that claims more is given as it is known, and is refused as too large.
 */
export function* unpacked(file: NamedFile): Generator<NamedFile> {
  if (!isZip(file.bytes)) {
    yield file;
    return;
  }
  if (file.bytes.length > MOST_ZIP) throw new Error(`${file.name}: larger than ${MOST_ZIP / 1e6} MB`);
  const all = listing(file);
  for (let i = 0; i < all.length; i += AT_ONCE) yield* extracted(file.bytes, all.slice(i, i + AT_ONCE));
}

/** Files that are unpacked in one pass over the zip's directory. */
const AT_ONCE = 50;

function* extracted(zip: Uint8Array, infos: readonly UnzipFileInfo[]): Generator<NamedFile> {
  const wanted = new Set(infos.filter(fits).map(({ name }) => name));
  const files = extract(zip, wanted);
  for (const info of infos) {
    const { name } = info;
    // Where one of them is damaged none comes: then each alone.
    const bytes = fits(info) ? (files ?? extract(zip, new Set([name])))?.[name] : TOO_LARGE;
    yield { name, bytes: bytes ?? new Uint8Array() };
  }
}

const fits = ({ originalSize }: UnzipFileInfo): boolean => originalSize <= MOST.handIn;
const TOO_LARGE = new Uint8Array(MOST.handIn + 1);

/** How many files `unpacked` will give. Throws where it would. */
export const handInsIn = (file: NamedFile): number => (isZip(file.bytes) ? listing(file).length : 1);

function listing(file: NamedFile): readonly UnzipFileInfo[] {
  const found: UnzipFileInfo[] = [];
  try {
    unzipSync(file.bytes, {
      filter: (info) => {
        if (isHandIn(info.name)) found.push(info);
        return false;
      },
    });
  } catch {
    throw new Error(`${file.name}: no readable zip`);
  }
  if (found.length > MOST_FILES) throw new Error(`${file.name}: more than ${MOST_FILES} files`);
  return found;
}

/** Null where one of them is damaged. */
function extract(zip: Uint8Array, wanted: ReadonlySet<string>): Record<string, Uint8Array> | null {
  try {
    return unzipSync(zip, { filter: ({ name }) => wanted.has(name) });
  } catch {
    return null;
  }
}
