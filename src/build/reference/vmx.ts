// What the reference prints of VT-x: the tables that the processor goes by.
import type { Model } from '../../machines/pc/models/classes.ts';
import { MODELS } from '../../machines/pc/models.ts';
import { allowedControls, ENTRY, EXIT, PIN, PRIMARY, SECONDARY } from '../../machines/pc/vmx/controls.ts';
import { FIELDS, kindOf, widthOf } from '../../machines/pc/vmx/fields.ts';
import { EXIT_REASONS, INSTRUCTION_ERRORS } from '../../machines/pc/vmx/reasons.ts';
import { CONTROL_RULES } from '../../machines/pc/vmx/rules-controls.ts';
import { GUEST_RULES, LINK_RULE } from '../../machines/pc/vmx/rules-guest.ts';
import { HOST_RULES } from '../../machines/pc/vmx/rules-host.ts';
import type { Rule } from '../../machines/pc/vmx/rules.ts';
import type { ControlWord, VmxReference } from '../../site/reference/data.ts';

const WORDS: Readonly<Record<ControlWord, Readonly<Record<string, number>>>> = {
  pin: PIN,
  primary: PRIMARY,
  secondary: SECONDARY,
  exit: EXIT,
  entry: ENTRY,
};

const allowing = (word: ControlWord, bit: number): Model | undefined =>
  MODELS.find(
    ({ vmx, features }) => vmx !== null && (allowedControls(new Set(features))[word].may & bit) !== 0,
  );

const numbered = <Text>(table: Readonly<Record<number, Text>>): readonly (readonly [number, Text])[] =>
  Object.entries(table).map(([number, text]) => [Number(number), text]);

const said = (rules: readonly Rule[]): readonly string[] => rules.map(({ says }) => says);

export const collectVmx = (): VmxReference => ({
  exits: numbered(EXIT_REASONS).map(([number, name]) => ({ number, name })),
  errors: numbered(INSTRUCTION_ERRORS).map(([number, says]) => ({ number, says })),
  fields: FIELDS.map(({ name, encoding, needs }) => ({
    encoding,
    name,
    width: widthOf(encoding),
    kind: kindOf(encoding),
    needs: needs ?? null,
  })),
  controls: (Object.keys(WORDS) as ControlWord[]).flatMap((word) =>
    Object.entries(WORDS[word]).map(([name, value]) => ({
      word,
      bit: 31 - Math.clz32(value),
      name,
      since: allowing(word, value)?.name ?? null,
    })),
  ),
  checks: [
    { list: 'controls', says: said(CONTROL_RULES) },
    { list: 'host', says: said(HOST_RULES) },
    { list: 'guest', says: said(GUEST_RULES) },
    { list: 'link', says: said([LINK_RULE]) },
  ],
  costs: MODELS.flatMap(({ name, vmx }) =>
    vmx === null
      ? []
      : [
          {
            model: name,
            entry: vmx.entry.cycles,
            exit: vmx.exit.cycles,
            access: vmx.access.cycles,
            reference: vmx.reference.cycles,
            source: vmx.exit.source,
          },
        ],
  ),
});
