/** The instructions of VT-x. SDM vol. 3C, chapter 30. */
import { followA20 } from '../cpu-state.ts';
import type { Cpu } from '../cpu.ts';
import { UD } from '../exceptions.ts';
import { STATUS_FLAGS, FLAG_CF, FLAG_ZF } from '../eflags.ts';
import { setFlags } from '../flags.ts';
import { CR4_VMXE } from '../registers.ts';
import { REVISION } from '../vmx/controls.ts';
import { tryEntry } from '../vmx/entry.ts';
import { fieldAt, kindOf, widthOf, type Field } from '../vmx/fields.ts';
import { always, withOperand } from '../vmx/intercepts.ts';
import { enterOperation, isRegion, mayEnterOperation } from '../vmx/operation.ts';
import type { InstructionError } from '../vmx/reasons.ts';
import { eptPointerGood } from '../vmx/rules-controls.ts';
import { flushExtended, flushSpace } from '../vmx/spaces.ts';
import { NO_VMCS } from '../vmx/unit.ts';
import { Vmcs } from '../vmx/vmcs.ts';
import { getE32, offsetOf, setE32 } from './operands.ts';
import { row, type Decoded, type Execute, type Row } from './row.ts';

// ---------------------------------------------------------------- how they answer

const succeed = (cpu: Cpu): void => setFlags(cpu, STATUS_FLAGS, 0);
const failInvalid = (cpu: Cpu): void => setFlags(cpu, STATUS_FLAGS, FLAG_CF);

/** VMfail: by number in the current VMCS, or without one by CF alone. Section 30.2. */
export function fail(cpu: Cpu, error: InstructionError): void {
  const vmcs = currentOf(cpu);
  if (!vmcs) {
    failInvalid(cpu);
    return;
  }
  setFlags(cpu, STATUS_FLAGS, FLAG_ZF);
  vmcs.set('INSTRUCTION_ERROR', error);
}

export const currentOf = (cpu: Cpu): Vmcs | null =>
  cpu.vmx.current === NO_VMCS ? null : new Vmcs(cpu, cpu.vmx.current);

/** Outside VMX operation, and in modes without it, they are unknown; a guest's exit before its level is looked at. */
const inOperation =
  (execute: Execute): Execute =>
  (cpu, i) => {
    if (!cpu.vmx.on) cpu.fault(UD);
    if (cpu.cpl !== 0) cpu.protection();
    execute(cpu, i);
  };

/** A quadword operand: the high half must be 0, for addresses have 32 bits. */
const quadword = (cpu: Cpu, i: Decoded): readonly [low: number, high: number] => {
  const at = offsetOf(cpu, i);
  return [cpu.load32(i.segment, at), cpu.load32(i.segment, (at + 4) & i.addressMask)];
};

// ---------------------------------------------------------------- VMX operation

const vmxOn: Execute = (cpu, i) => {
  if ((cpu.cr4 & CR4_VMXE) === 0) cpu.fault(UD);
  if (cpu.vmx.on) {
    if (cpu.cpl !== 0) cpu.protection();
    fail(cpu, 15);
    return;
  }
  if (!mayEnterOperation(cpu)) cpu.protection();
  const [low, high] = quadword(cpu, i);
  if (enterOperation(cpu, low, high)) succeed(cpu);
  else failInvalid(cpu);
};

const vmxOff: Execute = (cpu) => {
  cpu.vmx.on = false;
  cpu.vmx.region = NO_VMCS;
  cpu.vmx.current = NO_VMCS;
  followA20(cpu);
  succeed(cpu);
};

// ---------------------------------------------------------------- the VMCS

const clear: Execute = (cpu, i) => {
  const [low, high] = quadword(cpu, i);
  if (!isRegion(low, high)) fail(cpu, 2);
  else if (low === cpu.vmx.region) fail(cpu, 3);
  else {
    new Vmcs(cpu, low).launched = false;
    if (cpu.vmx.current === low) cpu.vmx.current = NO_VMCS;
    succeed(cpu);
  }
};

const loadPointer: Execute = (cpu, i) => {
  const [low, high] = quadword(cpu, i);
  if (!isRegion(low, high)) fail(cpu, 9);
  else if (low === cpu.vmx.region) fail(cpu, 10);
  else if (new Vmcs(cpu, low).revision !== REVISION) fail(cpu, 11);
  else {
    cpu.vmx.current = low;
    succeed(cpu);
  }
};

const storePointer: Execute = (cpu, i) => {
  const at = offsetOf(cpu, i);
  const { current } = cpu.vmx;
  cpu.update(i.segment, (at + 4) & i.addressMask, 4);
  cpu.store32(i.segment, at, current);
  cpu.store32(i.segment, (at + 4) & i.addressMask, current === NO_VMCS ? -1 : 0);
  succeed(cpu);
};

/** The field that a register names, if this processor has it. */
function fieldOf(cpu: Cpu, encoding: number): Field | undefined {
  const field = fieldAt(encoding);
  return field && (!field.needs || cpu.features.has(field.needs)) ? field : undefined;
}
const isHigh = (encoding: number): boolean => (encoding & 1) !== 0;

/** The value of a field by its encoding; undefined where there is no such field. */
export function readField(cpu: Cpu, vmcs: Vmcs, encoding: number): number | undefined {
  const field = fieldOf(cpu, encoding);
  if (!field) return undefined;
  return isHigh(encoding) ? vmcs.high(field.name) : vmcs.get(field.name);
}

/** Writes a field; the number of the error where that cannot be. */
export function writeField(cpu: Cpu, vmcs: Vmcs, encoding: number, value: number): InstructionError | 0 {
  const field = fieldOf(cpu, encoding);
  if (!field) return 12;
  if (kindOf(encoding) === 'read-only') return 13;
  if (isHigh(encoding)) vmcs.setHigh(field.name, value);
  else {
    vmcs.set(field.name, value);
    // Outside 64-bit mode the other half becomes 0. SDM vol. 3C, "VMWRITE".
    if (widthOf(encoding) === 64) vmcs.setHigh(field.name, 0);
  }
  return 0;
}

const access = (cpu: Cpu): void => cpu.spend(cpu.model.vmx!.access.cycles);

const read: Execute = (cpu, i) => {
  const vmcs = currentOf(cpu);
  access(cpu);
  if (!vmcs) {
    failInvalid(cpu);
    return;
  }
  const value = readField(cpu, vmcs, cpu.words[i.reg]!);
  if (value === undefined) {
    fail(cpu, 12);
    return;
  }
  setE32(cpu, i, value);
  succeed(cpu);
};

const write: Execute = (cpu, i) => {
  const vmcs = currentOf(cpu);
  access(cpu);
  if (!vmcs) {
    failInvalid(cpu);
    return;
  }
  const error = writeField(cpu, vmcs, cpu.words[i.reg]!, getE32(cpu, i));
  if (error === 0) succeed(cpu);
  else fail(cpu, error);
};

// ---------------------------------------------------------------- entries, and the way back

const enter =
  (launch: boolean): Execute =>
  (cpu) => {
    const vmcs = currentOf(cpu);
    if (!vmcs) {
      failInvalid(cpu);
      return;
    }
    const error = tryEntry(cpu, vmcs, launch);
    if (error !== 0) fail(cpu, error);
  };

/** In VMX root operation there is nobody to call. */
const call: Execute = (cpu) => fail(cpu, 1);

// ---------------------------------------------------------------- translations

/** INVEPT: of one table, or of all. The descriptor is a pointer and a zero. */
const invalidateNested: Execute = (cpu, i) => {
  const type = cpu.words[i.reg]!;
  const [low, high] = quadword(cpu, i);
  const rest = quadword(cpu, { ...i, displacement: i.displacement + 8 });
  if (type === 1 && (rest[0] | rest[1]) === 0 && eptPointerGood(cpu, low, high)) {
    flushExtended(cpu, low);
  } else if (type === 2) flushSpace(cpu, null);
  else {
    fail(cpu, 28);
    return;
  }
  succeed(cpu);
};

/** INVVPID: a page of a VPID, one VPID, all, one but for its global pages. */
const invalidateSpace: Execute = (cpu, i) => {
  const type = cpu.words[i.reg]!;
  const [low, reserved] = quadword(cpu, i);
  const [linear, high] = quadword(cpu, { ...i, displacement: i.displacement + 8 });
  const vpid = low & 0xffff;
  const bad = (low & 0xffff0000) !== 0 || reserved !== 0 || high !== 0;
  if (bad || type < 0 || type > 3 || (type !== 2 && vpid === 0)) {
    fail(cpu, 28);
    return;
  }
  if (type === 0) for (const tlb of [cpu.instructionTlb, cpu.dataTlb]) tlb.invalidateIn(vpid, linear);
  else if (type === 2) flushSpace(cpu, null);
  else flushSpace(cpu, vpid, type === 3);
  succeed(cpu);
};

// ---------------------------------------------------------------- rows

const ROOT = { sensitive: 'control', protectedOnly: true, ends: true, since: 'vmx' } as const;

export const VMX: readonly Row[] = [
  row('F3 0F C7 /6', 'VMXON', 'Enter VMX operation', 'M', 'serialize', vmxOn, {
    ...ROOT,
    exits: withOperand('VMXON'),
    partial: 'physical addresses have 32 bits; there is no 64-bit mode, no system management mode',
  }),
  row('0F 01 C4', 'VMXOFF', 'Leave VMX operation', '', 'serialize', inOperation(vmxOff), {
    ...ROOT,
    exits: always('VMXOFF'),
  }),
  row(
    '66 0F C7 /6',
    'VMCLEAR',
    'Clear virtual-machine control structure',
    'M',
    'serialize',
    inOperation(clear),
    {
      ...ROOT,
      exits: withOperand('VMCLEAR'),
    },
  ),
  row(
    '0F C7 /6',
    'VMPTRLD',
    'Load pointer to virtual-machine control structure',
    'M',
    'serialize',
    inOperation(loadPointer),
    { ...ROOT, exits: withOperand('VMPTRLD') },
  ),
  row(
    '0F C7 /7',
    'VMPTRST',
    'Store pointer to virtual-machine control structure',
    'M',
    'plain',
    inOperation(storePointer),
    { ...ROOT, exits: withOperand('VMPTRST') },
  ),
  row('0F 78', 'VMREAD', 'Read field from VMCS', 'Ed,Gd', 'plain', inOperation(read), {
    ...ROOT,
    exits: withOperand('VMREAD', ({ reg }) => reg << 28),
  }),
  row('0F 79', 'VMWRITE', 'Write field to VMCS', 'Gd,Ed', 'plain', inOperation(write), {
    ...ROOT,
    exits: withOperand('VMWRITE', ({ reg }) => reg << 28),
  }),
  row('0F 01 C2', 'VMLAUNCH', 'Launch virtual machine', '', 'plain', inOperation(enter(true)), {
    ...ROOT,
    exits: always('VMLAUNCH'),
  }),
  row('0F 01 C3', 'VMRESUME', 'Resume virtual machine', '', 'plain', inOperation(enter(false)), {
    ...ROOT,
    exits: always('VMRESUME'),
  }),
  row('0F 01 C1', 'VMCALL', 'Call to VM monitor', '', 'plain', inOperation(call), {
    ends: true,
    sensitive: 'control',
    since: 'vmx',
    exits: always('VMCALL'),
  }),
  row(
    '66 0F 38 80',
    'INVEPT',
    'Invalidate translations derived from EPT',
    'Gd,M',
    'page-invalidate',
    inOperation(invalidateNested),
    { ...ROOT, since: 'vmx-ept', exits: withOperand('INVEPT', ({ reg }) => reg << 28) },
  ),
  row(
    '66 0F 38 81',
    'INVVPID',
    'Invalidate translations based on VPID',
    'Gd,M',
    'page-invalidate',
    inOperation(invalidateSpace),
    { ...ROOT, since: 'vmx-vpid', exits: withOperand('INVVPID', ({ reg }) => reg << 28) },
  ),
];
