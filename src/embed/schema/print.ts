/** Schemas as TypeScript, for the published types and for the documentation. */
import * as z from 'zod/mini';
import { messagesOf, NOTICES, REQUESTS } from './messages.ts';
import { NOTICE_TYPES, OPTION_NAMES, REQUEST_TYPES, VERSION, type OptionName } from './names.ts';
import { OPTIONS } from './options.ts';

type Json = z.core.JSONSchema.JSONSchema;

export function typeOf(schema: Json): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const union = schema.anyOf ?? schema.oneOf;
  if (union) return union.map((each) => typeOf(each)).join(' | ');
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(' | ');
  switch (schema.type) {
    case 'integer':
      return 'number';
    case 'array': {
      const item = typeOf(schema.items as Json);
      return `readonly ${item.includes(' ') ? `(${item})` : item}[]`;
    }
    case 'object':
      return schema.properties
        ? `{ ${fieldsOf(schema)
            .map(({ name, type, optional }) => `${name}${optional ? '?' : ''}: ${type}`)
            .join('; ')} }`
        : `Readonly<Record<string, ${typeOf(schema.additionalProperties as Json)}>>`;
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return schema.type;
    default:
      throw new Error(`no TypeScript for ${JSON.stringify(schema)}`);
  }
}

export interface Field {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  /** What counts when it is left out, if that is said. */
  readonly otherwise: string | null;
}

const fieldsOf = ({ properties = {}, required = [] }: Json): readonly Field[] =>
  Object.entries(properties).map(([name, schema]) => ({
    name,
    type: typeOf(schema as Json),
    optional: !required.includes(name),
    otherwise: (schema as Json).default === undefined ? null : JSON.stringify((schema as Json).default),
  }));

/** Fields of a message beside its envelope. */
function messageFields(shapes: typeof REQUESTS | typeof NOTICES, type: string, io: 'input' | 'output') {
  const schema = messagesOf(shapes)[type];
  if (!schema) throw new Error(`no message ${type}`);
  return fieldsOf(z.toJSONSchema(schema, { io })).filter(
    ({ name }) => !['source', 'v', 'id', 'type'].includes(name),
  );
}
export const requestFields = (type: (typeof REQUEST_TYPES)[number]) => messageFields(REQUESTS, type, 'input');
export const noticeFields = (type: (typeof NOTICE_TYPES)[number]) => messageFields(NOTICES, type, 'output');

/** What an option is once it is read. */
export const optionType = (name: OptionName): string =>
  typeOf(z.toJSONSchema(OPTIONS[name].schema, { io: 'output' }));

const members = (fields: readonly Field[]): string =>
  fields.map(({ name, type, optional }) => `readonly ${name}${optional ? '?' : ''}: ${type};`).join(' ');

/** The declarations that a host's TypeScript can use. */
export function declarations(): string {
  const options = OPTION_NAMES.map((name) => `  readonly ${name}?: ${optionType(name)};`);
  const requests = REQUEST_TYPES.map(
    (type) => `  | { readonly type: '${type}'; ${members(requestFields(type))} }`,
  );
  const notices = NOTICE_TYPES.map(
    (type) => `  | { readonly type: '${type}'; ${members(noticeFields(type))} }`,
  );
  const methods = REQUEST_TYPES.map((type) => {
    const fields = requestFields(type);
    const given = `fields${fields.every(({ optional }) => optional) ? '?' : ''}: { ${members(fields)} }`;
    return `  ${type}(${fields.length === 0 ? '' : given}): Promise<StrataState>;`;
  });
  const events = NOTICE_TYPES.map(
    (type) => `    'strata:${type}': CustomEvent<Extract<StrataNotice, { type: '${type}' }>>;`,
  );
  return `// Types of Strata's widgets: options, messages, and the element <strata-lab>. Generated; version ${VERSION} of the messages.

/** Options of a widget, as they stand in the query of its address or as attributes of the element. */
export interface StrataOptions {
${options.join('\n')}
}

/** Around every message, both ways. \`id\` is the asker's, and stands in the answer; null in what is told unasked. */
export interface StrataEnvelope {
  readonly source: 'strata';
  readonly v: ${VERSION};
  readonly id: string | number | null;
}

/** From the page to the widget. Each is answered under its \`id\`, by \`state\` or by \`error\`. */
export type StrataRequest =
${requests.join('\n')};

/** From the widget to the page. */
export type StrataNotice =
${notices.join('\n')};

export type StrataState = Extract<StrataNotice, { type: 'state' }>;

export interface StrataLabElement extends HTMLElement {
  /** Address of the widget. */
  readonly src: string;
  /** Fetches the widget now instead of when it is seen. */
  start(): void;
${methods.join('\n')}
}

declare global {
  interface HTMLElementTagNameMap {
    'strata-lab': StrataLabElement;
  }
  interface HTMLElementEventMap {
${events.join('\n')}
  }
}
`;
}
