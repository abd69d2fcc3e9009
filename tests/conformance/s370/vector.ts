/** A case and what came of it, in the form in which both are kept: one line of JSON each, compressed by group. */
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Reason } from './reasons.ts';

/** Register number or hexadecimal address → hexadecimal contents. */
export type Patches = Readonly<Record<string, string>>;

/** What of the outcome is left out of the comparison: unpredictable by the manual. */
export interface Unpredictable {
  readonly gr?: readonly number[];
  readonly fpr?: readonly number[];
  /** Address and length. */
  readonly storage?: readonly (readonly [number, number])[];
  readonly cc?: true;
  /** Bytes of a page: the translation-exception address tells no more than the page. */
  readonly page?: number;
  /** Instruction-length code; the address that the old PSW stands for is compared without it. */
  readonly ilc?: true;
}

/** `completed`: by the harness's own SVC behind the instruction or where the branch landed. */
export type Ending = 'completed' | 'svc' | 'program';

/** State before one instruction, as differences from the background. */
export interface Before {
  readonly mnemonic: string;
  /** The instruction, at the address in the PSW. */
  readonly instruction: string;
  readonly psw: string;
  readonly gr?: Patches;
  readonly fpr?: Patches;
  readonly cr?: Patches;
  readonly storage?: Patches;
  /** Storage keys of the keyed blocks, two digits each. */
  readonly keys?: string;
}

/** State after it, as differences from the state before. */
export interface After {
  readonly ending: Ending;
  /** Old PSW of the interruption that ended the case; when completed, the PSW then in force. */
  readonly psw: string;
  readonly gr?: Patches;
  readonly fpr?: Patches;
  readonly cr?: Patches;
  readonly storage?: Patches;
  /** Keys with reference and change bits, where the case asks for them. */
  readonly keys?: string;
}

export interface Vector extends Before {
  readonly after: After;
  readonly unpredictable?: Unpredictable;
  /** Why something is left out, or why the expectation is the manual's and not the recorded one. */
  readonly why?: Reason;
}

export const writeVectors = (vectors: readonly Vector[]): Buffer =>
  gzipSync(vectors.map((v) => JSON.stringify(v)).join('\n'), { level: 9 });

export const readVectors = (file: Buffer): Vector[] =>
  gunzipSync(file)
    .toString()
    .split('\n')
    .map((line) => JSON.parse(line) as Vector);

export const hex = (value: number, digits: number): string =>
  (value >>> 0).toString(16).padStart(digits, '0');
