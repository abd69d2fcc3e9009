/** The worker's entry: finds the chapters' worlds and exercises and serves the page that started it. */
import type { Exercise } from '../lab/exercise.ts';
import type { WorldFactory } from '../lab/world.ts';
import type { Port } from './channel.ts';
import { workerPace } from './host/pace.ts';
import { serve } from './host/serve.ts';

const WORLDS = import.meta.glob<WorldFactory>('/labs/[0-9]*/world.ts', { import: 'default' });
const EXERCISES = import.meta.glob<Exercise>('/labs/[0-9]*/exercises/*/grade.ts', { import: 'default' });

async function factoryOf(lab: string): Promise<WorldFactory> {
  const load = WORLDS[`/labs/${lab}/world.ts`];
  if (!load) throw new Error(`no lab ${lab}`);
  return load();
}

async function exerciseOf(name: string): Promise<Exercise> {
  const [lab, folder] = name.split('/');
  const load = EXERCISES[`/labs/${lab}/exercises/${folder}/grade.ts`];
  if (!load) throw new Error(`no exercise ${name}`);
  return load();
}

serve(globalThis as unknown as Port, workerPace(), { factoryOf, exerciseOf });
