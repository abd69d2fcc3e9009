// The translator's page says of each rule what the translator does by it.
import { expect, test } from 'vitest';
import { assembleIa32 } from '../../assembler/ia32/assemble.ts';
import { Cpu } from '../../machines/pc/cpu.ts';
import { decode } from '../../machines/pc/instructions/decode.ts';
import { PhysicalMemory } from '../../machines/pc/memory.ts';
import { DEFAULT_MODEL } from '../../machines/pc/models.ts';
import { ruleFor, RULES } from '../../monitors/translator/rules.ts';
import { sourceOf } from '../../monitors/translator/translate.ts';
import { translationWords } from '../../site/reference/translation-words.ts';
import { collectTranslation } from './translation.ts';

const { rules, prologue, state } = collectTranslation();

test('every rule’s example is translated by that rule and no earlier one', () => {
  const cpu = new Cpu(DEFAULT_MODEL, new PhysicalMemory(0x100000));
  for (const rule of RULES) {
    const { segments } = assembleIa32(`org 0x10000\nl: ${rule.example}`, { file: rule.example });
    const bytes = [...segments[0]!.bytes];
    const decoded = decode((k) => bytes[k] ?? -1, true, cpu)!;
    const source = { ...sourceOf(cpu, { decoded, bytes }, 0x10000), codeLimit: 0xffffffff };
    expect(ruleFor(source)?.instructions, rule.example).toBe(rule.instructions);
  }
});

test('the page has the rules in order, with the code that they make, and what is copied last', () => {
  expect(rules.map(({ treatment }) => treatment)).toEqual([
    ...RULES.map(({ treatment }) => treatment),
    'identical',
  ]);
  expect(rules.find(({ guest }) => guest === 'cli')?.code).toEqual(['mov dword [gs:0xFFC00000], 0x0']);
  expect(rules.at(-1)).toMatchObject({ guest: 'add eax, ebx', code: ['add eax, ebx'] });
  expect(prologue[0]).toBe('lea ecx, [eax-0x10000]');
});

test('every name and every word of the state is explained in both languages', () => {
  for (const { state: words } of Object.values(translationWords))
    expect(Object.keys(words).sort()).toEqual(state.map(({ name }) => name).sort());
  const { rules: said } = translationWords.ja;
  const inWords = RULES.filter(({ instructions }) => / (?:with|and|of|to|they) /.test(instructions));
  expect(inWords.map(({ instructions }) => said[instructions]).filter((text) => !text)).toEqual([]);
});
