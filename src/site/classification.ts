// What the build found out about both instruction sets by running the classifier: plain data for its page.

export type Situation = 'supervisor' | 'user' | 'relocated' | 'later';
export type Kind = 'control-sensitive' | 'behaviour-sensitive' | 'clock' | 'innocuous';

/** The runs of one state that show what an instruction is. */
export interface Conviction {
  /** The instruction as executed, in assembly. */
  readonly text: string;
  readonly state: string;
  /** `end`: `done`, `trap: WHICH` or `call: WHICH`. */
  readonly runs: readonly { readonly situation: Situation; readonly end: string }[];
  /** Name of a register, flag or storage, and its value after each of the runs. */
  readonly differences: readonly { readonly name: string; readonly values: readonly string[] }[];
}

export interface ClassifiedEntry {
  readonly opcode: string;
  readonly mnemonic: string;
  /** In the manual's words. */
  readonly title: string;
  readonly operands: string;
  readonly privileged: boolean;
  readonly kind: Kind;
  /** Sensitive and not privileged. */
  readonly violates: boolean;
  readonly conviction: Conviction | null;
}

export interface ClassifiedMachine {
  readonly id: 's370' | 'ia32';
  readonly instructions: readonly ClassifiedEntry[];
  /** Violators under the names of the published lists, which put several rows of the opcode table together. */
  readonly listed: readonly string[];
  /** States in which each instruction was executed. */
  readonly trials: number;
}

export type Classification = readonly ClassifiedMachine[];
