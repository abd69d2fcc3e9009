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
  countGrants(xen, counts);
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

function countTable({ system, frames, state }: Xen, counts: Counts, table: number): void {
  const { type, owner } = frames.state;
  const directory = type[table] === DIRECTORY;
  for (let k = 0; k < (directory ? XEN_SLOT : ENTRIES); k++) {
    const entry = entryAt(system, table, k);
    if ((entry & PRESENT) === 0) continue;
    const frame = entry >>> 12;
    const grant =
      frames.state.granted[table]! > 0 &&
      state.mappings.find(({ entryAt: at }) => at === table * PAGE + 4 * k);
    if (grant) {
      if (grant.frame !== frame) counts.wrong.push(`grant ${grant.handle} leads to ${frame.toString(16)}`);
      continue;
    }
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

/** What domains have mapped of others: a reference each, and a use where they may write. */
function countGrants({ state, frames }: Xen, { references, uses, wrong }: Counts): void {
  const tables = new Uint16Array(frames.count);
  for (const { frame, writable, entryAt: at } of state.mappings) {
    references[frame]!++;
    if (writable) uses[frame]!++;
    if (at >= 0) tables[at >>> 12]!++;
  }
  tables.forEach((count, frame) => {
    if (count !== frames.state.granted[frame])
      wrong.push(`table ${frame.toString(16)} has ${count} grants, not ${frames.state.granted[frame]}`);
  });
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
