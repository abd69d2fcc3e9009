/**
 * An assignment as the fragment of an address: `#a=VERSION.DATA.CHECKSUM`. The fragment never reaches a server. The
 * checksum catches what mail programs do to long addresses; a newer version says so instead of failing strangely.
 */
import { packText, unpackText } from '../../protocol/packed.ts';
import { ASSIGNMENT_VERSION, assignmentSchema, assignmentText, type Assignment } from './assignment.ts';
import { checksum } from './checksum.ts';

export type AssignmentRead =
  | { readonly kind: 'ok'; readonly assignment: Assignment }
  /** There is none in the address. */
  | { readonly kind: 'none' }
  /** Cut off, mistyped or altered. */
  | { readonly kind: 'damaged' }
  /** Made by a later edition of the site. */
  | { readonly kind: 'too-new'; readonly version: number }
  /** Readable, but not an assignment: `where` says which part. */
  | { readonly kind: 'invalid'; readonly where: string };

/** Digits of the checksum that the link carries. */
const CHECKED = 8;

export function assignmentFragment(assignment: Assignment): string {
  const data = packText(assignmentSchema.parse(assignment));
  return `#a=${ASSIGNMENT_VERSION}.${data}.${checksum(data).slice(0, CHECKED)}`;
}

export function readFragment(fragment: string): AssignmentRead {
  if (!fragment.startsWith('#a=')) return { kind: 'none' };
  const [, version = '', data = '', check = ''] = /^#a=(\d{1,6})\.([\w-]*)\.?(\w*)/.exec(fragment) ?? [];
  if (Number(version) > ASSIGNMENT_VERSION) return { kind: 'too-new', version: Number(version) };
  if (version === '' || check !== checksum(data).slice(0, CHECKED)) return { kind: 'damaged' };
  try {
    return readAssignment(unpackText(data));
  } catch {
    return { kind: 'damaged' };
  }
}

/** What a file or a package holds. */
export function readAssignment(value: unknown): AssignmentRead {
  const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : null;
  if (typeof version === 'number' && version > ASSIGNMENT_VERSION) return { kind: 'too-new', version };
  const read = assignmentSchema.safeParse(value);
  if (read.success) return { kind: 'ok', assignment: read.data };
  const [issue] = read.error.issues;
  return { kind: 'invalid', where: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` };
}

/** What a person gives as the assignment: its link, its fragment, or its file's text. */
export function readAssignmentText(text: string): AssignmentRead {
  const at = text.indexOf('#a=');
  if (at >= 0 && !text.trimStart().startsWith('{')) return readFragment(text.slice(at).trim());
  try {
    return readAssignment(JSON.parse(text));
  } catch {
    return { kind: 'damaged' };
  }
}

/** Names an assignment in hand-ins and in this browser's storage. */
export const assignmentId = (assignment: Assignment): string => checksum(assignmentText(assignment));
