/** Calls that change what an inode says of itself: chmod(2), chown(2), utimensat(2), umask(2). */
import { fail } from '../abi/errno.ts';
import { Directory, type Moment } from '../files/inode.ts';
import type * as mounts from '../files/mounts.ts';
import { capableOver, fromInside } from '../process/credentials.ts';
import type { Call, Handler } from './call.ts';
import { demandWritable, named, openPlaceOf, path, placeAt } from './naming.ts';

function chmodOf(c: Call, place: mounts.Place, mode: number): number {
  demandWritable(place);
  const { node } = place;
  const { credentials } = c.process;
  if (credentials.fsuid !== node.uid && !capableOver(credentials, 'FOWNER', node)) return fail('EPERM');
  node.setAttributes({ mode });
  node.changed = c.kernel.clock.now;
  return 0;
}
const chmod: Handler = (c) => chmodOf(c, named(c), c.args[1]!);
const fchmod: Handler = (c) => chmodOf(c, openPlaceOf(c), c.args[1]!);
const fchmodat: Handler = (c) => chmodOf(c, placeAt(c, c.args[0]!, path(c, 1), 0), c.args[2]!);

function chownOf(c: Call, place: mounts.Place, owner: number, group: number): number {
  demandWritable(place);
  const { credentials } = c.process;
  const { node } = place;
  const { uidMap, gidMap } = credentials.users;
  const uid = owner === -1 ? node.uid : fromInside(uidMap, owner >>> 0);
  const gid = group === -1 ? node.gid : fromInside(gidMap, group >>> 0);
  if (uid < 0 || gid < 0) return fail('EINVAL');
  const ownGroup =
    uid === node.uid &&
    node.uid === credentials.fsuid &&
    (gid === credentials.fsgid || credentials.groups.includes(gid));
  const changes = uid !== node.uid || gid !== node.gid;
  if (changes && !ownGroup && !capableOver(credentials, 'CHOWN', node)) return fail('EPERM');
  const keeps = node instanceof Directory ? 0o7777 : 0o1777;
  node.setAttributes({ uid, gid, ...(changes && { mode: node.mode & keeps }) });
  node.changed = c.kernel.clock.now;
  return 0;
}
const chown: Handler = (c) => chownOf(c, named(c), c.args[1]!, c.args[2]!);
const lchown: Handler = (c) => chownOf(c, named(c, false), c.args[1]!, c.args[2]!);
const fchown: Handler = (c) => chownOf(c, openPlaceOf(c), c.args[1]!, c.args[2]!);
const fchownat: Handler = (c) =>
  chownOf(c, placeAt(c, c.args[0]!, path(c, 1), c.args[4]!), c.args[2]!, c.args[3]!);

/** utimensat(2); `wide`: seconds of 64 bits. */
const utimens =
  (wide: boolean): Handler =>
  (c) => {
    const place = c.args[1] === 0 ? openPlaceOf(c) : placeAt(c, c.args[0]!, path(c, 1), c.args[3]!);
    demandWritable(place);
    const now = c.kernel.clock.now;
    const words = c.args[2] === 0 ? null : c.memory.words(c.args[2]!, wide ? 8 : 4);
    const moment = (k: number): Moment | null => {
      if (!words) return now;
      const nanoseconds = words[wide ? 4 * k + 2 : 2 * k + 1]!;
      if (nanoseconds === 0x3fffffff) return now;
      return nanoseconds === 0x3ffffffe ? null : { seconds: words[wide ? 4 * k : 2 * k]!, nanoseconds };
    };
    place.node.setTimes(moment(0), moment(1));
    return 0;
  };
const umask: Handler = ({ process, args }) => {
  const before = process.fs.umask;
  process.fs.umask = args[0]! & 0o777;
  return before;
};

export const ATTRIBUTE_CALLS = {
  ...{ chmod, fchmod, fchmodat, chown, lchown, fchown, fchownat, umask },
  ...{ utimensat: utimens(false), utimensat64: utimens(true) },
};
