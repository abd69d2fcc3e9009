/** Real time in a worker. */
import type { Pace } from '../../session/pace.ts';

/** A message to itself takes its turn behind the page's messages, at once and unthrottled. */
export function workerPace(): Pace {
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
