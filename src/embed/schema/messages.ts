/**
 * What a widget and the page around it tell each other: one schema for both ends, the published types and the
 * documentation. Every message is an envelope of `source`, `v`, `id` and `type` with the fields of its type.
 */
import * as z from 'zod/mini';
import { VERSION, type NoticeType, type RequestType } from './names.ts';

z.config({ jitless: true });

const cycles = z.int().check(z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER));
/** How far a step goes: one instruction, over a trap and all that serves it, or to the next transfer of control. */
const stride = z._default(z.enum(['instruction', 'over', 'transfer']), 'instruction');

/** From the page to the widget. Each is answered under its `id`, by `state` or by `error`. */
export const REQUESTS = {
  play: {
    speed: z.optional(z.union([z.literal('full'), z.int().check(z.minimum(1), z.maximum(1_000_000_000))])),
  },
  pause: {},
  step: { stride },
  back: { stride: z._default(z.enum(['instruction', 'transfer']), 'instruction') },
  seek: { clock: cycles },
  reset: {},
  load: {
    workload: z.optional(z.string()),
    technique: z.optional(z.string()),
    /** Source of the guest; null is the workload's own. */
    program: z.optional(z.nullable(z.string())),
    constants: z.optional(z.record(z.string(), z.number())),
    seed: z.optional(z.int()),
  },
  getState: {},
  setState: { fragment: z.string() },
} as const satisfies Record<RequestType, z.core.$ZodLooseShape>;

/** From the widget to the page. `id` is that of the request which is answered, or null. */
export const NOTICES = {
  ready: {
    versions: z.array(z.int()),
    lab: z.string(),
    widget: z.string(),
    lang: z.string(),
  },
  resize: { height: z.int() },
  state: {
    clock: cycles,
    instructions: cycles,
    running: z.boolean(),
    /** off, running, paused, wait, breakpoint, limit or check. */
    stop: z.string(),
    workload: z.string(),
    technique: z.string(),
    /** Stands for the whole state; in answers to getState and setState. */
    fragment: z.nullable(z.string()),
  },
  step: {
    clock: cycles,
    layer: z.string(),
    level: z.int(),
    reason: z.string(),
    /** What happened, in the language of the widget. */
    words: z.string(),
  },
  /** An exercise was checked: so many of its checks passed. */
  task: { exercise: z.string(), passed: z.boolean(), done: z.int(), of: z.int() },
  progress: { phase: z.enum(['starting', 'comparing']), done: z.number(), of: z.number() },
  error: {
    code: z.enum(['version', 'type', 'fields', 'option', 'state', 'source', 'engine']),
    message: z.string(),
    versions: z.array(z.int()),
  },
} as const satisfies Record<NoticeType, z.core.$ZodLooseShape>;

const ENVELOPE = {
  source: z.literal('strata'),
  v: z.literal(VERSION),
  id: z.nullable(z.union([z.string(), z.number()])),
};

type Shapes = typeof REQUESTS | typeof NOTICES;
const whole = (type: string, fields: z.core.$ZodLooseShape) =>
  z.object({ ...ENVELOPE, type: z.literal(type), ...fields });

/** The complete messages of one direction, by type. */
export const messagesOf = (shapes: Shapes): Readonly<Record<string, z.ZodMiniObject>> =>
  Object.fromEntries(Object.entries(shapes).map(([type, fields]) => [type, whole(type, fields)]));

type Fields<Shape extends z.core.$ZodLooseShape> = z.output<z.ZodMiniObject<Shape>>;
type Union<All extends Readonly<Record<string, z.core.$ZodLooseShape>>> = {
  [Type in keyof All]: { readonly type: Type } & Readonly<Fields<All[Type]>>;
}[keyof All];

export type MessageId = string | number | null;
/** What is told, without its envelope. */
export type Request = Union<typeof REQUESTS>;
export type Notice = Union<typeof NOTICES>;

const requests = messagesOf(REQUESTS);

export type Heard =
  /** Not for us: another library's message. */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'request'; readonly id: MessageId; readonly request: Request }
  | {
      readonly kind: 'refused';
      readonly id: MessageId;
      readonly code: 'version' | 'type' | 'fields';
      readonly message: string;
    };

const isId = (value: unknown): value is MessageId =>
  value === null || typeof value === 'string' || typeof value === 'number';

/** What a message from the page asks, or why it cannot be understood. */
export function hear(data: unknown): Heard {
  if (typeof data !== 'object' || data === null || !('source' in data) || data.source !== 'strata')
    return { kind: 'foreign' };
  const { v, id, type } = data as { readonly v?: unknown; readonly id?: unknown; readonly type?: unknown };
  const refused = (code: 'version' | 'type' | 'fields', message: string): Heard => ({
    kind: 'refused',
    id: isId(id) ? id : null,
    code,
    message,
  });
  if (v !== VERSION)
    return refused('version', `This widget speaks version ${VERSION}, not ${JSON.stringify(v)}.`);
  const schema = typeof type === 'string' && Object.hasOwn(requests, type) ? requests[type] : undefined;
  if (!schema)
    return refused(
      'type',
      `Unknown type ${JSON.stringify(type)}. Known: ${Object.keys(requests).join(', ')}.`,
    );
  const read = schema.safeParse({ id: null, ...data });
  if (!read.success)
    return refused(
      'fields',
      read.error.issues.map(({ path, message }) => `${path.join('.') || 'message'}: ${message}`).join('; '),
    );
  return { kind: 'request', id: isId(id) ? id : null, request: read.data as unknown as Request };
}
