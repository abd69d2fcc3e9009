/** grant_table_op: the pages in which a domain writes down what others may reach. Interface: grant_table.h. */
import type { Domain } from '../domain.ts';
import { half, readWords, writeWords } from '../guest-memory.ts';
import type { Xen } from '../hypervisor.ts';
import { DOMID_SELF, EFAULT, EINVAL, ENOSYS, EPERM } from '../interface.ts';
import { WRITABLE } from '../frames.ts';
import { BAD_DOMAIN, GENERAL_ERROR, OKAY, type CopyEnd } from '../grants.ts';
import { PAGE } from '../layout.ts';
import type { Hypercall } from './table.ts';

const SETUP_TABLE = 2;
const QUERY_SIZE = 6;
const SET_VERSION = 8;
const GET_VERSION = 10;
const MOST_FRAMES = 4;

/** Frames of the table, which are the domain's to write and never another's. */
function growTable(xen: Xen, domain: Domain, count: number): boolean {
  while (domain.grantFrames.length < count) {
    const frame = xen.frames.allocate(domain.id);
    if (frame < 0) return false;
    xen.frames.state.type[frame] = WRITABLE;
    xen.frames.state.uses[frame] = 1;
    domain.grantFrames.push(frame);
  }
  return true;
}

function setupTable(xen: Xen, domain: Domain, at: number): number {
  const words = readWords(xen.system, at, 4);
  if (!words) return EFAULT;
  const [id, count, , list] = words as [number, number, number, number];
  const own = half(id) === DOMID_SELF || half(id) === domain.id;
  const good = own && count <= MOST_FRAMES && growTable(xen, domain, count);
  const status = (good ? OKAY : own ? GENERAL_ERROR : BAD_DOMAIN) & 0xffff;
  if (!own)
    xen.refuse('foreign-domain', `domain ${domain.id} may not set up the grants of domain ${half(id)}`);
  if (good && !writeWords(xen.system, list, domain.grantFrames.slice(0, count))) return EFAULT;
  return writeWords(xen.system, (at + 8) | 0, [status]) ? 0 : EFAULT;
}

function querySize(xen: Xen, domain: Domain, at: number): number {
  return writeWords(xen.system, (at + 4) | 0, [domain.grantFrames.length, MOST_FRAMES, OKAY]) ? 0 : EFAULT;
}

/** The table has entries of the first version. */
function setVersion(xen: Xen, at: number): number {
  const version = readWords(xen.system, at, 1);
  if (!version) return EFAULT;
  if (!writeWords(xen.system, at, [1])) return EFAULT;
  return version[0] === 1 ? 0 : EINVAL;
}

function getVersion(xen: Xen, domain: Domain, at: number): number {
  const id = readWords(xen.system, at, 1);
  if (!id) return EFAULT;
  const own = half(id[0]!) === DOMID_SELF || half(id[0]!) === domain.id;
  if (!own) {
    xen.refuse('foreign-domain', `domain ${domain.id} may not ask for the grants of domain ${half(id[0]!)}`);
    return EPERM;
  }
  return writeWords(xen.system, (at + 4) | 0, [1]) ? 0 : EFAULT;
}

/** struct gnttab_map_grant_ref: place, flags, reference and domain; answers a status, a handle, and the frame's address. */
function mapReference(xen: Xen, domain: Domain, at: number): number {
  const words = readWords(xen.system, at, 5);
  if (!words) return EFAULT;
  const [place, , flags, ref, id] = words as [number, number, number, number, number];
  const mapped = xen.grants.map(domain, { place: place | 0, flags, ref, granter: half(id) });
  const [status, handle, address] =
    typeof mapped === 'number' ? [mapped, 0, 0] : [OKAY, mapped.handle, mapped.frame * PAGE];
  const answered = writeWords(xen.system, (at + 16) | 0, [half(id) | (status << 16), handle, address, 0]);
  return answered ? 0 : EFAULT;
}

/** struct gnttab_unmap_grant_ref. */
function unmapReference(xen: Xen, domain: Domain, at: number): number {
  const words = readWords(xen.system, at, 5);
  if (!words) return EFAULT;
  const [place, , , , handle] = words as [number, number, number, number, number];
  const status = xen.grants.unmap(domain, place | 0, handle);
  return writeWords(xen.system, (at + 20) | 0, [status & 0xffff]) ? 0 : EFAULT;
}

const SOURCE_LENT = 1;
const TARGET_LENT = 2;

/** struct gnttab_copy: two ends (reference or frame, domain, offset), length and flags; answers a status. */
function copyPage(xen: Xen, domain: Domain, at: number): number {
  const words = readWords(xen.system, at, 6);
  if (!words) return EFAULT;
  const [from, fromPlace, to, toPlace, how] = words as [number, number, number, number, number];
  const flags = half(how, true);
  const end = (number: number, place: number, lent: boolean): CopyEnd => ({
    ...{ number, lent, domain: half(place), offset: half(place, true) },
  });
  const source = end(from, fromPlace, (flags & SOURCE_LENT) !== 0);
  const target = end(to, toPlace, (flags & TARGET_LENT) !== 0);
  const status = xen.grants.copy(domain, source, target, half(how));
  return writeWords(xen.system, (at + 20) | 0, [status & 0xffff]) ? 0 : EFAULT;
}

/** Operations on lists: what one of them is, and its bytes. */
const LISTS: Readonly<Record<number, readonly [(xen: Xen, domain: Domain, at: number) => number, number]>> = {
  0: [mapReference, 32],
  1: [unmapReference, 24],
  5: [copyPage, 24],
};
const MOST_OPERATIONS = 1024;

const grantTableOp: Hypercall = (xen, domain, [command = 0, at = 0, count = 0]) => {
  if (command === SETUP_TABLE) return setupTable(xen, domain, at);
  if (command === QUERY_SIZE) return querySize(xen, domain, at);
  if (command === SET_VERSION) return setVersion(xen, at);
  if (command === GET_VERSION) return getVersion(xen, domain, at);
  const list = LISTS[command];
  if (!list) return ENOSYS;
  if (count >>> 0 > MOST_OPERATIONS) return EINVAL;
  const [operate, bytes] = list;
  for (let k = 0; k < count; k++) {
    const result = operate(xen, domain, (at + bytes * k) | 0);
    if (result !== 0) return result;
  }
  return 0;
};

export const GRANT_CALLS: Readonly<Record<string, Hypercall>> = { grant_table_op: grantTableOp };
