/** Control instructions. GA22-7000, "Control Instructions". */
import type { Cpu } from '../cpu.ts';
import {
  ADDRESSING,
  OPERATION,
  PAGE_TRANSLATION,
  SEGMENT_TRANSLATION,
  SPECIAL_OPERATION,
  SPECIFICATION,
  TRANSLATION_SPECIFICATION,
} from '../assigned-storage.ts';
import { unpackPsw } from '../psw.ts';
import { BLOCK_SHIFT, KEY_CHANGE, KEY_REFERENCE } from '../storage.ts';
import { walkTables } from '../translation.ts';
import { row, type Execute, type Row } from './row.ts';

const r1 = (word: number): number => (word >>> 20) & 15;
const r2 = (word: number): number => (word >>> 16) & 15;
const operand = (cpu: Cpu, w: number): number => cpu.based(w & 0xffff);

function aligned(cpu: Cpu, at: number, bytes: 4 | 8): number {
  if ((at & (bytes - 1)) !== 0) cpu.program(SPECIFICATION);
  return at;
}

/** LPSW D2(B2) [S] Load PSW. Privileged. Specification: not on a doubleword, or the PSW loaded is invalid. */
const loadPsw: Execute = (cpu, w) => {
  const at = aligned(cpu, operand(cpu, w), 8);
  const high = cpu.fetch4(at);
  const low = cpu.fetch4(at + 4);
  cpu.setPsw(unpackPsw(high, low));
  if (cpu.pswInvalid) cpu.instructionBytes = 0;
  if (!cpu.host) cpu.openAccount();
};

/** SSM-suppression: control register 0 bit 1 makes SSM a special-operation exception. */
const SSM_SUPPRESSION = 0x4000_0000;
const setSystemMask: Execute = (cpu, w) => {
  if ((cpu.cr[0]! & SSM_SUPPRESSION) !== 0) cpu.program(SPECIAL_OPERATION);
  cpu.setSystemMask(cpu.fetch1(operand(cpu, w)));
};
const storeThenAndSystemMask: Execute = (cpu, w) => {
  cpu.store1(operand(cpu, w), cpu.systemMask);
  cpu.setSystemMask(cpu.systemMask & (w >>> 16));
};
const storeThenOrSystemMask: Execute = (cpu, w) => {
  cpu.store1(operand(cpu, w), cpu.systemMask);
  cpu.setSystemMask((cpu.systemMask | (w >>> 16)) & 0xff);
};

const loadControl: Execute = (cpu, w) => {
  const at = aligned(cpu, operand(cpu, w), 4);
  const count = ((r2(w) - r1(w)) & 15) + 1;
  cpu.checkFetch(at, 4 * count);
  cpu.spend((count - 1) * cpu.costs.word);
  // All words first: the registers may change the translation under which the operand is reached.
  const values = Array.from({ length: count }, (_, i) => cpu.fetch4((at + 4 * i) & 0xffffff));
  values.forEach((value, i) => {
    cpu.setControl((r1(w) + i) & 15, value);
  });
};
const storeControl: Execute = (cpu, w) => {
  const at = aligned(cpu, operand(cpu, w), 4);
  const count = ((r2(w) - r1(w)) & 15) + 1;
  cpu.checkStore(at, 4 * count);
  cpu.spend((count - 1) * cpu.costs.word);
  for (let i = 0; i < count; i++) cpu.store4((at + 4 * i) & 0xffffff, cpu.cr[(r1(w) + i) & 15]!);
};

/** Absolute address of the block that bits 8–20 of a register designate, or an addressing exception. */
function block(cpu: Cpu, real: number): number {
  const at = cpu.absolute(real & 0xfff800);
  if (at >= cpu.storage.size) cpu.program(ADDRESSING);
  return at;
}
const keyAddress = (cpu: Cpu, w: number): number => {
  const value = cpu.gr[r2(w)]!;
  if ((value & 15) !== 0) cpu.program(SPECIFICATION);
  return block(cpu, value);
};
const setStorageKey: Execute = (cpu, w) => {
  cpu.setKey(keyAddress(cpu, w), cpu.gr[r1(w)]! & 0xfe);
};
/** ISK: in BC mode bits 5–7 of the byte are zero; in EC mode reference and change bits are included. */
const insertStorageKey: Execute = (cpu, w) => {
  const key = cpu.storage.keys[keyAddress(cpu, w) >>> BLOCK_SHIFT]!;
  cpu.gr[r1(w)] = (cpu.gr[r1(w)]! & ~0xff) | (key & (cpu.extendedControl ? 0xfe : 0xf8));
};
const resetReferenceBit: Execute = (cpu, w) => {
  const at = block(cpu, operand(cpu, w));
  const key = cpu.storage.keys[at >>> BLOCK_SHIFT]!;
  cpu.cc = ((key & KEY_REFERENCE) >> 1) | ((key & KEY_CHANGE) >> 1);
  cpu.setKey(at, key & ~KEY_REFERENCE);
};
const setPswKey: Execute = (cpu, w) => {
  cpu.key = (operand(cpu, w) >> 4) & 15;
  cpu.regimeChanged();
};
const insertPswKey: Execute = (cpu) => {
  cpu.gr[2] = (cpu.gr[2]! & ~0xff) | (cpu.key << 4);
};

/**
 * LRA R1,D2(X2,B2) [RX] Load Real Address. CC: 0 translated · 1 segment-table entry invalid · 2 page-table entry
 * invalid (address of the entry is loaded) · 3 length exceeded. Translates whether or not translation is on.
 */
const loadRealAddress: Execute = (cpu, w) => {
  const walk = walkTables(cpu.indexed(w), cpu.cr[0]!, cpu.cr[1]!, (at, size) => cpu.fetchReal(at, size));
  if ('real' in walk) {
    cpu.gr[r1(w)] = walk.real;
    cpu.cc = 0;
    return;
  }
  if (walk.code === TRANSLATION_SPECIFICATION || walk.code === ADDRESSING) cpu.program(walk.code);
  cpu.gr[r1(w)] = walk.at;
  cpu.cc = walk.lengthExceeded
    ? 3
    : walk.code === SEGMENT_TRANSLATION
      ? 1
      : walk.code === PAGE_TRANSLATION
        ? 2
        : 3;
};
const purgeTlb: Execute = (cpu) => {
  cpu.purgeTranslationBuffer();
};

function fetchDoubleword(cpu: Cpu, at: number): bigint {
  cpu.checkFetch(at, 8);
  return (BigInt(cpu.fetch4(at) >>> 0) << 32n) | BigInt(cpu.fetch4((at + 4) & 0xffffff) >>> 0);
}
function storeDoubleword(cpu: Cpu, at: number, value: bigint): void {
  cpu.checkStore(at, 8);
  cpu.store4(at, Number(BigInt.asIntN(32, value >> 32n)));
  cpu.store4((at + 4) & 0xffffff, Number(BigInt.asIntN(32, value)));
}
const setClock: Execute = (cpu, w) => {
  cpu.clocks.tod = fetchDoubleword(cpu, aligned(cpu, operand(cpu, w), 8));
  cpu.cc = 0;
  cpu.timingChanged();
};
const storeClock: Execute = (cpu, w) => {
  storeDoubleword(cpu, operand(cpu, w), cpu.clocks.tod);
  cpu.cc = cpu.clocks.todSet ? 0 : 1;
};
const setClockComparator: Execute = (cpu, w) => {
  cpu.clocks.comparator = fetchDoubleword(cpu, aligned(cpu, operand(cpu, w), 8));
  cpu.timingChanged();
};
const storeClockComparator: Execute = (cpu, w) => {
  storeDoubleword(cpu, aligned(cpu, operand(cpu, w), 8), cpu.clocks.comparator);
};
const setCpuTimer: Execute = (cpu, w) => {
  cpu.clocks.cpuTimer = BigInt.asIntN(64, fetchDoubleword(cpu, aligned(cpu, operand(cpu, w), 8)));
  cpu.timingChanged();
};
const storeCpuTimer: Execute = (cpu, w) => {
  storeDoubleword(cpu, aligned(cpu, operand(cpu, w), 8), cpu.clocks.cpuTimer);
};
const storeCpuId: Execute = (cpu, w) => {
  const at = aligned(cpu, operand(cpu, w), 8);
  cpu.checkStore(at, 8);
  cpu.store4(at, 0x0000_0001);
  cpu.store4((at + 4) & 0xffffff, cpu.model.modelNumber << 16);
};

const setPrefix: Execute = (cpu, w) => {
  const prefix = cpu.fetch4(aligned(cpu, operand(cpu, w), 4)) & 0xfff000;
  if (prefix + 4096 > cpu.storage.size) cpu.program(ADDRESSING);
  cpu.prefix = prefix;
  cpu.dropMaps();
  cpu.purgeTranslationBuffer();
};
const storePrefix: Execute = (cpu, w) => {
  cpu.store4(aligned(cpu, operand(cpu, w), 4), cpu.prefix);
};
const storeCpuAddress: Execute = (cpu, w) => {
  const at = operand(cpu, w);
  if ((at & 1) !== 0) cpu.program(SPECIFICATION);
  cpu.store2(at, 0);
};

/** DIAGNOSE on the bare machine: model-dependent. Here nothing is behind it, which is an operation exception. */
const diagnose: Execute = (cpu) => cpu.program(OPERATION);
/** Direct control is an optional feature that this machine lacks. */
const directControl: Execute = (cpu) => cpu.program(OPERATION);

const CONTROL_STATE = { privileged: true, sensitive: 'control' } as const;
const READS_STATE = { privileged: true, sensitive: 'behaviour' } as const;
const LOADED = [
  'bits of the new PSW',
  'bits of the new PSW',
  'bits of the new PSW',
  'bits of the new PSW',
] as const;

export const CONTROL: readonly Row[] = [
  row(0x83, 'DIAG', 'Diagnose', 'R1,R3,D2(B2)', 'control', diagnose, {
    ...CONTROL_STATE,
    partial: 'no model-dependent function on the bare machine; under CP it is the interface to CP',
  }),
  row(0xb20b, 'IPK', 'Insert PSW Key', '', 'status', insertPswKey, { ...READS_STATE, writes: 'gr2' }),
  row(0x09, 'ISK', 'Insert Storage Key', 'R1,R2', 'control', insertStorageKey, {
    ...READS_STATE,
    writes: 'r1',
  }),
  row(0xb7, 'LCTL', 'Load Control', 'R1,R3,D2(B2)', 'multiple', loadControl, CONTROL_STATE),
  row(0x82, 'LPSW', 'Load PSW', 'D2(B2)', 'status', loadPsw, { ...CONTROL_STATE, cc: LOADED }),
  row(0xb1, 'LRA', 'Load Real Address', 'R1,D2(X2,B2)', 'control', loadRealAddress, {
    ...READS_STATE,
    writes: 'r1',
    cc: [
      'translation available',
      'segment-table entry invalid',
      'page-table entry invalid',
      'length exceeded',
    ],
  }),
  row(0xb20d, 'PTLB', 'Purge TLB', '', 'control', purgeTlb, CONTROL_STATE),
  row(0x85, 'RDD', 'Read Direct', 'D1(B1),I2', 'control', directControl, {
    ...CONTROL_STATE,
    partial: 'direct-control feature not installed: operation exception',
  }),
  row(0xb213, 'RRB', 'Reset Reference Bit', 'D2(B2)', 'control', resetReferenceBit, {
    ...CONTROL_STATE,
    cc: ['R 0, C 0', 'R 0, C 1', 'R 1, C 0', 'R 1, C 1'],
  }),
  row(0xb204, 'SCK', 'Set Clock', 'D2(B2)', 'control', setClock, {
    ...CONTROL_STATE,
    cc: ['set', 'secure', '--', 'not operational'],
  }),
  row(0xb206, 'SCKC', 'Set Clock Comparator', 'D2(B2)', 'control', setClockComparator, CONTROL_STATE),
  row(0xb208, 'SPT', 'Set CPU Timer', 'D2(B2)', 'control', setCpuTimer, CONTROL_STATE),
  row(0xb210, 'SPX', 'Set Prefix', 'D2(B2)', 'control', setPrefix, CONTROL_STATE),
  row(0xb20a, 'SPKA', 'Set PSW Key from Address', 'D2(B2)', 'status', setPswKey, CONTROL_STATE),
  row(0x08, 'SSK', 'Set Storage Key', 'R1,R2', 'control', setStorageKey, CONTROL_STATE),
  row(0x80, 'SSM', 'Set System Mask', 'D2(B2)', 'status', setSystemMask, CONTROL_STATE),
  row(0xb212, 'STAP', 'Store CPU Address', 'D2(B2)', 'control', storeCpuAddress, READS_STATE),
  row(0xb205, 'STCK', 'Store Clock', 'D2(B2)', 'control', storeClock, {
    cc: ['clock set', 'not set', 'error', 'not operational'],
  }),
  row(0xb207, 'STCKC', 'Store Clock Comparator', 'D2(B2)', 'control', storeClockComparator, READS_STATE),
  row(0xb6, 'STCTL', 'Store Control', 'R1,R3,D2(B2)', 'multiple', storeControl, READS_STATE),
  row(0xb202, 'STIDP', 'Store CPU ID', 'D2(B2)', 'control', storeCpuId, READS_STATE),
  row(
    0xac,
    'STNSM',
    'Store Then And System Mask',
    'D1(B1),I2',
    'status',
    storeThenAndSystemMask,
    CONTROL_STATE,
  ),
  row(
    0xad,
    'STOSM',
    'Store Then Or System Mask',
    'D1(B1),I2',
    'status',
    storeThenOrSystemMask,
    CONTROL_STATE,
  ),
  row(0xb209, 'STPT', 'Store CPU Timer', 'D2(B2)', 'control', storeCpuTimer, READS_STATE),
  row(0xb211, 'STPX', 'Store Prefix', 'D2(B2)', 'control', storePrefix, READS_STATE),
  row(0x84, 'WRD', 'Write Direct', 'D1(B1),I2', 'control', directControl, {
    ...CONTROL_STATE,
    partial: 'direct-control feature not installed: operation exception',
  }),
];
