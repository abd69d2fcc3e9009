/** `strata disk`: writes the system disk of Varve, the PC's teaching kernel, with files of one's own if wanted. */
import { writeFileSync } from 'node:fs';
import type { DiskEntry } from '../../labs/+shared/pc/disk.ts';
import { varveDisk } from '../../labs/+shared/pc/varve.ts';
import { count, oneFile, parse, readBytes, reasonOf } from './arguments.ts';
import { BadArguments, OK } from './failure.ts';
import type { Output } from './output.ts';

const DEFAULT_KILOBYTES = '4096';
const BLOCK_KILOBYTES = 4;
/** What the kernel's map of free blocks reaches. */
const MOST_KILOBYTES = 131072;

/** HOST=/PATH: a file of the host under a path of the disk. ELF files become programs. */
function added(text: string): DiskEntry {
  const at = text.lastIndexOf('=/');
  if (at <= 0) throw new BadArguments(`--file ${text}: HOST=/PATH is needed, e.g. --file prog=/bin/prog`);
  const content = readBytes(text.slice(0, at));
  const program = content[0] === 0x7f && String.fromCharCode(...content.subarray(1, 4)) === 'ELF';
  return { path: text.slice(at + 1), content, program };
}

export function disk(argv: readonly string[], out: Output): number {
  const { values, positionals } = parse({
    args: [...argv],
    allowPositionals: true,
    options: {
      file: { type: 'string', multiple: true, default: [] },
      kilobytes: { type: 'string', default: DEFAULT_KILOBYTES },
    },
  });
  const target = oneFile(positionals, 'disk FILE [--file HOST=/PATH ...] [--kilobytes N]');
  const kilobytes = count(values.kilobytes, '--kilobytes');
  if (kilobytes % BLOCK_KILOBYTES !== 0 || kilobytes > MOST_KILOBYTES)
    throw new BadArguments(`--kilobytes ${kilobytes}: a multiple of 4, up to ${MOST_KILOBYTES}`);
  try {
    writeFileSync(target, varveDisk(values.file.map(added), { kilobytes }));
  } catch (error) {
    throw new BadArguments(`${target}: ${reasonOf(error)}`);
  }
  out.print(`${target}: ${kilobytes} KB\n`);
  return OK;
}
