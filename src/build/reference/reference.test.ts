// What the reference prints is what the engines' tables say: every row, and nothing beside them.
import { describe, expect, test } from 'vitest';
import { ASSIGNED_STORAGE, PROGRAM_INTERRUPTIONS } from '../../machines/s370/assigned-storage.ts';
import { CHANNEL_SUPPORT, DEVICE_SUPPORT } from '../../machines/s370/devices/support.ts';
import { rowAt } from '../../machines/s370/instructions/dispatch.ts';
import { S370_INSTRUCTIONS } from '../../machines/s370/instructions/table.ts';
import { COST_CLASSES, MODELS } from '../../machines/s370/models.ts';
import { COMMANDS } from '../../monitors/cp/commands/install.ts';
import { COMMAND_SUPPORT } from '../../monitors/cp/commands/support.ts';
import { DIAGNOSE_SUPPORT } from '../../monitors/cp/diagnose.ts';
import { PATHS } from '../../monitors/cp/paths.ts';
import { SIMULATED } from '../../monitors/cp/simulate.ts';
import { notes } from '../../site/reference/notes-ja.ts';
import { referenceWords } from '../../site/reference/words.ts';
import { collectReference } from './collect.ts';

const { reasons, s370, cp, pc } = collectReference();
const instructions = s370.groups.flatMap((group) => group.instructions);

describe('the instruction table', () => {
  test('has every row of the processor’s table once', () => {
    expect(instructions.map(({ mnemonic }) => mnemonic).sort()).toEqual(
      S370_INSTRUCTIONS.map(({ mnemonic }) => mnemonic).sort(),
    );
  });

  test('tells opcode, privilege and sensitivity as the processor has them', () => {
    for (const entry of instructions) {
      const bytes = Buffer.from(entry.opcode.padEnd(4, '0'), 'hex');
      const row = rowAt(bytes[0]!, bytes[1]!);
      expect(row).toMatchObject({ mnemonic: entry.mnemonic, title: entry.title, cost: entry.costClass });
      expect([entry.privileged, entry.sensitive]).toEqual([row?.privileged ?? false, row?.sensitive ?? null]);
    }
  });

  test('draws the bits of each instruction without gap or overlap', () => {
    for (const { fields, mnemonic } of instructions) {
      const ends = fields.map(({ at, width }) => at + width);
      expect(
        fields.map(({ at }) => at),
        mnemonic,
      ).toEqual([0, ...ends.slice(0, -1)]);
      expect([16, 32, 48], mnemonic).toContain(ends.at(-1));
    }
  });

  test('draws a format for every instruction', () => {
    expect(s370.formats.flatMap(({ mnemonics }) => mnemonics)).toHaveLength(S370_INSTRUCTIONS.length);
  });

  test('charges an extended code for its second byte', () => {
    const cycles = (mnemonic: string) => instructions.find((each) => each.mnemonic === mnemonic)?.cycles;
    expect(cycles('AR')).toEqual(MODELS.map(({ costs }) => costs.register.cycles));
    expect(cycles('PTLB')).toEqual(MODELS.map(({ costs }) => costs.control.cycles + 1));
  });

  test('finds no sensitive instruction that is not privileged', () => {
    expect(s370.sensitiveUnprivileged).toEqual([]);
    expect(s370.counts.sensitive).toBeGreaterThan(30);
  });
});

test('interruption codes and assigned locations are all there', () => {
  expect(s370.programInterruptions).toHaveLength(Object.keys(PROGRAM_INTERRUPTIONS).length);
  expect(s370.assignedStorage).toHaveLength(ASSIGNED_STORAGE.length);
});

test('assigned locations do not overlap', () => {
  const sorted = s370.assignedStorage.toSorted((a, b) => a.address - b.address);
  for (const [i, { address, bytes, name }] of sorted.entries())
    expect(address + bytes, name).toBeLessThanOrEqual(sorted[i + 1]?.address ?? 4096);
});

test('every device, command and channel feature of the support matrix is there', () => {
  expect(s370.devices.map(({ model, commands }) => [model, commands.length])).toEqual(
    DEVICE_SUPPORT.map(({ model, commands }) => [model, commands.length]),
  );
  expect(s370.channels).toHaveLength(CHANNEL_SUPPORT.length);
});

test('a device with the commands of an earlier one points at it', () => {
  expect(s370.devices.find(({ model }) => model === '2305')?.commandsAs).toBe('3330');
});

test('every cost class has a figure for every model, from one source for all models', () => {
  expect(s370.costs.map(({ name }) => name)).toEqual([...COST_CLASSES]);
  for (const { name, cycles, source } of s370.costs) {
    expect(cycles).toHaveLength(MODELS.length);
    expect(MODELS.map(({ costs }) => costs[name as keyof typeof costs].source)).toEqual(
      MODELS.map(() => source),
    );
  }
});

test('CP’s paths, simulated instructions and DIAGNOSE codes are all there', () => {
  expect(cp.paths.map(({ name }) => name)).toEqual(Object.keys(PATHS));
  expect(cp.diagnose).toHaveLength(DIAGNOSE_SUPPORT.length);
  const simulated = cp.simulated.filter(({ path }) => path !== null);
  expect(simulated.map(({ mnemonic }) => mnemonic).sort()).toEqual(Object.keys(SIMULATED).sort());
});

test('every command of CP is there once, done or not', () => {
  const names = [...COMMANDS.map(({ name }) => name), ...COMMAND_SUPPORT.map(({ command }) => command)];
  expect(cp.commands.map(({ name }) => name)).toEqual([...new Set(names)].sort());
  expect(cp.commands.find(({ name }) => name === 'ATTACH')).toEqual({
    ...{ name: 'ATTACH', shortest: 3, classes: 'B', support: 'partial', note: 'disks only' },
  });
});

describe.each(['en', 'ja'] as const)('in %s', (locale) => {
  const words = referenceWords[locale];
  test.each([
    ['group of instructions', s370.groups.map(({ id }) => id), words.groups],
    ['class of cost', s370.costs.map(({ name }) => name), words.costClasses],
    ['path of CP', cp.paths.map(({ name }) => name), words.cpPaths],
    ['reason of an account', reasons, words.reasons],
    ['program interruption', s370.programInterruptions.map(({ code }) => code), words.programInterruptions],
    [
      'external interruption',
      s370.externalInterruptions.map(({ code }) => code),
      words.externalInterruptions,
    ],
  ])('every %s is explained, and nothing that is gone', (_, names, explained) => {
    expect(Object.keys(explained).sort()).toEqual(names.map(String).sort());
  });
});

test('the PC says what it lacks and what it has only in part, each with the reason', () => {
  const unexplained = [...pc.processor, ...pc.devices, ...pc.loaders].filter(
    ({ support, note }) => support !== 'supported' && note === null,
  );
  expect(unexplained).toEqual([]);
  expect(pc.processor.filter(({ support }) => support === 'absent').length).toBeGreaterThan(0);
});

test('every remark of the tables is said in Japanese', () => {
  const figures = [...s370.channelFigures, ...s370.devices.flatMap((device) => device.figures)];
  const computed = [...figures, ...s370.costs, ...cp.paths, ...s370.models.map((m) => m.averageInstruction)];
  const remarks = [
    ...instructions.flatMap(({ conditionCodes, partial }) => [...(conditionCodes ?? []), partial]),
    ...s370.assignedStorage.map(({ name }) => name),
    ...s370.channels.flatMap(({ name, note }) => [name, note]),
    ...s370.devices.flatMap(({ name, simplified, commands }) => [
      ...[name, ...simplified],
      ...commands.map(({ note }) => note),
    ]),
    ...cp.diagnose.flatMap(({ name, note }) => [name, note]),
    ...cp.commands.map(({ note }) => note),
    ...[...pc.processor, ...pc.devices, ...pc.loaders].flatMap(({ name, note }) => [name, note]),
    ...figures.map(({ name }) => name),
    // A published or recalled figure names its manual, which is the same in both languages.
    ...computed.filter(({ certainty }) => /estimate|derived/.test(certainty)).map(({ source }) => source),
  ];
  const untranslated = remarks.filter((text) => text !== null && text !== '--' && notes[text] === undefined);
  expect([...new Set(untranslated)]).toEqual([]);
});
