/** A thread of `strata compare`: the bundle of the command itself, which runs races when it finds it was spawned. */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { Measurement } from '../../protocol/session.ts';
import { compare } from '../../session/compare.ts';
import { nodePace } from '../pace.ts';
import { factoryOf } from '../worlds.ts';

const TASK = 'strata compare';

/** One workload under one technique. */
export interface Heat {
  readonly lab: string;
  readonly workload: string;
  readonly technique: string;
}

export async function run({ lab, workload, technique }: Heat): Promise<Measurement> {
  const results: Measurement[] = [];
  const engine = { factory: await factoryOf(lab), pace: nodePace };
  await compare(
    engine,
    null,
    workload,
    [technique],
    () => false,
    (each) => results.push(each),
  );
  return results[0]!;
}

if (!isMainThread && workerData === TASK && parentPort) {
  const port = parentPort;
  port.on('message', (heat: Heat) => {
    run(heat).then(
      (measurement) => port.postMessage(measurement),
      (error: unknown) => {
        // Ends the thread with the reason: whoever waits hears it.
        setImmediate(() => {
          throw error;
        });
      },
    );
  });
}

export interface Runner {
  run(heat: Heat): Promise<Measurement>;
  end(): void;
}

export function spawnRunner(): Runner {
  const worker = new Worker(new URL(import.meta.url), { workerData: TASK });
  return {
    run: (heat) =>
      new Promise((resolve, reject) => {
        const done = (): void => {
          worker.off('message', answer).off('error', fail);
        };
        const answer = (measurement: Measurement): void => {
          done();
          resolve(measurement);
        };
        const fail = (error: unknown): void => {
          done();
          reject(error instanceof Error ? error : new Error(String(error)));
        };
        worker.on('message', answer).on('error', fail).postMessage(heat);
      }),
    end: () => void worker.terminate(),
  };
}
