/** Xen's schedulers by the names of its boot option `sched=`. */
import { BorrowedVirtualTime } from './bvt.ts';
import { Credit } from './scheduler.ts';

export const SCHEDULERS = { credit: Credit, bvt: BorrowedVirtualTime } as const;
export type SchedulerName = keyof typeof SCHEDULERS;
