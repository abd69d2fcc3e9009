/** The worker's entry: finds the chapters' worlds and serves the page that started it. */
import type { WorldFactory } from '../lab/world.ts';
import type { Port } from './channel.ts';
import { workerPace } from './host/pace.ts';
import { serve } from './host/serve.ts';

const WORLDS = import.meta.glob<WorldFactory>('/labs/[0-9]*/world.ts', { import: 'default' });

async function factoryOf(lab: string): Promise<WorldFactory> {
  const load = WORLDS[`/labs/${lab}/world.ts`];
  if (!load) throw new Error(`no lab ${lab}`);
  return load();
}

serve(globalThis as unknown as Port, workerPace(), factoryOf);
