/**
 * What passes between a package's launch page, which speaks to the learning platform, and the assignment's page in its
 * frame, which is on another origin. Versioned; each side takes messages from the other's window and origin only.
 */
import type { Progress } from '../platform/platform.ts';

const VERSION = 1;

/** From the assignment's page. */
export type FromAssignment =
  | { readonly type: 'hello' }
  | { readonly type: 'report'; readonly progress: Progress; readonly resume: string }
  | { readonly type: 'end' };

/** From the launch page. */
export type FromLaunch =
  | { readonly type: 'welcome'; readonly learner: string; readonly resumed: string; readonly room: number }
  | { readonly type: 'refused'; readonly message: string };

export const sealed = <Message extends FromAssignment | FromLaunch>(message: Message) => ({
  strata: VERSION,
  ...message,
});

const isSealed = (data: unknown): data is { readonly type: unknown } & Readonly<Record<string, unknown>> =>
  typeof data === 'object' && data !== null && 'strata' in data && data.strata === VERSION && 'type' in data;

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0;

/** A message of the assignment's page, or null where `data` is none. */
export function fromAssignment(data: unknown): FromAssignment | null {
  if (!isSealed(data)) return null;
  const { type, progress, resume } = data;
  if (type === 'hello' || type === 'end') return { type };
  if (type !== 'report' || typeof resume !== 'string' || typeof progress !== 'object' || progress === null)
    return null;
  const { solved, all, handedIn } = progress as Readonly<Record<string, unknown>>;
  if (!isCount(solved) || !isCount(all) || solved > all || typeof handedIn !== 'boolean') return null;
  return { type, progress: { solved, all, handedIn }, resume };
}

/** A message of the launch page, or null where `data` is none. */
export function fromLaunch(data: unknown): FromLaunch | null {
  if (!isSealed(data)) return null;
  const { type, learner, resumed, room, message } = data;
  if (type === 'refused' && typeof message === 'string') return { type, message };
  if (type !== 'welcome' || typeof learner !== 'string' || typeof resumed !== 'string' || !isCount(room))
    return null;
  return { type, learner, resumed, room };
}
