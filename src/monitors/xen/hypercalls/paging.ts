/** Page tables: mmu_update, update_va_mapping, mmuext_op, vm_assist. Interface: xen.h. */
import type { Domain } from '../domain.ts';
import { DIRECTORY, TABLE } from '../frames.ts';
import { readWords, writeWords } from '../guest-memory.ts';
import type { Xen } from '../hypervisor.ts';
import { DOMID_SELF, EFAULT, EINVAL, ENOSYS, EPERM, HYPERVISOR_START } from '../interface.ts';
import { PAGING, PER_UPDATE } from '../paths.ts';
import { setLdt } from './segments.ts';
import type { Hypercall } from './table.ts';

const NORMAL_UPDATE = 0;
const MACHINE_TO_PHYSICAL = 1;
const KEEP_ACCESSED = 2;

const ownDomain = (xen: Xen, domain: Domain, id: number): boolean =>
  (id & 0xffff) === DOMID_SELF ||
  (id & 0xffff) === domain.id ||
  xen.refuse('foreign-domain', `domain ${domain.id} may not act for domain ${id & 0xffff}`);

function report(xen: Xen, at: number, done: number): number {
  return at === 0 || writeWords(xen.system, at, [done]) ? 0 : EFAULT;
}

const mmuUpdate: Hypercall = (xen, domain, [list = 0, count = 0, doneAt = 0, foreign = 0]) => {
  if (!ownDomain(xen, domain, foreign)) return EPERM;
  let result = 0;
  let done = 0;
  for (; done < count >>> 0 && result === 0; done++) {
    const request = readWords(xen.system, (list + 16 * done) | 0, 4);
    if (!request) return EFAULT;
    const [pointer, pointerHigh, value, valueHigh] = request as [number, number, number, number];
    xen.system.work(PAGING, PER_UPDATE);
    if (pointerHigh !== 0 || valueHigh !== 0) {
      xen.refuse('frame-exists', 'there is no memory beyond 4 G');
      result = EINVAL;
    } else result = oneUpdate(xen, domain, pointer, value | 0);
    if (result !== 0) break;
  }
  return report(xen, doneAt, done) || result;
};

function oneUpdate(xen: Xen, domain: Domain, pointer: number, value: number): number {
  const command = pointer & 3;
  if (command === NORMAL_UPDATE || command === KEEP_ACCESSED)
    return xen.tables.update(domain.id, pointer & ~3, value, command === KEEP_ACCESSED) ? 0 : EINVAL;
  if (command !== MACHINE_TO_PHYSICAL) return ENOSYS;
  const frame = pointer >>> 12;
  if (!xen.frames.get(domain.id, frame)) return EINVAL;
  xen.frames.setPseudo(frame, value);
  xen.frames.put(frame);
  return 0;
}

const FLUSH_ALL = 1;
const FLUSH_ONE = 2;

const updateVaMapping: Hypercall = (xen, domain, [linear = 0, value = 0, , flags = 0]) => {
  xen.system.work(PAGING, PER_UPDATE);
  const at = xen.tables.entryAddress(domain.cr3, linear);
  if (at < 0) {
    xen.refuse('xen-slot', `${(linear >>> 0).toString(16)} has no page table of the guest's`);
    return EINVAL;
  }
  const result = xen.tables.update(domain.id, at, value, false) ? 0 : EINVAL;
  if ((flags & 3) === FLUSH_ALL) xen.frames.flush();
  if ((flags & 3) === FLUSH_ONE) xen.system.invalidatePage(linear);
  return result;
};

const updateVaMappingOther: Hypercall = (xen, domain, [linear = 0, low = 0, high = 0, flags = 0, id = 0]) =>
  ownDomain(xen, domain, id) ? updateVaMapping(xen, domain, [linear, low, high, flags]) : EPERM;

// ---------------------------------------------------------------- mmuext_op

type Extended = (xen: Xen, domain: Domain, first: number, second: number) => boolean;

function newBase(xen: Xen, domain: Domain, frame: number): boolean {
  if (frame === domain.cr3) {
    xen.frames.flush();
    return true;
  }
  if (!xen.tables.get(domain.id, frame, DIRECTORY)) return false;
  const old = domain.cr3;
  domain.cr3 = frame;
  xen.frames.flush();
  xen.tables.put(old);
  return true;
}

const flushAll: Extended = ({ frames }) => {
  frames.flush();
  return true;
};
const flushOne: Extended = ({ system }, _domain, linear) => {
  if (linear >>> 0 < HYPERVISOR_START) system.invalidatePage(linear);
  return true;
};

/** By command; pinning of the upper levels of other page-table formats is not there. */
const EXTENDED: Readonly<Record<number, Extended>> = {
  0: (xen, domain, frame) => xen.tables.pin(domain.id, frame, TABLE),
  1: (xen, domain, frame) => xen.tables.pin(domain.id, frame, DIRECTORY),
  4: (xen, domain, frame) => xen.tables.unpin(domain.id, frame),
  5: newBase,
  6: flushAll,
  7: flushOne,
  8: flushAll,
  9: flushOne,
  10: flushAll,
  11: flushOne,
  12: () => true,
  13: setLdt,
};

const mmuextOp: Hypercall = (xen, domain, [list = 0, count = 0, doneAt = 0, foreign = 0]) => {
  if (!ownDomain(xen, domain, foreign)) return EPERM;
  let result = 0;
  let done = 0;
  for (; done < count >>> 0; done++) {
    const op = readWords(xen.system, (list + 12 * done) | 0, 3);
    if (!op) return EFAULT;
    const [command, first, second] = op as [number, number, number];
    xen.system.work(PAGING, PER_UPDATE);
    const act = EXTENDED[command];
    if (!act) result = ENOSYS;
    else if (!act(xen, domain, first | 0, second)) result = EINVAL;
    if (result !== 0) break;
  }
  return report(xen, doneAt, done) || result;
};

const vmAssist: Hypercall = (_xen, domain, [command = 0, type = 0]) => {
  if (type < 0 || type > 3 || command < 0 || command > 1) return EINVAL;
  if (command === 0) domain.assists |= 1 << type;
  else domain.assists &= ~(1 << type);
  return 0;
};

export const PAGING_CALLS: Readonly<Record<string, Hypercall>> = {
  mmu_update: mmuUpdate,
  update_va_mapping: updateVaMapping,
  update_va_mapping_otherdomain: updateVaMappingOther,
  mmuext_op: mmuextOp,
  vm_assist: vmAssist,
};
