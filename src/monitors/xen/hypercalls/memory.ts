/** memory_op: how much memory a domain has, and giving frames back or taking them. Interface: memory.h. */
import type { Domain } from '../domain.ts';
import { half, readWords, writeWords } from '../guest-memory.ts';
import type { Xen } from '../hypervisor.ts';
import { DOMID_SELF, EFAULT, EINVAL, ENOSYS, EPERM, HYPERVISOR_START, M2P_END } from '../interface.ts';
import type { Hypercall } from './table.ts';

interface Reservation {
  readonly list: number;
  readonly count: number;
  readonly order: number;
}

const RESERVATION_WORDS = 5;

function reservation(xen: Xen, domain: Domain, at: number): Reservation | number {
  const words = readWords(xen.system, at, RESERVATION_WORDS);
  if (!words) return EFAULT;
  const [list, count, order, , id] = words as [number, number, number, number, number];
  if (half(id) !== DOMID_SELF && half(id) !== domain.id) {
    xen.refuse('foreign-domain', `domain ${domain.id} may not change the memory of domain ${half(id)}`);
    return EPERM;
  }
  return { list, count, order };
}

type Step = (frameOrNumber: number, at: number) => boolean;

/** Goes through the list as far as `step` succeeds; how far that was. */
function each(xen: Xen, { list, count }: Reservation, step: Step): number {
  for (let k = 0; k < count; k++) {
    const at = (list + 4 * k) | 0;
    const word = list === 0 ? [0] : readWords(xen.system, at, 1);
    if (!word || !step(word[0]!, at)) return k;
  }
  return count;
}

/** One more frame for the domain, within what it may have. */
function grant(xen: Xen, domain: Domain): number {
  if (domain.pages >= domain.maxPages) {
    xen.refuse('reservation', `domain ${domain.id} has all ${domain.maxPages} frames that it may have`);
    return -1;
  }
  const frame = xen.frames.allocate(domain.id);
  if (frame >= 0) domain.pages++;
  return frame;
}

const increase = (xen: Xen, domain: Domain, asked: Reservation): number =>
  each(xen, asked, (_old, at) => {
    const frame = asked.order === 0 ? grant(xen, domain) : -1;
    return frame >= 0 && (asked.list === 0 || writeWords(xen.system, at, [frame]));
  });

const populate = (xen: Xen, domain: Domain, asked: Reservation): number =>
  each(xen, asked, (pseudo, at) => {
    const frame = asked.order === 0 ? grant(xen, domain) : -1;
    if (frame < 0) return false;
    xen.frames.setPseudo(frame, pseudo);
    return writeWords(xen.system, at, [frame]);
  });

/** A frame goes back once its last mapping is gone. */
const decrease = (xen: Xen, domain: Domain, asked: Reservation): number =>
  each(xen, asked, (frame) => {
    const { frames } = xen;
    if (asked.order !== 0 || frame === domain.sharedInfo || !frames.get(domain.id, frame)) return false;
    frames.put(frame);
    // Given back already, and only kept by what still leads there.
    if (frames.state.released[frame] === 1)
      return xen.refuse('frame-owner', `frame ${frame.toString(16)} was given back before`);
    frames.state.released[frame] = 1;
    domain.pages--;
    frames.put(frame);
    return true;
  });

const changing =
  (change: (xen: Xen, domain: Domain, asked: Reservation) => number) =>
  (xen: Xen, domain: Domain, at: number): number => {
    const asked = reservation(xen, domain, at);
    return typeof asked === 'number' ? asked : change(xen, domain, asked);
  };

/** struct xen_machphys_mapping: first and last address of the table, and its last frame. */
const machphysMapping = (xen: Xen, _domain: Domain, at: number): number =>
  writeWords(xen.system, at, [HYPERVISOR_START, M2P_END, xen.frames.count - 1]) ? 0 : EFAULT;

/** The memory map of the pseudo-physical machine: struct e820entry, 20 bytes. */
function memoryMap(xen: Xen, domain: Domain, at: number): number {
  const asked = readWords(xen.system, at, 2);
  if (!asked) return EFAULT;
  const [room, list] = asked as [number, number];
  if (room < 1) return EINVAL;
  const written = writeWords(xen.system, list, [0, 0, domain.maxPages * 4096, 0, 1]);
  return written && writeWords(xen.system, at, [1]) ? 0 : EFAULT;
}

const OPERATIONS: Readonly<Record<number, (xen: Xen, domain: Domain, at: number) => number>> = {
  0: changing(increase),
  1: changing(decrease),
  2: (xen) => xen.frames.count - 1,
  3: (_xen, domain) => domain.pages,
  4: (_xen, domain) => domain.maxPages,
  6: changing(populate),
  9: memoryMap,
  12: machphysMapping,
};

const memoryOp: Hypercall = (xen, domain, [command = 0, at = 0]) => {
  const operation = OPERATIONS[command & 0x3f];
  return operation ? operation(xen, domain, at) : ENOSYS;
};

export const MEMORY_CALLS: Readonly<Record<string, Hypercall>> = { memory_op: memoryOp };
