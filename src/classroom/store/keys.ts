/** Keys of records. A scope is the id of an assignment, or `self` for exercises done without one. */
import type { Kind } from './kept.ts';

export const keyOf = {
  source: (lab: string, workload: string) => `source/${lab}/${workload}`,
  work: (scope: string, exercise: string, seed: number) => `work/${scope}/${exercise}/${seed}`,
  seed: (scope: string, exercise: string) => `seed/${scope}/${exercise}`,
  assignment: (id: string) => `assignment/${id}`,
  draft: () => 'draft/assignment',
} as const satisfies Record<Kind, (...parts: never[]) => string>;

/** A version that lost against another tab's, or an import's; kept until it is deleted. */
export const copyOf = (key: string, saved: string): string => `${key}~${saved}`;

export const kindOf = (key: string): Kind | null => {
  const [kind = ''] = key.split('/', 1);
  return Object.hasOwn(keyOf, kind) ? (kind as Kind) : null;
};
