/** How programs share core: what the supervisor asks of a memory discipline. */
import type { System370 } from '../../../machines/s370/system.ts';
import type { Batch, PageStore } from '../page-store.ts';
import type { PathName } from '../paths.ts';
import type { Process } from '../process.ts';
import type { Settings } from '../settings.ts';

/** What a memory discipline asks of the supervisor. */
export interface Kernel {
  readonly system: System370;
  readonly settings: Settings;
  readonly drum: PageStore;
  /** Processes that have not ended. */
  readonly live: readonly Process[];
  process(id: number): Process | null;
  charge(path: PathName, times?: number): void;
  /** What the process waited for in core has come. */
  wake(process: Process): void;
}

export interface Memory {
  /** Whether the process can execute now; if not, what it lacks is sent for where that can be done. */
  ready(process: Process): boolean;
  /** It touched a page that is not in core; it waits for that page. */
  fault(process: Process, page: number): void;
  /** It has used the processor, and leaves it. */
  stayed(process: Process): void;
  /** It waits for its user: its place may be wanted by others. */
  slept(process: Process): void;
  /** A batch that it asked for has been moved. */
  moved(batch: Batch): void;
  /** It has ended. */
  left(process: Process): void;
  save(): unknown;
  restore(state: unknown): void;
}
