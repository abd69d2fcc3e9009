// Collects what the reference prints of System/370, from the tables that the engines themselves execute.
import { fieldBits, operandSpecs, rowLength } from '../../assembler/s370/operand-specs.ts';
import {
  ASSIGNED_STORAGE,
  EXTERNAL_INTERRUPTIONS,
  PROGRAM_INTERRUPTIONS,
} from '../../machines/s370/assigned-storage.ts';
import { BRANCHING } from '../../machines/s370/instructions/branching.ts';
import { CONTROL } from '../../machines/s370/instructions/control.ts';
import { DECIMAL } from '../../machines/s370/instructions/decimal.ts';
import { opcodeCosts } from '../../machines/s370/instructions/dispatch.ts';
import { FLOATING } from '../../machines/s370/instructions/floating.ts';
import { GENERAL } from '../../machines/s370/instructions/general.ts';
import { INPUT_OUTPUT } from '../../machines/s370/instructions/input-output.ts';
import { LOGICAL } from '../../machines/s370/instructions/logical.ts';
import type { Row } from '../../machines/s370/instructions/row.ts';
import { STORAGE_TO_STORAGE } from '../../machines/s370/instructions/storage-to-storage.ts';
import { S370_INSTRUCTIONS } from '../../machines/s370/instructions/table.ts';
import { COST_CLASSES, costTable, MODELS, type Model } from '../../machines/s370/models.ts';
import type { BitField, Code, Format, InstructionEntry, S370Reference } from '../../site/reference/data.ts';
import { channelFigures, channels, devices } from './devices.ts';

const GROUPS: Readonly<Record<string, readonly Row[]>> = {
  general: GENERAL,
  logical: LOGICAL,
  branching: BRANCHING,
  'storage-to-storage': STORAGE_TO_STORAGE,
  decimal: DECIMAL,
  floating: FLOATING,
  control: CONTROL,
  'input-output': INPUT_OUTPUT,
};

const extended = (row: Row): boolean => row.opcode > 0xff;
const opcode = (row: Row): string =>
  row.opcode
    .toString(16)
    .toUpperCase()
    .padStart(extended(row) ? 4 : 2, '0');

/** The manual's name of the format, from the operands. */
export function formatName(row: Row): string {
  const { operands } = row;
  if (operands.startsWith('D1(L')) return 'SS';
  if (operands.startsWith('D1')) return 'SI';
  if (operands === '' || operands === 'D2(B2)') return 'S';
  if (operands.includes('X2')) return 'RX';
  return operands.includes('D2') ? 'RS' : 'RR';
}

/** Bits of an instruction from left to right, without a gap: opcode, operand fields, and '' for ignored bits. */
export function bitFields(row: Row, code = opcode(row)): readonly BitField[] {
  const bits = 8 * rowLength(row);
  const named = operandSpecs(row.operands)
    .flatMap((spec) =>
      spec.kind === 'storage' ? [spec.displacement, spec.modifier, spec.base] : [spec.field],
    )
    .filter((field) => field !== null)
    .map((field) => {
      const [at, width] = fieldBits(row, field);
      return { text: field, at, width };
    });
  const known = [{ text: code, at: 0, width: extended(row) ? 16 : 8 }, ...named].sort((a, b) => a.at - b.at);
  return known.flatMap((field, i) => {
    const end = field.at + field.width;
    const next = known[i + 1]?.at ?? bits;
    return next > end ? [field, { text: '', at: end, width: next - end }] : [field];
  });
}

/** Cycles until the instruction is done, without what lengths and outcomes add. */
function cyclesOf(row: Row, model: Model): number {
  const costs = costTable(model);
  const first = extended(row) ? row.opcode >> 8 : row.opcode;
  return opcodeCosts(costs)[first]! + (extended(row) ? costs[row.cost] : 0);
}

const instruction = (row: Row): InstructionEntry => ({
  mnemonic: row.mnemonic,
  title: row.title,
  opcode: opcode(row),
  operands: row.operands,
  format: formatName(row),
  fields: bitFields(row),
  privileged: row.privileged ?? false,
  sensitive: row.sensitive ?? null,
  conditionCodes: row.cc ?? null,
  costClass: row.cost,
  cycles: MODELS.map((model) => cyclesOf(row, model)),
  partial: row.partial ?? null,
});

/** Each layout once, in the order RR, RX, RS, SI, S, SS, with the instructions that have it. */
export function formats(): readonly Format[] {
  const order = ['RR', 'RX', 'RS', 'SI', 'S', 'SS'];
  const found = new Map<string, Format & { mnemonics: string[] }>();
  for (const row of S370_INSTRUCTIONS) {
    const fields = bitFields(row, '');
    const name = formatName(row);
    const key = JSON.stringify([name, fields]);
    const format = found.get(key) ?? {
      ...{ name, operands: row.operands, bits: 8 * rowLength(row), fields },
      mnemonics: [],
    };
    format.mnemonics.push(row.mnemonic);
    found.set(key, format);
  }
  return [...found.values()].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

const codes = (names: Readonly<Record<number, string>>): readonly Code[] =>
  Object.entries(names)
    .map(([code, name]) => ({ code: Number(code), name }))
    .sort((a, b) => a.code - b.code);

export function collectS370(): S370Reference {
  const rows = S370_INSTRUCTIONS;
  return {
    groups: Object.entries(GROUPS).map(([id, group]) => ({ id, instructions: group.map(instruction) })),
    formats: formats(),
    counts: {
      all: rows.length,
      privileged: rows.filter((row) => row.privileged).length,
      sensitive: rows.filter((row) => row.sensitive).length,
    },
    sensitiveUnprivileged: rows
      .filter((row) => row.sensitive && !row.privileged)
      .map(({ mnemonic }) => mnemonic),
    programInterruptions: codes(PROGRAM_INTERRUPTIONS),
    externalInterruptions: codes(EXTERNAL_INTERRUPTIONS),
    assignedStorage: ASSIGNED_STORAGE.map(({ address, bytes, name, extendedControl }) => ({
      ...{ address, bytes, name, extendedControl: extendedControl ?? false },
    })),
    devices: devices(),
    channels: channels(),
    channelFigures: channelFigures(),
    models: MODELS.map((model) => ({
      id: model.id,
      name: model.name,
      cycleNanoseconds: model.cyclePicoseconds / 1000,
      translationBufferEntries: model.translationBufferEntries,
      averageInstruction: model.averageInstruction,
    })),
    costs: COST_CLASSES.map((name) => {
      const [first] = MODELS;
      if (!first) throw new Error('no models');
      const { source, certainty } = first.costs[name];
      return { name, cycles: MODELS.map((model) => model.costs[name].cycles), source, certainty };
    }),
  };
}
