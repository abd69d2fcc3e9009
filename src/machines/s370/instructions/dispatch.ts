/** From the instruction table to what the processor's loop indexes: one handler and one cost per first byte. */
import type { CostClass, CostTable } from '../models.ts';
import { OPERATION, PRIVILEGED_OPERATION } from '../assigned-storage.ts';
import { programInterruption } from '../interruptions.ts';
import { EXTENDED_CODES, type Execute, type Row } from './row.ts';
import { S370_INSTRUCTIONS } from './table.ts';

const operationException: Execute = (cpu) => cpu.program(OPERATION);

/** A privileged instruction in the problem state: microcode assist first, else the program interruption. */
const privilegedOperation: Execute = (cpu, word) => {
  if (cpu.assist?.attempt(word)) return;
  // PER adds its events to the one interruption, so it has to hear of it first; else the short way.
  if (cpu.perEnabled) cpu.program(PRIVILEGED_OPERATION);
  programInterruption(cpu, PRIVILEGED_OPERATION);
};

/** SVC in the problem state: the assist may serve a virtual machine's, else it interrupts as ever. */
const assistable =
  (execute: Execute): Execute =>
  (cpu, word) => {
    if (!cpu.assist?.attempt(word)) execute(cpu, word);
  };

/** In 9C–9F only the last bit of the second byte belongs to the operation code (GA22-7000, "Input/Output"). */
const secondByteMask = (first: number): number => (first >= 0x9c && first <= 0x9f ? 1 : 0xff);

function extended(first: number, rows: readonly Row[], problemState: boolean): Execute {
  const mask = secondByteMask(first);
  const entries = new Array<Row | undefined>(256);
  for (const row of rows) entries[row.opcode & 0xff] = row;
  return (cpu, word) => {
    const row = entries[(word >>> 16) & mask];
    if (!row) return cpu.program(OPERATION);
    if (row.privileged && problemState) {
      privilegedOperation(cpu, word);
      return;
    }
    cpu.spend(cpu.costs[row.cost]);
    row.execute(cpu, word);
  };
}

const SVC = 0x0a;
const inProblemState = (row: Row): Execute => {
  if (row.privileged) return privilegedOperation;
  return row.opcode === SVC ? assistable(row.execute) : row.execute;
};

function handlers(problemState: boolean): readonly Execute[] {
  const list = new Array<Execute>(256).fill(operationException);
  for (const row of S370_INSTRUCTIONS)
    if (row.opcode <= 0xff) list[row.opcode] = problemState ? inProblemState(row) : row.execute;
  for (const first of EXTENDED_CODES) {
    const rows = S370_INSTRUCTIONS.filter((r) => r.opcode > 0xff && r.opcode >> 8 === first);
    if (rows.length > 0) list[first] = extended(first, rows, problemState);
  }
  return list;
}

const SUPERVISOR = handlers(false);
const PROBLEM = handlers(true);

/** Handlers by first byte; in the problem state those of privileged instructions interrupt instead. */
export const handlersFor = (problemState: boolean): readonly Execute[] =>
  problemState ? PROBLEM : SUPERVISOR;

/** Cycles by first byte; extended codes charge theirs when the second byte is known, beyond the fetch counted here. */
export function opcodeCosts(costs: CostTable): Int32Array {
  const table = new Int32Array(256).fill(costs['register' satisfies CostClass]);
  for (const row of S370_INSTRUCTIONS) if (row.opcode <= 0xff) table[row.opcode] = costs[row.cost];
  for (const first of EXTENDED_CODES) table[first] = 1;
  return table;
}

/** The row that the first two bytes of an instruction select, if any. */
export function rowAt(firstByte: number, secondByte: number): Row | null {
  const opcode = EXTENDED_CODES.has(firstByte)
    ? (firstByte << 8) | (secondByte & secondByteMask(firstByte))
    : firstByte;
  return BY_OPCODE.get(opcode) ?? null;
}
const BY_OPCODE = new Map(S370_INSTRUCTIONS.map((row) => [row.opcode, row]));
