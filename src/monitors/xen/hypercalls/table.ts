/** Every hypercall by number: its name is the interface's, its function answers as the interface says. */
import type { Domain } from '../domain.ts';
import type { Xen } from '../hypervisor.ts';
import { EFAULT, EINVAL, ENOSYS, HYPERCALLS } from '../interface.ts';
import { readWords, writeWords } from '../guest-memory.ts';
import { CALL, HYPERCALL } from '../paths.ts';
import { CONTROL_CALLS } from './control.ts';
import { EVENT_CALLS } from './events.ts';
import { MEMORY_CALLS } from './memory.ts';
import { PAGING_CALLS } from './paging.ts';
import { SCHEDULING_CALLS } from './scheduling.ts';
import { SEGMENT_CALLS } from './segments.ts';
import { GRANT_CALLS } from './grants.ts';
import { PHYSICAL_CALLS } from './physical.ts';
import { TRAP_CALLS } from './traps.ts';
import { VERSION_CALLS } from './version.ts';

/** Answers the words of EBX, ECX, EDX, ESI, EDI; null: the registers are as they shall be. */
export type Hypercall = (xen: Xen, domain: Domain, words: readonly number[]) => number | null;

const CALLS: Readonly<Record<string, Hypercall>> = {
  ...TRAP_CALLS,
  ...SEGMENT_CALLS,
  ...PAGING_CALLS,
  ...MEMORY_CALLS,
  ...EVENT_CALLS,
  ...SCHEDULING_CALLS,
  ...GRANT_CALLS,
  ...PHYSICAL_CALLS,
  ...CONTROL_CALLS,
  ...VERSION_CALLS,
  multicall,
};

/** What may not be one of many: it leaves the list, or makes a list of its own. */
const ALONE: ReadonlySet<string> = new Set(['multicall', 'iret']);

export function callHypercall(
  xen: Xen,
  domain: Domain,
  number: number,
  words: readonly number[],
): number | null {
  const name = HYPERCALLS[number];
  const call = name === undefined ? undefined : CALLS[name];
  const counted = name ?? 'unknown';
  xen.state.calls[counted] = (xen.state.calls[counted] ?? 0) + 1;
  xen.observer?.hypercall(counted, domain.id);
  return call ? call(xen, domain, words) : ENOSYS;
}

const ENTRY_WORDS = 8;

/** A list of hypercalls: each answers into its own entry. */
function multicall(xen: Xen, domain: Domain, [list = 0, count = 0]: readonly number[]): number {
  for (let k = 0; k < count >>> 0; k++) {
    const at = (list + 4 * ENTRY_WORDS * k) | 0;
    const entry = readWords(xen.system, at, ENTRY_WORDS);
    if (!entry) return EFAULT;
    const [number = 0, , ...words] = entry;
    xen.system.work(HYPERCALL, CALL);
    const name = HYPERCALLS[number] ?? '';
    const result = ALONE.has(name)
      ? EINVAL
      : callHypercall(
          xen,
          domain,
          number,
          words.map((word) => word | 0),
        );
    if (!writeWords(xen.system, (at + 4) | 0, [result ?? 0])) return EFAULT;
    if (domain.state !== 'running') break;
  }
  return 0;
}
