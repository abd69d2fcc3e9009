/** What panels see of VT-x: the current VMCS field by field, and one address on its way through two sets of tables. */
import { hex } from '../../base/bits.ts';
import type { Cpu } from '../../machines/pc/cpu.ts';
import { PTE_P } from '../../machines/pc/page-walk.ts';
import { FIELDS, kindOf, widthOf } from '../../machines/pc/vmx/fields.ts';
import { NO_VMCS } from '../../machines/pc/vmx/unit.ts';
import { Vmcs } from '../../machines/pc/vmx/vmcs.ts';
import type { DiskWorkView, NestedWalkView, VmxView, WalkReference } from '../../protocol/frame.ts';
import { linearPointer } from './code.ts';
import { peekPhysical32, walk, type WalkEntry } from './subject.ts';
import type { VmxLog } from './vmx-log.ts';

const SHIFTS = [39, 30, 21, 12] as const;
const RIGHTS = 7;
const LARGE = 0x80;
const LARGE_OFFSET = 0x1fffff;
const OFFSET = 0xfff;
const DIGITS = { 16: 4, 32: 8, natural: 8 } as const;

function fieldsOf(cpu: Cpu): VmxView['fields'] {
  const vmcs = new Vmcs(cpu, cpu.vmx.current);
  return FIELDS.filter(({ needs }) => needs === undefined || cpu.features.has(needs)).map(
    ({ name, encoding }) => {
      const width = widthOf(encoding);
      const low = vmcs.get(name);
      const value = width === 64 ? hex(vmcs.high(name), 8) + hex(low, 8) : hex(low, DIGITS[width]);
      return { name, encoding, kind: kindOf(encoding), value };
    },
  );
}

interface Nested {
  readonly host: readonly WalkReference[];
  /** Null: no entry leads there. */
  readonly physical: number | null;
}

/** The way of a guest-physical address through the extended tables at `top`; −1: there are none. */
function throughEpt(cpu: Cpu, top: number, guestPhysical: number): Nested {
  const host: WalkReference[] = [];
  if (top === -1) return { host, physical: guestPhysical };
  let table = top;
  for (const shift of SHIFTS) {
    const address = table | ((shift >= 32 ? 0 : (guestPhysical >>> shift) & 0x1ff) << 3);
    const low = peekPhysical32(cpu, address);
    const high = peekPhysical32(cpu, address + 4);
    if (low === null || high === null) return { host, physical: null };
    host.push({ address: address >>> 0, value: hex(high, 8) + hex(low, 8) });
    if ((low & RIGHTS) === 0) return { host, physical: null };
    if (shift === 12) return { host, physical: ((low & ~OFFSET) | (guestPhysical & OFFSET)) >>> 0 };
    if (shift === 21 && (low & LARGE) !== 0)
      return { host, physical: ((low & ~LARGE_OFFSET) | (guestPhysical & LARGE_OFFSET)) >>> 0 };
    table = low & ~OFFSET;
  }
  throw new Error('the last level is a leaf');
}

type Row = NestedWalkView['rows'][number];

function nestedWalk(cpu: Cpu, linear: number): NestedWalkView | null {
  const { guest } = cpu;
  if (!guest || !cpu.paging) return null;
  const top = guest.ept;
  // SIMPLIFIED: the guest's entries are looked up where the extended tables put its memory one to one, as they do here.
  const found = walk(cpu, linear);
  // The processor holds the four directory pointers since CR3 was loaded: no walk reads them. SDM vol. 3A, section 4.4.1.
  const entries = found.entries.filter(({ level }) => level !== 'directory-pointer');
  const { physical } = found;
  const rows: Row[] = entries.map((entry: WalkEntry) => ({
    what: entry.level === 'table' ? 'table' : 'directory',
    guestPhysical: entry.at >>> 0,
    ...throughEpt(cpu, top, entry.at),
    value: hex(entry.value, 8),
  }));
  const last = entries.at(-1);
  if (physical !== null && last && (last.value & PTE_P) !== 0)
    rows.push({
      what: 'data',
      guestPhysical: physical >>> 0,
      ...throughEpt(cpu, top, physical),
      value: '',
    });
  const host = Math.max(...rows.map((row) => row.host.length));
  return { linear, levels: { guest: entries.length, host }, rows };
}

/**
 * Null: the processor has no VT-x.
 * @param address to walk; null: that of the next instruction
 */
export function vmxView(
  cpu: Cpu,
  log: VmxLog,
  address: number | null,
  disk: DiskWorkView | null = null,
): VmxView | null {
  const { vmx } = cpu;
  if (!cpu.features.has('vmx')) return null;
  const { guest, host } = vmx.references;
  const current = vmx.current === NO_VMCS ? null : vmx.current >>> 0;
  return {
    operation: cpu.guest ? 'guest' : vmx.on ? 'root' : 'off',
    vmcs: current,
    fields: current === null ? [] : fieldsOf(cpu),
    exits: log.rows(),
    references: { guest, host },
    walk: nestedWalk(cpu, address ?? linearPointer(cpu)),
    ...(disk && { disk }),
  };
}
