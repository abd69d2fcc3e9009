/** Maps of user and group numbers between a user namespace and the one around it, as files. user_namespaces(7). */
import { fail } from '../abi/errno.ts';
import type { Kernel } from '../kernel.ts';
import { capable, fromInside, toInside, type IdRange, type UserNamespace } from '../process/credentials.ts';
import type { Process } from '../process/process.ts';
import { RegularFile, type FileSystem } from './inode.ts';

export const MAP_NAMES = ['uid_map', 'gid_map'] as const;
type MapName = (typeof MAP_NAMES)[number];
const KEYS = { uid_map: 'uidMap', gid_map: 'gidMap' } as const;

const MOST_LINES = 340;
const MOST_ID = 0xffffffff;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Lines of three numbers: first inside, first outside, how many. EINVAL for anything else, and where ranges meet. */
function ranges(text: string): IdRange[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0 || lines.length > MOST_LINES) return fail('EINVAL');
  const found = lines.map((line) => {
    const [inside, outside, count, ...more] = line.trim().split(/\s+/).map(Number);
    const sound = [inside, outside, count].every(
      (n) => n !== undefined && Number.isInteger(n) && n >= 0 && n <= MOST_ID,
    );
    if (!sound || more.length > 0 || count === 0) return fail('EINVAL');
    return { inside: inside!, outside: outside!, count: count! };
  });
  const meet = (a: IdRange, b: IdRange, key: 'inside' | 'outside'): boolean =>
    a[key] < b[key] + b.count && b[key] < a[key] + a.count;
  for (const [k, a] of found.entries())
    for (const b of found.slice(k + 1)) if (meet(a, b, 'inside') || meet(a, b, 'outside')) fail('EINVAL');
  return found;
}

/** In the kernel's numbers; EPERM where the namespace around has no such numbers. */
function outward(range: IdRange, parent: UserNamespace, key: 'uidMap' | 'gidMap'): IdRange {
  const [first, last] = [range.outside, range.outside + range.count - 1].map((id) =>
    fromInside(parent[key], id),
  );
  if (first! < 0 || last! - first! !== range.count - 1) return fail('EPERM');
  return { ...range, outside: first! };
}

/** May be written once, by whoever has the right in the namespace around, or for one's own number alone. */
export class MapFile extends RegularFile {
  private readonly kernel: Kernel;
  private readonly process: Process;
  private readonly name: MapName;

  constructor(filesystem: FileSystem, kernel: Kernel, process: Process, name: MapName) {
    super(filesystem, 0o644);
    [this.kernel, this.process, this.name] = [kernel, process, name];
  }
  private get text(): Uint8Array {
    const { users } = this.process.credentials;
    const key = KEYS[this.name];
    const lines = (users[key] ?? []).map(({ inside, outside, count }) =>
      [inside, users.parent ? toInside(users.parent[key], outside) : outside, count]
        .map((n) => String(n).padStart(10))
        .join(' '),
    );
    return encoder.encode(lines.map((line) => `${line}\n`).join(''));
  }
  override get size(): number {
    return this.text.length;
  }
  read(offset: number, length: number): Uint8Array {
    return this.text.slice(offset, offset + length);
  }
  write(offset: number, bytes: Uint8Array): void {
    const { users } = this.process.credentials;
    const key = KEYS[this.name];
    const writer = this.kernel.current!.process.credentials;
    if (offset !== 0) return fail('EINVAL');
    if (!users.parent || users[key] !== null) return fail('EPERM');
    const right = this.name === 'uid_map' ? 'SETUID' : 'SETGID';
    if (!capable(writer, right, users)) return fail('EPERM');
    const wanted = ranges(decoder.decode(bytes)).map((range) => outward(range, users.parent!, key));
    if (!capable(writer, right, users.parent)) {
      const own = this.name === 'uid_map' ? writer.euid : writer.egid;
      const alone = wanted.length === 1 && wanted[0]!.count === 1 && wanted[0]!.outside === own;
      if (!alone || (this.name === 'gid_map' && users.setgroups)) fail('EPERM');
    }
    users[key] = wanted;
  }
  truncate(): void {
    // The shell's > truncates before it writes; there is nothing to shorten.
  }
}

/** "deny" before the map of groups is written: groups cannot be dropped then, which may have taken rights away. */
export class SetgroupsFile extends RegularFile {
  private readonly process: Process;
  constructor(filesystem: FileSystem, process: Process) {
    super(filesystem, 0o644);
    this.process = process;
  }
  private get text(): Uint8Array {
    return encoder.encode(this.process.credentials.users.setgroups ? 'allow\n' : 'deny\n');
  }
  override get size(): number {
    return this.text.length;
  }
  read(offset: number, length: number): Uint8Array {
    return this.text.slice(offset, offset + length);
  }
  write(_offset: number, bytes: Uint8Array): void {
    const { users } = this.process.credentials;
    const wish = decoder.decode(bytes).trim();
    if (wish !== 'allow' && wish !== 'deny') return fail('EINVAL');
    if (users.gidMap !== null || (wish === 'allow' && !users.setgroups)) return fail('EPERM');
    users.setgroups = wish === 'allow';
  }
  truncate(): void {
    // As above.
  }
}
