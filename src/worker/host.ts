/** The worker's entry: finds the chapters' worlds and serves the page that started it. */
import type { WorldFactory } from '../lab/world.ts';
import type { Pace } from '../session/pace.ts';
import type { Port } from './channel.ts';
import { serve } from './host/serve.ts';

const WORLDS = import.meta.glob<WorldFactory>('/labs/[0-9]*/world.ts', { import: 'default' });

async function factoryOf(lab: string): Promise<WorldFactory> {
  const load = WORLDS[`/labs/${lab}/world.ts`];
  if (!load) throw new Error(`no lab ${lab}`);
  return load();
}

/** A message to itself takes its turn behind the page's messages, at once and unthrottled. */
function workerPace(): Pace {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return {
    now: () => performance.now(),
    breathe: (milliseconds) =>
      new Promise((resolve) => {
        if (milliseconds !== undefined) {
          setTimeout(resolve, milliseconds);
          return;
        }
        waiting.push(resolve);
        port2.postMessage(null);
      }),
  };
}

serve(globalThis as unknown as Port, workerPace(), factoryOf);
