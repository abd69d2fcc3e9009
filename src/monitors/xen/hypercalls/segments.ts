/** The guest's descriptor tables: set_gdt, update_descriptor, and the local table, whose frames are mapped when used. */
import type { Domain } from '../domain.ts';
import { DESCRIPTORS } from '../frames.ts';
import { readWords } from '../guest-memory.ts';
import type { Xen } from '../hypervisor.ts';
import { EFAULT, EINVAL, GUEST_GDT_ENTRIES, HYPERVISOR_START, LDT_ENTRIES } from '../interface.ts';
import { GDT_PAGES, LDT_AT, LDT_PAGES, PAGE, PRESENT, WRITE } from '../layout.ts';
import { soundDescriptor } from '../descriptors.ts';
import { loadLocalTable } from '../context.ts';
import { HYPERCALL, PER_UPDATE } from '../paths.ts';
import type { Hypercall } from './table.ts';

const slotOf = (domain: Domain, page: number): number => domain.descriptorTable * PAGE + 4 * page;

const setGdt: Hypercall = (xen, domain, [list = 0, entries = 0]) => {
  if (entries < 0 || entries > GUEST_GDT_ENTRIES) return EINVAL;
  const count = Math.ceil(entries / 512);
  const frames = readWords(xen.system, list, count);
  if (!frames) return EFAULT;
  const taken = frames.findIndex((frame) => !xen.tables.get(domain.id, frame, DESCRIPTORS));
  if (taken >= 0) {
    for (const frame of frames.slice(0, taken)) xen.tables.put(frame);
    return EINVAL;
  }
  for (let page = 0; page < GDT_PAGES - 2; page++)
    xen.system.storePhysical(
      slotOf(domain, page),
      page < count ? (frames[page]! * PAGE) | PRESENT | WRITE : 0,
    );
  for (const frame of domain.gdtFrames) xen.tables.put(frame);
  domain.gdtFrames = frames;
  domain.gdtEntries = entries;
  xen.frames.flush();
  return 0;
};

const updateDescriptor: Hypercall = (xen, domain, [atLow = 0, , low = 0, high = 0]) => {
  const { system, frames } = xen;
  system.work(HYPERCALL, PER_UPDATE);
  const frame = atLow >>> 12;
  const sound = soundDescriptor(low, high);
  if (!sound) {
    xen.refuse(
      'descriptor',
      `${(high >>> 0).toString(16)} ${(low >>> 0).toString(16)} reaches Xen's part or level`,
    );
    return EINVAL;
  }
  if ((atLow & 7) !== 0 || !frames.owns(domain.id, frame)) {
    if ((atLow & 7) === 0 && frames.get(domain.id, frame)) frames.put(frame);
    return EINVAL;
  }
  const { type, uses } = frames.state;
  if (uses[frame] !== 0 && type[frame] !== DESCRIPTORS && !frames.getWritable(frame)) return EINVAL;
  system.storePhysical(atLow, sound[0]);
  system.storePhysical((atLow + 4) | 0, sound[1]);
  if (uses[frame] !== 0 && type[frame] !== DESCRIPTORS) frames.putWritable(frame);
  return 0;
};

/** MMUEXT_SET_LDT. */
export function setLdt(xen: Xen, domain: Domain, base: number, entries: number): boolean {
  if (entries > LDT_ENTRIES || (base & (PAGE - 1)) !== 0 || (base >>> 0) + 8 * entries > HYPERVISOR_START)
    return xen.refuse(
      'descriptor',
      `a local table of ${entries} at ${(base >>> 0).toString(16)} has no room`,
    );
  for (let page = 0; page < LDT_PAGES; page++) unmapLocalTable(xen, domain, page);
  domain.ldtBase = base;
  domain.ldtEntries = entries;
  loadLocalTable(xen, domain);
  xen.frames.flush();
  return true;
}

export function unmapLocalTable({ system, tables }: Xen, domain: Domain, page: number): void {
  const slot = slotOf(domain, GDT_PAGES + page);
  const entry = system.loadPhysical(slot);
  if ((entry & PRESENT) === 0) return;
  system.storePhysical(slot, 0);
  tables.put(entry >>> 12);
}

export const isFaultOfLocalTable = (at: number): boolean => (at - LDT_AT) >>> 0 < LDT_PAGES * PAGE;

/** The processor reached for a page of the local table that is not mapped yet; whether it is now. */
export function mapLocalTable(xen: Xen, domain: Domain, at: number): boolean {
  const { system, tables } = xen;
  const page = ((at - LDT_AT) >>> 0) >>> 12;
  if (page * 512 >= domain.ldtEntries) return false;
  const slot = slotOf(domain, GDT_PAGES + page);
  if ((system.loadPhysical(slot) & PRESENT) !== 0) return false;
  const entryAt = tables.entryAddress(domain.cr3, (domain.ldtBase + page * PAGE) | 0);
  const entry = entryAt < 0 ? 0 : system.loadPhysical(entryAt);
  if ((entry & PRESENT) === 0 || !tables.get(domain.id, entry >>> 12, DESCRIPTORS)) return false;
  system.storePhysical(slot, (entry & -PAGE) | PRESENT | WRITE);
  return true;
}

export const SEGMENT_CALLS: Readonly<Record<string, Hypercall>> = {
  set_gdt: setGdt,
  update_descriptor: updateDescriptor,
};
