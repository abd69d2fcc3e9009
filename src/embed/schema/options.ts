/**
 * The options of a widget, as they stand in the query of its address or as attributes of the element: the one source of
 * what is accepted, of the published types, and of the documentation.
 */
import * as z from 'zod/mini';
import { nearest } from '../../base/nearest.ts';
import { CONTROLS, HIDEABLE, LOCKABLE } from '../../ui/lab/host.ts';
import { PANELS } from '../../ui/lab/panels.ts';
import { OPTION_NAMES, THEMES, type OptionName } from './names.ts';

// Compiled checks would need eval, which strict pages forbid.
z.config({ jitless: true });

/** What an option takes, for forms, complaints and documentation. */
export type Takes =
  | { readonly kind: 'flag' | 'name' }
  | { readonly kind: 'one' | 'list'; readonly names: readonly string[] }
  | { readonly kind: 'whole'; readonly least: number; readonly most: number; readonly or?: string };

interface Option<Schema extends z.ZodMiniType = z.ZodMiniType> {
  /** Reads the text of an address. */
  readonly schema: Schema;
  readonly takes: Takes;
}
const option = <Schema extends z.ZodMiniType>(schema: Schema, takes: Takes): Option<Schema> => ({
  schema,
  takes,
});

type Names = readonly [string, ...string[]];
const one = <const Given extends Names>(names: Given) => option(z.enum(names), { kind: 'one', names });

/** Names with commas between. */
const list = <const Given extends Names>(names: Given) => {
  const split = z.transform((text: string) => text.split(',').map((each) => each.trim()));
  return option(z.pipe(z.pipe(z.string(), split), z.array(z.enum(names))), { kind: 'list', names });
};

/** Present without a value means yes. */
const flag = option(z.stringbool({ truthy: ['', '1', 'true', 'yes'], falsy: ['0', 'false', 'no'] }), {
  kind: 'flag',
});

const digits = z.pipe(
  z.string().check(z.regex(/^\d{1,15}$/)),
  z.transform((text: string) => Number(text)),
);
const inRange = (least: number, most: number) =>
  z.pipe(digits, z.int().check(z.minimum(least), z.maximum(most)));
const whole = (least: number, most: number) => option(inRange(least, most), { kind: 'whole', least, most });

/** Named by the lab: which there are is known when it starts. */
const name = option(z.string().check(z.regex(/^[\w-]{1,60}$/)), { kind: 'name' });

const FASTEST = 1_000_000_000;

export const OPTIONS = {
  lang: one(['en', 'ja']),
  theme: one(THEMES),
  controls: one(CONTROLS),
  readonly: flag,
  panels: list(PANELS),
  autoplay: flag,
  paused: flag,
  t: whole(0, 999_999_999_999_999),
  speed: option(z.union([z.literal('full'), inRange(1, FASTEST)]), {
    kind: 'whole',
    least: 1,
    most: FASTEST,
    or: 'full',
  }),
  seed: whole(0, 2 ** 31 - 1),
  lock: list(LOCKABLE),
  hide: list(HIDEABLE),
  workload: name,
  technique: name,
} satisfies Record<OptionName, Option>;

/** Options once they are read. */
export type Options = {
  readonly [Name in OptionName]?: z.output<(typeof OPTIONS)[Name]['schema']>;
};

/** What stands wrong in an address. */
export type Problem =
  | { readonly kind: 'unknown'; readonly name: string; readonly nearest: OptionName | null }
  | { readonly kind: 'value'; readonly name: OptionName; readonly value: string }
  | { readonly kind: 'twice'; readonly name: OptionName }
  | { readonly kind: 'contradiction'; readonly names: readonly [OptionName, OptionName] }
  /** The lab has no such workload or technique. */
  | {
      readonly kind: 'choice';
      readonly name: OptionName;
      readonly value: string;
      readonly known: readonly string[];
    };

const nearestOption = (text: string): OptionName | null => {
  const name = nearest(text, OPTION_NAMES);
  return name !== null && isOption(name) ? name : null;
};
const isOption = (text: string): text is OptionName => (OPTION_NAMES as readonly string[]).includes(text);

/** Options that are understood, and a problem for each that is not; what is not understood has no effect. */
export function readOptions(query: string): {
  readonly options: Options;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const found: Record<string, unknown> = {};
  for (const [key, value] of new URLSearchParams(query)) {
    if (!isOption(key)) problems.push({ kind: 'unknown', name: key, nearest: nearestOption(key) });
    else if (key in found) problems.push({ kind: 'twice', name: key });
    else {
      const read = OPTIONS[key].schema.safeParse(value);
      if (read.success) found[key] = read.data;
      else problems.push({ kind: 'value', name: key, value });
    }
  }
  const options = found as Options;
  if (options.autoplay === true && options.paused === true)
    problems.push({ kind: 'contradiction', names: ['autoplay', 'paused'] });
  return { options, problems };
}

/** Options as the query of an address, in the order of their names; empty for none. */
export function toQuery(options: Readonly<Partial<Record<OptionName, string>>>): string {
  const pairs = OPTION_NAMES.flatMap((key) => {
    const value = options[key];
    return value === undefined ? [] : [`${key}=${encodeURIComponent(value).replaceAll('%2C', ',')}`];
  });
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}
