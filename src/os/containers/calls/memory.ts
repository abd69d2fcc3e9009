/** Calls about memory: mmap(2), brk(2), mprotect(2), mremap(2). */
import { fail } from '../abi/errno.ts';
import { OpenRegular } from '../files/open-file.ts';
import { PAGE } from '../memory/frames.ts';
import { PROT_EXEC, PROT_READ, PROT_WRITE, USER_END } from '../memory/regions.ts';
import { MemoryFileSystem, MemoryFile } from '../files/tmpfs.ts';
import { pathOf } from '../files/mounts.ts';
import type { Call, Handler } from './call.ts';

const MAP_SHARED = 1;
const MAP_TYPE = 3;
const MAP_FIXED = 0x10;
const MAP_ANONYMOUS = 0x20;
const MAP_GROWSDOWN = 0x100;
const MAP_FIXED_NOREPLACE = 0x100000;
const up = (length: number): number => Math.ceil(length / PAGE) * PAGE;

/** Contents that shared anonymous memory has: a file without a name, which goes with its last user. */
export function nameless(size: number): MemoryFile {
  const file = new MemoryFile(new MemoryFileSystem(0), 0o600);
  file.links = 0;
  file.truncate(size);
  return file;
}

function mapAt(
  call: Call,
  [at, length, protection, flags, descriptor]: readonly number[],
  offset: number,
): number {
  const { process, memory } = call;
  const { space } = memory;
  const [address, size] = [at! >>> 0, length! >>> 0];
  if (size === 0 || (flags! & MAP_TYPE) === 0 || offset % PAGE !== 0) return fail('EINVAL');
  const fixed = (flags! & (MAP_FIXED | MAP_FIXED_NOREPLACE)) !== 0;
  if (fixed && address % PAGE !== 0) return fail('EINVAL');
  if (fixed && (address === 0 || address + size > USER_END)) return fail(address === 0 ? 'EPERM' : 'ENOMEM');
  const occupied = space.regions.within(address, address + up(size)).length > 0;
  if ((flags! & MAP_FIXED_NOREPLACE) !== 0 && occupied) return fail('EEXIST');
  const hinted = address - (address % PAGE);
  const free = hinted >= 0x10000 && hinted + up(size) <= USER_END && !occupied;
  const shared = (flags! & MAP_TYPE) === MAP_SHARED || (flags! & MAP_TYPE) === 3;
  let [file, name] = [shared && (flags! & MAP_ANONYMOUS) !== 0 ? nameless(size) : null, ''] as [
    import('../files/inode.ts').RegularFile | null,
    string,
  ];
  if ((flags! & MAP_ANONYMOUS) === 0) {
    const open = process.file(descriptor!);
    if (!(open instanceof OpenRegular)) return fail('ENODEV');
    if (!open.mayRead || (shared && (protection! & PROT_WRITE) !== 0 && !open.mayWrite))
      return fail('EACCES');
    file = open.file.backing;
    name = open.place ? pathOf(open.place, process.fs.root) : '';
  }
  const grows = (flags! & MAP_GROWSDOWN) !== 0;
  const region = { protection: protection! & 7, shared, file, offset, grows, name };
  return space.map(region, fixed ? address : free ? hinted : 0, size) | 0;
}

const oldMmap: Handler = (call) => {
  const words = [...call.memory.words(call.args[0]!, 6)];
  return mapAt(call, words, words[5]! >>> 0);
};
const mmap2: Handler = (call) => mapAt(call, [...call.args], (call.args[5]! >>> 0) * PAGE);

const munmap: Handler = ({ memory, args }) => {
  const [address, length] = [args[0]! >>> 0, args[1]! >>> 0];
  if (address % PAGE !== 0 || length === 0 || address + length > USER_END) return fail('EINVAL');
  memory.space.unmap(address, address + up(length));
  return 0;
};

const mprotect: Handler = ({ memory, args }) => {
  const [address, length] = [args[0]! >>> 0, args[1]! >>> 0];
  if (address % PAGE !== 0) return fail('EINVAL');
  if (address + length > USER_END) return fail('ENOMEM');
  if (length > 0) memory.space.protect(address, address + up(length), args[2]! & 7);
  return 0;
};

const brk: Handler = ({ memory, args }) => {
  const { space } = memory;
  const wanted = args[0]! >>> 0;
  const [from, to] = [up(space.breakEnd), up(wanted)];
  if (wanted < space.breakStart || wanted >= USER_END) return space.breakEnd | 0;
  if (to > from) {
    if (space.regions.within(from, to).length > 0) return space.breakEnd | 0;
    const protection = PROT_READ | PROT_WRITE | PROT_EXEC;
    space.map(
      { protection, shared: false, file: null, offset: 0, grows: false, name: '[heap]' },
      from,
      to - from,
    );
  } else if (to < from) space.unmap(to, from);
  space.breakEnd = wanted;
  return wanted | 0;
};

const mremap: Handler = ({ memory, args }) => {
  const { space } = memory;
  const [address, old, size] = [args[0]! >>> 0, up(args[1]! >>> 0), up(args[2]! >>> 0)];
  if (address % PAGE !== 0 || size === 0) return fail('EINVAL');
  const region = space.regions.find(address) ?? fail('EFAULT');
  if (address + old > region.end) return fail('EFAULT');
  if ((args[3]! & 2) === 0) {
    if (size <= old) {
      if (size < old) space.unmap(address + size, address + old);
      return address | 0;
    }
    const more = { ...region, offset: region.offset + (address + old - region.start) };
    const free =
      space.regions.within(address + old, address + size).length === 0 && address + size < USER_END;
    if (free) {
      space.map(more, address + old, size - old);
      return address | 0;
    }
    if ((args[3]! & 1) === 0) return fail('ENOMEM');
  }
  const source = { ...region, offset: region.offset + (address - region.start) };
  const to = space.map(source, (args[3]! & 2) !== 0 ? args[4]! >>> 0 : 0, size);
  space.move(address, to, Math.min(old, size));
  space.unmap(address, address + old);
  return to | 0;
};

const MADV_DONTNEED = 4;
const madvise: Handler = ({ memory, args }) => {
  const address = args[0]! >>> 0;
  if (address % PAGE !== 0) return fail('EINVAL');
  if (args[2] === MADV_DONTNEED) memory.space.drop(address, address + up(args[1]! >>> 0));
  return 0;
};

const msync: Handler = ({ memory, kernel, args }) => {
  const address = args[0]! >>> 0;
  for (const { file, shared } of memory.space.regions.within(address, address + (args[1]! >>> 0)))
    if (file && shared) kernel.cache.flush(file);
  return 0;
};

export const MEMORY_CALLS = { oldMmap, mmap2, munmap, mprotect, brk, mremap, madvise, msync };
