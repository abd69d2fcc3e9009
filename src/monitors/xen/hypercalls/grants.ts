/** grant_table_op: the pages in which a domain writes down what others may reach. Interface: grant_table.h. */
import type { Domain } from '../domain.ts';
import { half, readWords, writeWords } from '../guest-memory.ts';
import type { Xen } from '../hypervisor.ts';
import { DOMID_SELF, EFAULT, EINVAL, ENOSYS, EPERM } from '../interface.ts';
import { WRITABLE } from '../frames.ts';
import type { Hypercall } from './table.ts';

const SETUP_TABLE = 2;
const QUERY_SIZE = 6;
const SET_VERSION = 8;
const GET_VERSION = 10;
const MOST_FRAMES = 4;

// GNTST_*, as signed halves.
const OKAY = 0;
const GENERAL_ERROR = -1 & 0xffff;
const BAD_DOMAIN = -2 & 0xffff;

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
  const status = good ? OKAY : own ? GENERAL_ERROR : BAD_DOMAIN;
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

/** Mapping another domain's grants is for back ends, which stand on the host's side here. */
const grantTableOp: Hypercall = (xen, domain, [command = 0, at = 0]) => {
  if (command === SETUP_TABLE) return setupTable(xen, domain, at);
  if (command === QUERY_SIZE) return querySize(xen, domain, at);
  if (command === SET_VERSION) return setVersion(xen, at);
  if (command === GET_VERSION) return getVersion(xen, domain, at);
  xen.refuse('privilege', `domain ${domain.id} maps nobody's grants`);
  return ENOSYS;
};

export const GRANT_CALLS: Readonly<Record<string, Hypercall>> = { grant_table_op: grantTableOp };
