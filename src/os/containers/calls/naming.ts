/** What system calls name: places by path or descriptor, as the process that asks stands. */
import { fail } from '../abi/errno.ts';
import * as modes from '../abi/modes.ts';
import * as mounts from '../files/mounts.ts';
import { Walker } from '../files/walk.ts';
import { standpointOf } from '../process/exec.ts';
import type { Call } from './call.ts';
import { baseOf } from './files.ts';

/** What a path names for an …at call. */
export function placeAt(c: Call, descriptor: number, path: string, flags: number): mounts.Place {
  if (path === '' && (flags & modes.AT_EMPTY_PATH) !== 0) return baseOf(c.process, descriptor);
  const from = path.startsWith('/') ? c.process.fs.root : baseOf(c.process, descriptor);
  return new Walker(standpointOf(c.process)).find(path, {
    from,
    follow: (flags & modes.AT_SYMLINK_NOFOLLOW) === 0,
  });
}
/** The path in argument `k`. */
export const path = (c: Call, k: number): string => c.memory.path(c.args[k]!);
/** What the path in the first argument names. */
export const named = (c: Call, follow = true): mounts.Place =>
  placeAt(c, modes.AT_FDCWD, path(c, 0), follow ? 0 : modes.AT_SYMLINK_NOFOLLOW);
/** Where the descriptor in the first argument was opened. */
export const openPlaceOf = (c: Call): mounts.Place => c.process.file(c.args[0]!).place ?? fail('EBADF');
/** EROFS where the mount lets nothing be changed. */
export function demandWritable({ mount }: mounts.Place): void {
  if ((mount.flags & mounts.MS_RDONLY) !== 0) fail('EROFS');
}
