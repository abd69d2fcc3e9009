/**
 * Both instruction sets, classified by experiment, against what has been published. Robin and Irvine (9th USENIX
 * Security Symposium, 2000, section 3) examined the Pentium; their abstract counts 17 instructions, while the list
 * prints 18 mnemonics. Bugnion, Nieh and Tsafrir (Hardware and Software Support for Virtualization, 2017, table 2.2)
 * have one more, IRET.
 */
import { expect, test } from 'vitest';
import { classifyIa32, classifyS370, type Classified } from '../src/classifier/classify.ts';
import { listed } from '../src/classifier/published.ts';
import { PENTIUM } from '../src/machines/pc/models/pentium.ts';

const LIST_2000 = [
  ...['SGDT', 'SIDT', 'SLDT', 'SMSW', 'PUSHF', 'POPF', 'LAR', 'LSL', 'VERR', 'VERW', 'POP (segment)'],
  ...['PUSH (segment)', 'CALL (far)', 'JMP (far)', 'INT n', 'RET (far)', 'STR', 'MOV (segment)'],
];
const LIST_2017 = [...LIST_2000, 'IRET'];

const ia32 = classifyIa32(PENTIUM);
const s370 = classifyS370();

test('the instructions that keep the Pentium from being virtualized are those of the published lists', () => {
  expect(listed(ia32.filter((each) => each.violates))).toEqual(LIST_2017.toSorted());
});

test('on System/370 sensitive instructions are privileged', () => {
  expect(s370.filter((each) => each.violates)).toEqual([]);
});

test('what both machines let any program see is the time', () => {
  const clocks = (found: readonly Classified[]): string[] =>
    found.filter(({ kind, privileged }) => kind === 'clock' && !privileged).map(({ mnemonic }) => mnemonic);
  expect([clocks(s370), clocks(ia32)]).toEqual([['STCK'], ['RDTSC']]);
});

test('the experiment finds the instructions that the manuals call privileged', () => {
  const privileged = s370.filter((each) => each.privileged).map(({ mnemonic }) => mnemonic);
  expect(privileged).toEqual(
    expect.arrayContaining(['LPSW', 'SSM', 'SIO', 'LCTL', 'SSK', 'ISK', 'PTLB', 'LRA']),
  );
  // A stack segment must have the level of the program, so that no state lets both modes load the same one.
  const stacks = ({ mnemonic, operands }: Classified): boolean => mnemonic === 'LSS' || operands === 'SS';
  expect(listed(ia32.filter((each) => each.privileged && !stacks(each)))).toEqual(
    [
      ...['CLI', 'CLTS', 'HLT', 'IN', 'INS', 'INVD', 'INVLPG', 'LGDT', 'LIDT', 'LLDT', 'LMSW', 'LTR', 'MOV'],
      ...['OUT', 'OUTS', 'RDMSR', 'STI', 'WBINVD', 'WRMSR'],
    ].sort(),
  );
});

test('each violator is convicted by two runs of one state that both went on', () => {
  for (const { evidence, violates } of ia32.filter((each) => each.violates)) {
    const pair = evidence.mode ?? evidence.location;
    expect([violates, pair?.runs.length, pair!.differences.length > 0]).toEqual([true, 2, true]);
  }
});

test('every instruction of both machines could be executed in some state', () => {
  const never = [...ia32, ...s370].filter(({ informative }) => informative === 0);
  expect(never.map(({ mnemonic, operands }) => `${mnemonic} ${operands}`)).toEqual([]);
});
