/** Counts anew, from what stands in memory, every reference to every frame and every use, and compares. */
import type { SystemPc } from '../../machines/pc/system.ts';
import { DIRECTORY, FREE, TABLE, TYPE_NAMES, WRITABLE, XEN } from './frames.ts';
import type { Xen } from './hypervisor.ts';
import { ENTRIES, GDT_PAGES, LDT_PAGES, PAGE, PRESENT, WRITE, XEN_SLOT } from './layout.ts';

interface Counts {
  readonly references: Int32Array;
  readonly uses: Int32Array;
  readonly wrong: string[];
}

/** What is wrong with the frames, in words; empty: all are accounted for. */
export function audit(xen: Xen): readonly string[] {
  const { count, state } = xen.frames;
  const counts: Counts = { references: new Int32Array(count), uses: new Int32Array(count), wrong: [] };
  const { references, uses, wrong } = counts;
  for (let frame = 0; frame < count; frame++) {
    const owner = state.owner[frame]!;
    if (owner >= 0 && state.released[frame] === 0) references[frame]!++;
    if (state.pinned[frame] === 1) hold(counts, frame);
    if (state.uses[frame]! > 0 && (state.type[frame] === TABLE || state.type[frame] === DIRECTORY))
      countTable(xen, counts, frame);
  }
  countDomains(xen, counts);
  const free = new Set(state.free);
  for (let frame = 0; frame < count; frame++) {
    const owner = state.owner[frame]!;
    const name = `frame ${frame.toString(16)}`;
    if ((owner === FREE) !== free.has(frame))
      wrong.push(`${name}: owner ${owner}, in the free list ${free.has(frame)}`);
    if (owner === XEN) continue;
    if (references[frame] !== state.references[frame] && owner !== FREE)
      wrong.push(`${name}: ${state.references[frame]} references, ${references[frame]} counted`);
    if (uses[frame] !== state.uses[frame])
      wrong.push(
        `${name}: ${state.uses[frame]} uses as ${TYPE_NAMES[state.type[frame]!]}, ${uses[frame]} counted`,
      );
  }
  return wrong;
}

function hold({ references, uses }: Counts, frame: number): void {
  references[frame]!++;
  uses[frame]!++;
}

function countTable({ system, frames }: Xen, counts: Counts, table: number): void {
  const { type, owner } = frames.state;
  const directory = type[table] === DIRECTORY;
  for (let k = 0; k < (directory ? XEN_SLOT : ENTRIES); k++) {
    const entry = entryAt(system, table, k);
    if ((entry & PRESENT) === 0) continue;
    const frame = entry >>> 12;
    if (owner[frame] !== owner[table])
      counts.wrong.push(
        `table ${table.toString(16)} of domain ${owner[table]} leads to a frame of ${owner[frame]}`,
      );
    counts.references[frame]!++;
    if (!directory && (entry & WRITE) === 0) continue;
    counts.uses[frame]!++;
    if (type[frame] !== (directory ? TABLE : WRITABLE))
      counts.wrong.push(
        `table ${table.toString(16)} uses ${TYPE_NAMES[type[frame]!]} ${frame.toString(16)} wrongly`,
      );
  }
}

const entryAt = (system: SystemPc, frame: number, index: number): number =>
  system.loadPhysical(frame * PAGE + 4 * index);

function countDomains({ system, state }: Xen, counts: Counts): void {
  for (const domain of state.domains) {
    if (domain.state === 'destroyed') continue;
    hold(counts, domain.cr3);
    for (const frame of domain.gdtFrames) hold(counts, frame);
    for (let page = 0; page < LDT_PAGES; page++) {
      const entry = entryAt(system, domain.descriptorTable, GDT_PAGES + page);
      if ((entry & PRESENT) !== 0) hold(counts, entry >>> 12);
    }
    for (const frame of [domain.consolePage, domain.storePage]) counts.references[frame]!++;
    for (const frame of [domain.sharedInfo, ...domain.grantFrames]) counts.uses[frame]!++;
  }
}
