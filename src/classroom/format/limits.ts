/**
 * How large things from outside may be. Whatever is larger was not made by the student's page, and is refused before
 * it costs memory or time.
 */
export const MOST = {
  /** Bytes of one hand-in. */
  handIn: 8_000_000,
  /** Brackets within brackets: what we write needs nine. */
  depth: 32,
  title: 200,
  name: 120,
  courseKey: 120,
  deadline: 300,
  instructions: 10_000,
  exercises: 100,
  chapters: 50,
  answers: 200,
  answer: 10_000,
  files: 50,
  file: 262_144,
  inputs: 20_000,
  input: 10_000,
  constants: 500,
  checks: 200,
  /** A lab's state in an address. */
  fragment: 16_000,
} as const;
