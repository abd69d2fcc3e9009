/** Calls about extended attributes. xattr(7). */
import { fail } from '../abi/errno.ts';
import type { Inode } from '../files/inode.ts';
import type { Place } from '../files/mounts.ts';
import { capable, capableOver } from '../process/credentials.ts';
import type { Call, Handler } from './call.ts';
import { demandWritable, named, openPlaceOf } from './naming.ts';

const XATTR_CREATE = 1;
const XATTR_REPLACE = 2;
const LONGEST_NAME = 255;
const LARGEST_VALUE = 65536;
const encoder = new TextEncoder();

type Find = (c: Call) => Place;
const followed: Find = (c) => named(c);
const itself: Find = (c) => named(c, false);

/** Names of user. need the owner, of trusted. CAP_SYS_ADMIN; there are no others here. */
function demandName(c: Call, name: string, node: Inode): void {
  if (name === '' || encoder.encode(name).length > LONGEST_NAME) fail('ERANGE');
  const { credentials } = c.process;
  if (name.startsWith('trusted.')) {
    if (!capable(credentials, 'SYS_ADMIN', c.kernel.rootUsers)) fail('EPERM');
  } else if (!name.startsWith('user.')) fail('EOPNOTSUPP');
  else if (credentials.fsuid !== node.uid && !capableOver(credentials, 'FOWNER', node)) fail('EPERM');
}

/** Copies what was asked for, or tells how long it is. */
function answer({ memory }: Call, bytes: Uint8Array, at: number, room: number): number {
  if (room === 0) return bytes.length;
  if (bytes.length > room) return fail('ERANGE');
  memory.write(at, bytes);
  return bytes.length;
}

const set =
  (find: Find): Handler =>
  (c) => {
    const place = find(c);
    const name = c.memory.string(c.args[1]!);
    const [length, flags] = [c.args[3]! >>> 0, c.args[4]!];
    demandWritable(place);
    demandName(c, name, place.node);
    if (length > LARGEST_VALUE) return fail('E2BIG');
    const there = place.node.extended.has(name);
    if ((flags & XATTR_CREATE) !== 0 && there) return fail('EEXIST');
    if ((flags & XATTR_REPLACE) !== 0 && !there) return fail('ENODATA');
    place.node.setExtended(name, c.memory.read(c.args[2]!, length));
    return 0;
  };
const get =
  (find: Find): Handler =>
  (c) => {
    const { node } = find(c);
    const name = c.memory.string(c.args[1]!);
    if (name.startsWith('trusted.') && !capable(c.process.credentials, 'SYS_ADMIN', c.kernel.rootUsers))
      return fail('ENODATA');
    if (!/^(user|trusted)\./.test(name)) return fail('EOPNOTSUPP');
    return answer(c, node.extended.get(name) ?? fail('ENODATA'), c.args[2]!, c.args[3]! >>> 0);
  };
const list =
  (find: Find): Handler =>
  (c) => {
    const names = [...find(c).node.extended.keys()].filter((name) => !name.startsWith('trusted.'));
    return answer(c, encoder.encode(names.map((name) => `${name}\0`).join('')), c.args[1]!, c.args[2]! >>> 0);
  };
const remove =
  (find: Find): Handler =>
  (c) => {
    const place = find(c);
    const name = c.memory.string(c.args[1]!);
    demandWritable(place);
    demandName(c, name, place.node);
    if (!place.node.extended.has(name)) return fail('ENODATA');
    place.node.setExtended(name, null);
    return 0;
  };

export const EXTENDED_CALLS = {
  ...{ setxattr: set(followed), lsetxattr: set(itself), fsetxattr: set(openPlaceOf) },
  ...{ getxattr: get(followed), lgetxattr: get(itself), fgetxattr: get(openPlaceOf) },
  ...{ listxattr: list(followed), llistxattr: list(itself), flistxattr: list(openPlaceOf) },
  ...{ removexattr: remove(followed), lremovexattr: remove(itself), fremovexattr: remove(openPlaceOf) },
};
