/** The files of a host with containers: programs in /bin, and under /srv/NAME the files of each container. */
import { S_IFMT } from '../../../src/os/containers/abi/modes.ts';
import { Directory } from '../../../src/os/containers/files/inode.ts';
import { MemoryFile, MemoryFileSystem } from '../../../src/os/containers/files/tmpfs.ts';
import { HOST_TOOLS, tools } from './tools.ts';
import { varveProgram } from './varve.ts';

/** Programs of Varve's that are of use here. */
const PROGRAMS = [
  ...[
    'sh',
    'ls',
    'cat',
    'echo',
    'cp',
    'mkdir',
    'rm',
    'ps',
    'wc',
    'compute',
    'syscall',
    'forkwait',
    'ctxswitch',
  ],
  ...['pgfault'],
];

const encoder = new TextEncoder();

function directory(root: Directory, path: string): Directory {
  let now = root;
  for (const part of path.split('/').filter((each) => each !== '')) {
    const next = now.find(part) ?? now.create(part, { kind: 'directory', mode: 0o755 });
    if (!(next instanceof Directory)) throw new Error(`${path}: ${part} is no directory`);
    now = next;
  }
  return now;
}

/** Makes a file and the directories that lead to it. */
export function file(root: Directory, path: string, contents: string | Uint8Array, mode: number): void {
  const cut = path.lastIndexOf('/');
  const made = directory(root, path.slice(0, cut)).create(path.slice(cut + 1), { kind: 'file', mode });
  if (!(made instanceof MemoryFile))
    throw new Error(`${path}: no file of ${(made.mode & S_IFMT).toString(8)}`);
  made.borrow(typeof contents === 'string' ? encoder.encode(contents) : contents);
}

/** What stands in everybody's /bin. */
export const programs = (): readonly (readonly [name: string, bytes: Uint8Array])[] => [
  ...PROGRAMS.map((name) => [name, varveProgram(name)] as const),
  ...[...tools()].filter(([name]) => !HOST_TOOLS.has(name)),
];

/**
 * @param homes names of directories under /srv with programs of their own
 * @param more files of the host, by path; they may replace others
 */
export function hostFiles(
  homes: readonly string[],
  more: Readonly<Record<string, string | Uint8Array>>,
): MemoryFileSystem {
  const system = new MemoryFileSystem(1, { type: 'ext4' });
  const everywhere = programs();
  const tops = ['', ...homes.map((name) => `/srv/${name}`)];
  for (const top of tops)
    for (const name of ['bin', 'tmp', 'etc', 'proc']) directory(system.root, `${top}/${name}`);
  const files = new Map<string, string | Uint8Array>([
    ...tops.flatMap((top) => everywhere.map(([name, bytes]) => [`${top}/bin/${name}`, bytes] as const)),
    ...Object.entries(more),
  ]);
  for (const [path, contents] of files)
    file(system.root, path, contents, path.includes('/bin/') ? 0o755 : 0o644);
  return system;
}
