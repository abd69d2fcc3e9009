// Every check of VM entry in the manual's lists, broken on purpose: the manual's error, and no other check before it.
import { describe, expect, test } from 'vitest';
import { FLAG_CF, FLAG_ZF } from '../../../src/machines/pc/eflags.ts';
import { getFlags } from '../../../src/machines/pc/flags.ts';
import { brokenRule, tryEntry } from '../../../src/machines/pc/vmx/entry.ts';
import type { FieldName } from '../../../src/machines/pc/vmx/fields.ts';
import { CONTROL_RULES } from '../../../src/machines/pc/vmx/rules-controls.ts';
import { GUEST_RULES, LINK_RULE } from '../../../src/machines/pc/vmx/rules-guest.ts';
import { HOST_RULES } from '../../../src/machines/pc/vmx/rules-host.ts';
import type { Rule } from '../../../src/machines/pc/vmx/rules.ts';
import { launch, rig, PRIMARY, SECONDARY, type Guest } from './rig.ts';

type Fields = Partial<Record<FieldName, number>>;
const INVALID = 0x80000000 | 0;
const [EXTERNAL, NMI, HARDWARE, SOFTWARE] = [0, 0x200, 0x300, 0x400];
const ERROR = 0x800;

/** How to break a rule that is named by its first words; the rest of the VMCS stays good. */
const CONTROLS: Readonly<Record<string, Guest>> = {
  'pin-based': { fields: { PIN_CONTROLS: 0 } },
  'primary processor': { primary: 1 << 27 },
  'secondary processor': { secondary: SECONDARY.EPT | (1 << 31) },
  'CR3-target count': { fields: { CR3_TARGET_COUNT: 5 } },
  'I/O bitmaps': { primary: PRIMARY.USE_IO_BITMAPS, fields: { IO_BITMAP_B: 0x801 } },
  'MSR bitmap': { primary: PRIMARY.USE_MSR_BITMAPS, fields: { MSR_BITMAP: 0x10 } },
  VPID: { fields: { VPID: 0 } },
  'EPT pointer': { fields: { EPT_POINTER: 0x203016 } },
  'unrestricted guest': { secondary: SECONDARY.UNRESTRICTED_GUEST },
  'VM-exit controls': { exit: 1 << 9 },
  'save preemption': { exit: 1 << 22 },
  'VM-exit MSR-store': { fields: { EXIT_MSR_STORE_COUNT: 1, EXIT_MSR_STORE_ADDRESS: 8 } },
  'VM-exit MSR-load': { fields: { EXIT_MSR_LOAD_COUNT: 1, EXIT_MSR_LOAD_ADDRESS: 8 } },
  'VM-entry controls': { fields: { ENTRY_CONTROLS: 0 } },
  'event: type': { fields: { ENTRY_INTERRUPTION: INVALID | 0x100 } },
  'event: vector': { fields: { ENTRY_INTERRUPTION: INVALID | NMI | 3 } },
  'event: error code': { fields: { ENTRY_INTERRUPTION: INVALID | HARDWARE | ERROR | 6 } },
  'event: reserved': { fields: { ENTRY_INTERRUPTION: INVALID | EXTERNAL | 0x40 | (1 << 12) } },
  'event: bits 31 to 15': {
    fields: { ENTRY_INTERRUPTION: INVALID | HARDWARE | ERROR | 13, ENTRY_ERROR_CODE: 0x10000 },
  },
  'event: instruction length': { fields: { ENTRY_INTERRUPTION: INVALID | SOFTWARE | 0x80 } },
  'VM-entry MSR-load': { fields: { ENTRY_MSR_LOAD_COUNT: 1, ENTRY_MSR_LOAD_ADDRESS: 4 } },
};

const HOST: Readonly<Record<string, Guest>> = {
  CR0: { fields: { HOST_CR0: 0x11 } },
  CR4: { fields: { HOST_CR4: 0x10 } },
  'PAT of the host': { exit: 1 << 19, fields: { HOST_PAT: 0x02 } },
  ...Object.fromEntries(
    ['CS', 'SS', 'DS', 'ES', 'FS', 'GS', 'TR'].map((name) => [
      `RPL and TI of ${name} `,
      { fields: { [`HOST_${name}_SELECTOR`]: 0x13 } },
    ]),
  ),
  'CS is': { fields: { HOST_CS_SELECTOR: 0 } },
  'TR is': { fields: { HOST_TR_SELECTOR: 0 } },
  'SS is': { fields: { HOST_SS_SELECTOR: 0 } },
};

const VM = 0x20002;
/** Segments as virtual-8086 mode wants them. */
const virtual = (more: Fields): Fields => ({
  GUEST_RFLAGS: VM,
  ...Object.fromEntries(
    ['ES', 'CS', 'SS', 'DS', 'FS', 'GS'].flatMap((name) => [
      [`GUEST_${name}_SELECTOR`, 0x100],
      [`GUEST_${name}_BASE`, 0x1000],
      [`GUEST_${name}_LIMIT`, 0xffff],
      [`GUEST_${name}_ACCESS`, 0xf3],
    ]),
  ),
  ...more,
});

const segment = (name: 'ES' | 'CS' | 'SS' | 'DS' | 'FS' | 'GS'): Readonly<Record<string, Guest>> => {
  const access = name === 'CS' ? 0xc09b : 0xc093;
  const rights = (value: number): Guest => ({ fields: { [`GUEST_${name}_ACCESS`]: value } });
  return {
    [`${name}: in virtual-8086 mode the base`]: { fields: virtual({ [`GUEST_${name}_BASE`]: 0x1004 }) },
    [`${name}: in virtual-8086 mode the limit`]: { fields: virtual({ [`GUEST_${name}_LIMIT`]: 0xfffff }) },
    [`${name}: in virtual-8086 mode the access`]: { fields: virtual({ [`GUEST_${name}_ACCESS`]: 0x93 }) },
    [`${name}: type`]: rights(access & ~1),
    [`${name}: is a segment`]: rights(access & ~0x10),
    [`${name}: DPL`]:
      name === 'CS' || name === 'SS'
        ? rights(access | 0x60)
        : {
            fields: { [`GUEST_${name}_SELECTOR`]: 0x1b },
          },
    [`${name}: is present`]: rights(access & ~0x80),
    [`${name}: reserved`]: rights(access | 0x100),
    [`${name}: granularity`]: rights(access & ~0x8000),
  };
};

const GUEST: Readonly<Record<string, Guest>> = {
  'CR0 holds': { fields: { GUEST_CR0: 0x31 } },
  'CR0: PG': { fields: { GUEST_CR0: 0xa0000031 | 0 } },
  CR4: { fields: { GUEST_CR4: 0x10 } },
  IA32_DEBUGCTL: { fields: { ENTRY_CONTROLS: 0x11ff, GUEST_DEBUGCTL: 4 } },
  'PAT of the guest': { fields: { ENTRY_CONTROLS: 0x51ff, GUEST_PAT: 2 } },
  'TR: TI': { fields: { GUEST_TR_SELECTOR: 0x24 } },
  'LDTR: TI': { fields: { GUEST_LDTR_SELECTOR: 0x2c, GUEST_LDTR_ACCESS: 0x82 } },
  'SS: RPL': { fields: { GUEST_SS_SELECTOR: 0x1b } },
  ...Object.fromEntries(
    (['ES', 'CS', 'SS', 'DS', 'FS', 'GS'] as const).flatMap((name) => Object.entries(segment(name))),
  ),
  // Conforming code may run at an outer level.
  'SS: DPL': { fields: { GUEST_SS_ACCESS: 0xc0f3, GUEST_CS_ACCESS: 0xc09f } },
  'TR: is usable': { fields: { GUEST_TR_ACCESS: 0x1008b } },
  'TR: is a busy': { fields: { GUEST_TR_ACCESS: 0x89 } },
  'TR: is a system': { fields: { GUEST_TR_ACCESS: 0x9b } },
  'TR: is present': { fields: { GUEST_TR_ACCESS: 0x0b } },
  'TR: reserved': { fields: { GUEST_TR_ACCESS: 0x18b } },
  'TR: granularity': { fields: { GUEST_TR_ACCESS: 0x808b } },
  'LDTR: is a local': { fields: { GUEST_LDTR_ACCESS: 0x83 } },
  'LDTR: is a system': { fields: { GUEST_LDTR_ACCESS: 0x92 } },
  'LDTR: is present': { fields: { GUEST_LDTR_ACCESS: 0x02 } },
  'LDTR: reserved': { fields: { GUEST_LDTR_ACCESS: 0x182 } },
  'LDTR: granularity': { fields: { GUEST_LDTR_ACCESS: 0x8082 } },
  GDTR: { fields: { GUEST_GDTR_LIMIT: 0x10000 } },
  IDTR: { fields: { GUEST_IDTR_LIMIT: 0x10000 } },
  'RFLAGS: bit 1': { fields: { GUEST_RFLAGS: 0 } },
  'RFLAGS: VM': {
    secondary: SECONDARY.EPT | SECONDARY.UNRESTRICTED_GUEST,
    fields: virtual({ GUEST_CR0: 0x30 }),
  },
  'RFLAGS: IF': { fields: { ENTRY_INTERRUPTION: INVALID | 0x40 } },
  'activity state is active or': { fields: { GUEST_ACTIVITY: 2 } },
  'activity state HLT': { fields: virtual({ GUEST_ACTIVITY: 1 }) },
  'activity state is active while': { fields: { GUEST_ACTIVITY: 1, GUEST_INTERRUPTIBILITY: 2 } },
  'in HLT': { fields: { GUEST_ACTIVITY: 1, ENTRY_INTERRUPTION: INVALID | HARDWARE | 6 } },
  'interruptibility: reserved': { fields: { GUEST_INTERRUPTIBILITY: 4 } },
  'interruptibility: not both': { fields: { GUEST_INTERRUPTIBILITY: 3, GUEST_RFLAGS: 0x202 } },
  'interruptibility: STI': { fields: { GUEST_INTERRUPTIBILITY: 1 } },
  'interruptibility: nothing': {
    fields: { GUEST_INTERRUPTIBILITY: 2, GUEST_RFLAGS: 0x202, ENTRY_INTERRUPTION: INVALID | 0x40 },
  },
  'interruptibility: MOV SS': {
    fields: { GUEST_INTERRUPTIBILITY: 2, ENTRY_INTERRUPTION: INVALID | NMI | 2 },
  },
  'pending debug exceptions: reserved': { fields: { GUEST_PENDING_DEBUG: 0x10 } },
  'pending debug exceptions: BS': { fields: { GUEST_INTERRUPTIBILITY: 2, GUEST_RFLAGS: 0x102 } },
};

/** These repeat what the allowed bits of the control registers have refused already. */
const COVERED = ['neither entry to SMM', 'neither host nor guest'];

function breaks(rules: readonly Rule[], ways: Readonly<Record<string, Guest>>): [string, Guest][] {
  return rules
    .filter(({ says }) => !COVERED.some((start) => says.startsWith(start)))
    .map(({ says }) => {
      const key = Object.keys(ways)
        .filter((start) => says.startsWith(start))
        .sort((a, b) => b.length - a.length)[0];
      if (key === undefined) throw new Error(`nobody breaks: ${says}`);
      return [says, ways[key]!];
    });
}

test('a VMCS that keeps every rule enters its guest', () => {
  const machine = rig();
  expect(brokenRule(machine.pc.cpu, machine.vmcs)).toBeNull();
  expect(launch(machine)).toBe('exit');
  expect(machine.vmcs.get('EXIT_REASON')).toBe(12);
});

test('what has passed once is checked again where a field has changed since', () => {
  const machine = rig();
  const { vmcs, pc } = machine;
  launch(machine);
  const ways = [
    ...Object.values(CONTROLS).map((way) => [way, 7] as const),
    ...Object.values(HOST).map((way) => [way, 8] as const),
    ...Object.values(GUEST).map((way) => [way, 0] as const),
  ];
  // Those that break by fields alone, on controls as they are here.
  const broken = ways.filter(([{ fields, ...rest }]) => fields && Object.keys(rest).length === 0);
  expect(broken.length).toBeGreaterThan(50);
  for (const [{ fields }, error] of broken) {
    const changed = Object.entries(fields!) as [FieldName, number][];
    const before = changed.map(([name]) => vmcs.get(name));
    changed.forEach(([name, value]) => vmcs.set(name, value));
    expect([fields, tryEntry(pc.cpu, vmcs, false)]).toEqual([fields, error]);
    if (error === 0) expect([fields, vmcs.get('EXIT_REASON')]).toEqual([fields, INVALID | 33]);
    changed.forEach(([name], k) => vmcs.set(name, before[k]!));
  }
});

describe('control fields: VM-instruction error 7', () => {
  test.each(breaks(CONTROL_RULES, CONTROLS))('%s', (says, guest) => {
    const machine = rig(guest);
    expect(brokenRule(machine.pc.cpu, machine.vmcs)?.says).toBe(says);
    expect(launch(machine)).toBe('failed');
    expect(getFlags(machine.pc.cpu) & (FLAG_ZF | FLAG_CF)).toBe(FLAG_ZF);
    expect(machine.vmcs.get('INSTRUCTION_ERROR')).toBe(7);
  });
});

describe('host state: VM-instruction error 8', () => {
  test.each(breaks(HOST_RULES, HOST))('%s', (says, guest) => {
    const machine = rig(guest);
    expect(brokenRule(machine.pc.cpu, machine.vmcs)?.says).toBe(says);
    expect(launch(machine)).toBe('failed');
    expect(machine.vmcs.get('INSTRUCTION_ERROR')).toBe(8);
  });
});

describe('guest state: exit 33 with bit 31', () => {
  test.each(breaks(GUEST_RULES, GUEST))('%s', (says, guest) => {
    const machine = rig(guest);
    expect(brokenRule(machine.pc.cpu, machine.vmcs)?.says).toBe(says);
    expect(launch(machine)).toBe('exit');
    expect(machine.vmcs.get('EXIT_REASON')).toBe(INVALID | 33);
    expect(machine.vmcs.get('EXIT_QUALIFICATION')).toBe(0);
    // The guest was never entered: VMRESUME would be refused.
    expect(machine.vmcs.launched).toBe(false);
  });

  test(LINK_RULE.says, () => {
    const machine = rig({ fields: { VMCS_LINK_POINTER: 0x1000 } });
    launch(machine);
    expect(machine.vmcs.get('EXIT_REASON')).toBe(INVALID | 33);
    expect(machine.vmcs.get('EXIT_QUALIFICATION')).toBe(4);
  });

  test('a bad entry of the page-directory-pointer table has qualification 2', () => {
    const machine = rig({ secondary: 0, fields: { GUEST_CR4: 0x2030, GUEST_CR3: 0x400000 } });
    machine.pc.loadWord(0x400000, 0x1e7);
    launch(machine);
    expect(machine.vmcs.get('EXIT_REASON')).toBe(INVALID | 33);
    expect(machine.vmcs.get('EXIT_QUALIFICATION')).toBe(2);
  });

  test('a register that no list may load exits with 34 and its place in the list', () => {
    const machine = rig({ fields: { ENTRY_MSR_LOAD_COUNT: 1, ENTRY_MSR_LOAD_ADDRESS: 0x400000 } });
    machine.pc.loadWord(0x400000, 0xc0000100 | 0);
    launch(machine);
    expect(machine.vmcs.get('EXIT_REASON')).toBe(INVALID | 34);
    expect(machine.vmcs.get('EXIT_QUALIFICATION')).toBe(1);
  });
});
