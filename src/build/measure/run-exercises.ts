// Prints the first variant of every exercise as JSON: what a page without JavaScript shows. Started by ../figures.ts.
import type { Exercise } from '../../lab/exercise.ts';
import type { FirstVariant } from '../../site/figures.ts';

const exercises = import.meta.glob<Exercise>('/labs/[0-9]*/exercises/*/grade.ts', { import: 'default' });

export async function main(): Promise<number> {
  const entries = await Promise.all(
    Object.entries(exercises).map(async ([path, load]) => {
      const [, , lab = '', , folder = ''] = path.split('/');
      const exercise = await load();
      return [`${lab}/${folder}`, { kind: exercise.kind, values: exercise.variant(1).values }] as const;
    }),
  );
  const all: Readonly<Record<string, FirstVariant>> = Object.fromEntries(entries);
  process.stdout.write(JSON.stringify(all));
  return 0;
}
