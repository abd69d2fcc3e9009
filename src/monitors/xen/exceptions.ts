/** What traps while a domain runs: mended here, simulated for its kernel, or handed to it. */
import type { PcEvent } from '../../machines/pc/system.ts';
import { bounce } from './bounce.ts';
import type { Domain } from './domain.ts';
import { isFaultOfLocalTable, mapLocalTable } from './hypercalls/segments.ts';
import type { Xen } from './hypervisor.ts';
import { ASSIST_WRITABLE_PAGE_TABLES, HYPERVISOR_START } from './interface.ts';
import { GDT_AT, GDT_PAGES, LDT_PAGES, PAGE } from './layout.ts';
import { simulate, simulatePrefixed } from './simulate.ts';
import { writeToPageTable } from './writable-tables.ts';

const BREAKPOINT = 3;
const OVERFLOW = 4;
const INVALID_OPCODE = 6;
const NO_UNIT = 7;
const GENERAL_PROTECTION = 13;
const PAGE_FAULT = 14;
const SHORT_BREAKPOINT = 0xcc;

const asHex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');

export function handleException(xen: Xen, domain: Domain, event: PcEvent): void {
  if (event.kind === 'software') {
    software(xen, domain, event.vector);
    return;
  }
  switch (event.vector) {
    case PAGE_FAULT:
      pageFault(xen, domain, event.error);
      return;
    case NO_UNIT:
      if (lendUnit(xen, domain)) return;
      break;
    case INVALID_OPCODE:
      if (simulatePrefixed(xen)) return;
      break;
    case GENERAL_PROTECTION:
      if (xen.system.level === 1 && event.error === 0 && simulate(xen, domain)) return;
      break;
  }
  hand(xen, domain, event.vector, event.error);
}

/** To the handler that the guest has set for the vector. */
export function hand(xen: Xen, domain: Domain, vector: number, error: number): void {
  const handler = domain.traps[vector];
  xen.observer?.reflected(`vector ${vector}`, domain.id);
  if (!handler || handler.address === 0) {
    const where = asHex(xen.system.eip);
    const reached = vector === PAGE_FAULT ? ` for address ${asHex(xen.system.cr2)}` : '';
    xen.crash(domain, `vector ${vector} at ${where}${reached}, and its kernel has set no handler for it`);
    return;
  }
  const problem = bounce(
    xen.system,
    domain,
    { cs: handler.cs, eip: handler.address },
    error,
    handler.masksEvents,
  );
  if (problem !== '') xen.crash(domain, `vector ${vector} cannot be delivered: ${problem}`);
}

/** INT n that the guest's own table allows to this level; else a fault of the instruction. */
function software(xen: Xen, domain: Domain, vector: number): void {
  const { system } = xen;
  const handler = domain.traps[vector];
  if (handler && handler.level >= system.level) {
    hand(xen, domain, vector, -1);
    return;
  }
  let short = vector === OVERFLOW;
  if (vector === BREAKPOINT)
    system.attempt(() => {
      short = system.load((system.eip - 1) | 0, 1) === SHORT_BREAKPOINT;
    });
  system.eip = (system.eip - (short ? 1 : 2)) | 0;
  hand(xen, domain, GENERAL_PROTECTION, 8 * vector + 2);
}

function pageFault(xen: Xen, domain: Domain, error: number): void {
  const { system } = xen;
  const at = system.cr2;
  const inTables = (at - GDT_AT) >>> 0;
  if (inTables < (GDT_PAGES + LDT_PAGES) * PAGE) {
    if (isFaultOfLocalTable(at) && mapLocalTable(xen, domain, at)) return;
    // A selector of a frame that the guest has not given: as if the table ended before it.
    const offset = inTables % (GDT_PAGES * PAGE);
    hand(xen, domain, GENERAL_PROTECTION, (offset & 0xfff8) | (isFaultOfLocalTable(at) ? 4 : 0));
    return;
  }
  const writes = (error & 7) === 3;
  const assists = (domain.assists & (1 << ASSIST_WRITABLE_PAGE_TABLES)) !== 0;
  if (
    writes &&
    assists &&
    system.level === 1 &&
    at >>> 0 < HYPERVISOR_START &&
    writeToPageTable(xen, domain, at)
  )
    return;
  xen.storeCr2(domain, at);
  hand(xen, domain, PAGE_FAULT, error);
}

/** The unit holds another domain's values: gives it to this one. False: the guest itself had forbidden it. */
function lendUnit(xen: Xen, domain: Domain): boolean {
  const { system, state } = xen;
  if (state.floatOwner !== domain.id) {
    // Before the registers are touched the processor must allow it.
    const forbidden = domain.taskSwitched;
    const owner = xen.domain(state.floatOwner);
    const values = system.saveFloat();
    if (owner) owner.context.float = values;
    if (domain.context.float) system.loadFloat(domain.context.float);
    state.floatOwner = domain.id;
    domain.taskSwitched = false;
    xen.setTaskSwitched(domain);
    return !forbidden;
  }
  domain.taskSwitched = false;
  xen.setTaskSwitched(domain);
  return false;
}
