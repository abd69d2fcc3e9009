/** What a block of the disk costs: the stretches between the ends of requests, by the block. */
import type { DiskStretch, DiskWorkView } from '../../protocol/frame.ts';

/** Bytes of a block, a page of memory. */
export const BLOCK = 4096;

export interface PerBlock {
  readonly exits: number;
  /** Of exits and steps: without what the guest executes, and without waiting. */
  readonly cycles: number;
  readonly rows: DiskStretch['rows'];
}

/** Null before the second request has ended: what comes before the first has nothing to do with the disk. */
export function perBlock({ requests, bytes, all }: DiskWorkView): PerBlock | null {
  if (requests < 2) return null;
  const blocks = ((bytes / BLOCK) * (requests - 1)) / requests;
  const rows = all.rows.map((row) => ({ ...row, count: row.count / blocks, cycles: row.cycles / blocks }));
  const exits = rows.filter(({ kind }) => kind === 'exit').reduce((sum, { count }) => sum + count, 0);
  return { exits, cycles: rows.reduce((sum, row) => sum + row.cycles, 0), rows };
}
