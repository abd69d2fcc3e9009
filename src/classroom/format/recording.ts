/** The shape that a recording from outside must have before anybody looks into it. */
import { z } from 'zod';
import { DAMAGES, type Input, type Setup } from '../../protocol/frame.ts';
import type { Recording } from '../../protocol/session.ts';
import { chapter, wholeNumber, word } from './fields.ts';
import { MOST } from './limits.ts';

const name = z.string().regex(/^[\w .:#+-]{1,80}$/, 'not a name');
const source = z.string().max(MOST.file);

/** At most so many entries of a record. */
const few = (most: number) => (record: object) => Object.keys(record).length <= most;

const setup = z.strictObject({
  workload: word,
  technique: word,
  source: source.nullable(),
  constants: z.record(name, z.number().min(0)).refine(few(MOST.constants), 'too many'),
  seed: z.int(),
  options: z
    .record(name, z.union([z.number(), z.boolean()]))
    .refine(few(MOST.constants), 'too many')
    .exactOptional(),
  pieces: z.record(name, source).refine(few(MOST.files), 'too many').exactOptional(),
}) satisfies z.ZodType<Setup>;

const text = z.string().max(MOST.input);
const byte = z.int().min(0).max(255);

const input = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('type'), terminal: name, text }),
  z.strictObject({ kind: z.literal('keys'), terminal: name, text }),
  z.strictObject({ kind: z.literal('attention'), terminal: name }),
  z.strictObject({ kind: z.literal('interrupt-key') }),
  z.strictObject({ kind: z.literal('restart') }),
  z.strictObject({ kind: z.literal('machine-check'), damage: z.enum(DAMAGES) }),
  z.strictObject({
    kind: z.literal('store'),
    address: wholeNumber.max(0xffff_ffff),
    bytes: z.array(byte).max(MOST.input),
  }),
  z.strictObject({
    kind: z.literal('set-register'),
    register: wholeNumber.max(255),
    value: z.int().min(-0x8000_0000).max(0xffff_ffff),
  }),
  z.strictObject({ kind: z.literal('cards'), text: source }),
]) satisfies z.ZodType<Input>;

const inOrder = (inputs: readonly { readonly at: number }[]): boolean =>
  inputs.every(({ at }, i) => i === 0 || at >= inputs[i - 1]!.at);

export const recording = z.strictObject({
  version: z.literal(1),
  lab: chapter,
  setup,
  inputs: z
    .array(z.strictObject({ at: wholeNumber, input }))
    .max(MOST.inputs)
    .refine(inOrder, 'not in the order of time'),
  clock: wholeNumber,
}) satisfies z.ZodType<Recording>;
