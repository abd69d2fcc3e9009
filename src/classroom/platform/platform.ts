/** A learning platform as the student's page sees it, whichever standard it speaks. */

export interface Progress {
  /** Exercises solved, of all in the assignment. */
  readonly solved: number;
  readonly all: number;
  /** The student has handed in: nothing more is expected. */
  readonly handedIn: boolean;
}

export const isPassed = ({ solved, all }: Progress): boolean => all > 0 && solved === all;

export interface Platform {
  /** The learner's name as the platform knows it, or ''. */
  readonly learner: string;
  /** What `report` was given in an earlier session, or ''. */
  readonly resumed: string;
  /** Characters that the platform keeps between sessions. */
  readonly room: number;
  /** Tells how far the work is; rejects with words when the platform refuses. */
  report(progress: Progress, resume: string): Promise<void>;
  /** Ends the session. Nothing may be reported after that. */
  end(): Promise<void>;
}
