/** From one domain to another: registers, segments, tables; the floating-point unit only when it is used. */
import { CS, DS, ES, FS, GS, SS } from '../../machines/pc/registers.ts';
import type { Domain } from './domain.ts';
import { FLAT_KERNEL_CS, FLAT_KERNEL_DS } from './interface.ts';
import { LDT_AT, LDT_SELECTOR, PAGE } from './layout.ts';
import type { Xen } from './hypervisor.ts';
import { SCHEDULING, SWITCH } from './paths.ts';
import { isCodeFor, isDataFor, isStackFor } from './segments.ts';

const SEGMENTS = [ES, CS, SS, DS, FS, GS] as const;

export function saveContext({ system }: Xen, domain: Domain): void {
  const { context } = domain;
  context.registers = system.registers.slice(0, 8);
  context.eip = system.eip;
  context.flags = system.flags;
  context.level = system.level;
  context.selectors = SEGMENTS.map((segment) => system.selector(segment));
}

export function loadContext(xen: Xen, domain: Domain): void {
  const { system, machine } = xen;
  const { context } = domain;
  system.work(SCHEDULING, SWITCH);
  system.loadCr3(domain.cr3 * PAGE);
  machine.freeTask(domain.xenDescriptors);
  machine.load();
  loadLocalTable(xen, domain);
  xen.setDirectWay(domain);
  xen.setTaskSwitched(domain);
  system.registers.set(context.registers);
  system.eip = context.eip;
  const [es, cs, ss, ds, fs, gs] = context.selectors as [number, number, number, number, number, number];
  const { level } = context;
  const sound = isCodeFor(system, domain, cs, level) && isStackFor(system, domain, ss, level);
  if (!sound)
    xen.crash(
      domain,
      `its segments ${cs.toString(16)} and ${ss.toString(16)} are not those of level ${level}`,
    );
  system.returnTo(CS, sound ? cs : FLAT_KERNEL_CS, sound ? level : 1);
  system.returnTo(SS, sound ? ss : FLAT_KERNEL_DS, sound ? level : 1);
  for (const [segment, selector] of [
    [ES, es],
    [DS, ds],
    [FS, fs],
    [GS, gs],
  ] as const) {
    const fit = isDataFor(system, domain, selector, level) ? selector : 0;
    system.returnTo(segment, fit, fit & 3);
  }
  system.flags = context.flags;
}

/** LLDT of what the domain has asked for. */
export function loadLocalTable({ system, machine }: Xen, domain: Domain): void {
  const { ldtEntries } = domain;
  machine.setLocal(domain.xenDescriptors, ldtEntries);
  system.loadLdt(ldtEntries === 0 ? 0 : LDT_SELECTOR, LDT_AT, ldtEntries === 0 ? 0 : 8 * ldtEntries - 1);
}
