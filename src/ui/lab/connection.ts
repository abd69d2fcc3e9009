/** How a page gets a running lab: a session, the lab's exercises, and the means to end it. */
import type { Grading } from '../../protocol/exercise.ts';
import type { Session } from '../../protocol/session.ts';

export interface Connection {
  readonly session: Session;
  readonly grading: Grading;
  dispose(): void;
}

export type Connect = (lab: string) => Promise<Connection>;

/** What the simulated machines need of a browser. */
export const canRun = (): boolean => typeof Worker === 'function' && typeof WebAssembly === 'object';
