/** Real time, as a session needs it and its surroundings give it: a worker, Node, or a test. */
export interface Pace {
  /** Milliseconds since some moment. */
  now(): number;
  /** Lets waiting messages and signals through; with `milliseconds` also waits that long. */
  breathe(milliseconds?: number): Promise<void>;
}
