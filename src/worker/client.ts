/** A lab whose engine runs in a worker of its own, loaded from the site's files. */
import { connectWorker, type Connection } from './client/wire.ts';

export const connect = (lab: string): Promise<Connection> =>
  connectWorker(new Worker(new URL('./host.ts', import.meta.url), { type: 'module', name: lab }), lab);
