/** Branches, Execute and Supervisor Call. GA22-7000, "General Instructions". */
import type { Cpu } from '../cpu.ts';
import { EXECUTE, MONITOR_CLASS, MONITOR_CODE, MONITOR_EVENT, SPECIFICATION } from '../assigned-storage.ts';
import { supervisorCall } from '../interruptions.ts';
import { instructionLength, row, type Execute, type Row } from './row.ts';

const r1 = (word: number): number => (word >>> 20) & 15;
const r2 = (word: number): number => (word >>> 16) & 15;

/** Replaces the instruction address; the mark tells PER of a successful branch. */
function branchTo(cpu: Cpu, address: number): void {
  cpu.ia = address & 0xffffff;
  cpu.branched = true;
  cpu.spend(cpu.costs.taken);
}

export const branchOnCondition: Execute = (cpu, w) => {
  if (((r1(w) << cpu.cc) & 8) !== 0) branchTo(cpu, cpu.indexed(w));
};
const branchOnConditionRegister: Execute = (cpu, w) => {
  if (((r1(w) << cpu.cc) & 8) !== 0 && r2(w) !== 0) branchTo(cpu, cpu.gr[r2(w)]!);
};

/** Instruction-length code, condition code, program mask and updated address, as BAL leaves them in a register. */
const linkage = (cpu: Cpu): number =>
  ((cpu.instructionBytes >> 1) << 30) | (cpu.cc << 28) | (cpu.programMask << 24) | cpu.ia;

const branchAndLink: Execute = (cpu, w) => {
  const target = cpu.indexed(w);
  cpu.gr[r1(w)] = linkage(cpu);
  branchTo(cpu, target);
};
const branchAndLinkRegister: Execute = (cpu, w) => {
  const target = cpu.gr[r2(w)]!;
  cpu.gr[r1(w)] = linkage(cpu);
  if (r2(w) !== 0) branchTo(cpu, target);
};
export const branchOnCount: Execute = (cpu, w) => {
  const target = cpu.indexed(w);
  const count = (cpu.gr[r1(w)]! - 1) | 0;
  cpu.gr[r1(w)] = count;
  if (count !== 0) branchTo(cpu, target);
};
const branchOnCountRegister: Execute = (cpu, w) => {
  const target = cpu.gr[r2(w)]!;
  const count = (cpu.gr[r1(w)]! - 1) | 0;
  cpu.gr[r1(w)] = count;
  if (count !== 0 && r2(w) !== 0) branchTo(cpu, target);
};

/** Adds r3 to r1 and compares with r3 | 1, which holds the comparand; both are read before r1 changes. */
function indexAndCompare(cpu: Cpu, w: number): { readonly sum: number; readonly limit: number } {
  const limit = cpu.gr[r2(w) | 1]!;
  const sum = (cpu.gr[r1(w)]! + cpu.gr[r2(w)]!) | 0;
  cpu.gr[r1(w)] = sum;
  return { sum, limit };
}
const branchOnIndexHigh: Execute = (cpu, w) => {
  const target = cpu.based(w & 0xffff);
  const { sum, limit } = indexAndCompare(cpu, w);
  if (sum > limit) branchTo(cpu, target);
};
const branchOnIndexLowOrEqual: Execute = (cpu, w) => {
  const target = cpu.based(w & 0xffff);
  const { sum, limit } = indexAndCompare(cpu, w);
  if (sum <= limit) branchTo(cpu, target);
};

/**
 * EX R1,D2(X2,B2) [RX] Execute. The subject's second byte is ORed with the low byte of R1 (not for R1 = 0).
 * Program interruptions: execute (subject is EX), specification (odd address), access.
 */
const execute: Execute = (cpu, w) => {
  const at = cpu.indexed(w);
  if ((at & 1) !== 0) cpu.program(SPECIFICATION);
  const length = instructionLength(cpu.fetch1(at));
  for (let i = 0; i < length; i++) cpu.bytes[cpu.executeScratch + i] = cpu.fetch1((at + i) & 0xffffff);
  if (cpu.bytes[cpu.executeScratch] === 0x44) cpu.program(EXECUTE);
  if (r1(w) !== 0) cpu.bytes[cpu.executeScratch + 1]! |= cpu.gr[r1(w)]! & 0xff;
  cpu.executeSubject();
};

/** SVC I [RR] Supervisor Call. Always interrupts; the old PSW points behind it. */
const supervisorCallInstruction: Execute = (cpu, w) => {
  supervisorCall(cpu, (w >>> 16) & 0xff);
};

const setProgramMask: Execute = (cpu, w) => {
  const value = cpu.gr[r1(w)]!;
  cpu.cc = (value >>> 28) & 3;
  cpu.programMask = (value >>> 24) & 15;
};

/**
 * MC D1(B1),I2 [SI] Monitor Call. A monitor event if the class's bit in control register 8 is one.
 * Program interruptions: monitor event, specification (class above 15).
 */
const monitorCall: Execute = (cpu, w) => {
  const monitorClass = (w >>> 16) & 0xff;
  if (monitorClass > 15) cpu.program(SPECIFICATION);
  if ((cpu.cr[8]! & (0x8000 >>> monitorClass)) === 0) return;
  cpu.view.setUint16(cpu.absolute(MONITOR_CLASS), monitorClass);
  cpu.storeReal4(MONITOR_CODE, cpu.based(w & 0xffff));
  cpu.program(MONITOR_EVENT);
};

export const BRANCHING: readonly Row[] = [
  row(0x05, 'BALR', 'Branch and Link', 'R1,R2', 'branch', branchAndLinkRegister, { writes: 'r1' }),
  row(0x45, 'BAL', 'Branch and Link', 'R1,D2(X2,B2)', 'branch', branchAndLink, { writes: 'r1' }),
  row(0x07, 'BCR', 'Branch on Condition', 'M1,R2', 'branch', branchOnConditionRegister),
  row(0x47, 'BC', 'Branch on Condition', 'M1,D2(X2,B2)', 'branch', branchOnCondition),
  row(0x06, 'BCTR', 'Branch on Count', 'R1,R2', 'branch', branchOnCountRegister, { writes: 'r1' }),
  row(0x46, 'BCT', 'Branch on Count', 'R1,D2(X2,B2)', 'branch', branchOnCount, { writes: 'r1' }),
  row(0x86, 'BXH', 'Branch on Index High', 'R1,R3,D2(B2)', 'branch', branchOnIndexHigh, { writes: 'r1' }),
  row(0x87, 'BXLE', 'Branch on Index Low or Equal', 'R1,R3,D2(B2)', 'branch', branchOnIndexLowOrEqual, {
    writes: 'r1',
  }),
  row(0x44, 'EX', 'Execute', 'R1,D2(X2,B2)', 'execute', execute),
  row(0xaf, 'MC', 'Monitor Call', 'D1(B1),I2', 'immediate', monitorCall),
  row(0x04, 'SPM', 'Set Program Mask', 'R1', 'status', setProgramMask, {
    cc: ['bits 2–3 of R1 zero', 'one', 'two', 'three'],
  }),
  row(0x0a, 'SVC', 'Supervisor Call', 'I', 'branch', supervisorCallInstruction),
];
