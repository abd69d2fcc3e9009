/** A visitor's own file on its way into a lab: read by the engine step by step, and loaded when it is good. */
import type { Setup } from '../../protocol/frame.ts';
import type { OpenedPart, Session } from '../../protocol/session.ts';

/** What it needs of the lab that the file is for. */
export interface OpeningLab {
  readonly session: Session | null;
  readonly settled: Promise<void>;
  load(change: Partial<Setup>): Promise<void>;
  pause(): Promise<void>;
}

export class Opening {
  phase = $state<'none' | 'opening' | 'opened' | 'refused' | 'cancelled'>('none');
  name = $state('');
  /** From 0 to 1. */
  done = $state(0);
  message = $state('');
  parts = $state.raw<readonly OpenedPart[]>([]);
  private readonly lab: OpeningLab;

  constructor(lab: OpeningLab) {
    this.lab = lab;
  }

  /** Opens the file and loads `workload` with it. */
  async take(file: File, workload: string): Promise<void> {
    if (this.phase === 'opening') return;
    [this.phase, this.name, this.done, this.parts] = ['opening', file.name, 0, []];
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      await this.lab.settled;
      const opened = await this.lab.session?.open(bytes, (done) => (this.done = done));
      if (!opened) this.phase = 'cancelled';
      else if (!opened.ok) this.refuse(opened.message);
      else {
        this.parts = opened.facts;
        await this.lab.load({ workload, image: opened.image });
        this.phase = 'opened';
      }
    } catch (error) {
      this.refuse(error instanceof Error ? error.message : String(error));
    }
  }

  refuse(message: string): void {
    [this.phase, this.message] = ['refused', message];
  }

  /** `pause` ends it, as it does any long command. */
  cancel(): Promise<void> {
    return this.lab.pause();
  }
}
