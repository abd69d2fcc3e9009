// What the reference prints of the translator: its rules in order, each with the code that it makes of one instruction.
import { assembleIa32 } from '../../assembler/ia32/assemble.ts';
import { DEFAULT_MODEL } from '../../machines/pc/models.ts';
import * as layout from '../../monitors/translator/layout.ts';
import { RULES } from '../../monitors/translator/rules.ts';
import { MOST_INSTRUCTIONS } from '../../monitors/translator/translate.ts';
import type { TranslationReference, TranslationRule } from '../../site/reference/data.ts';
import { translatedSnippet, type UnitView } from '../../worlds/pc/translation-view.ts';

/** Words of the state by the names that the page's words explain. */
const STATE: readonly (readonly [name: string, offset: number])[] = [
  ['flags', layout.FLAGS],
  ['pending', layout.PENDING],
  ['eax', layout.SAVED_EAX],
  ['ecx', layout.SAVED_ECX],
  ['savedFlags', layout.SAVED_FLAGS],
  ['control', layout.CONTROL],
  ['ldtr', layout.LDTR],
  ['tr', layout.TR],
  ['loaded', layout.LOADED],
  ['globalTable', layout.GLOBAL_TABLE],
  ['sources', layout.SOURCES],
  ['usable', layout.USABLE],
  ['hash', layout.HASH],
  ['cache', layout.CACHE],
];

function unitOf(instruction: string): UnitView {
  const { segments, diagnostics } = assembleIa32(`org 0x10000\nl: ${instruction}`, { file: instruction });
  const unit = segments[0] && translatedSnippet(DEFAULT_MODEL, segments[0].bytes)[0];
  if (!unit?.guest[0])
    throw new Error(`${instruction} has no translation: ${diagnostics.map((d) => d.message).join(' ')}`);
  return unit;
}

function ruleOf(instructions: string, example: string): TranslationRule {
  const { guest, code } = unitOf(example);
  const { treatment, text, from, to } = guest[0]!;
  return { instructions, treatment, guest: text, code: code.slice(from, to).map((line) => line.text) };
}

/** What no rule names is copied. */
const REST = 'add eax, ebx';

export function collectTranslation(): TranslationReference {
  const { guest, code } = unitOf(REST);
  return {
    rules: [...RULES.map((rule) => ruleOf(rule.instructions, rule.example)), ruleOf('', REST)],
    prologue: code.slice(0, guest[0]!.from).map(({ text }) => text),
    state: STATE.map(([name, offset]) => ({ address: layout.linear(offset) >>> 0, name })),
    most: MOST_INSTRUCTIONS,
  };
}
