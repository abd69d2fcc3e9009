/** Classifies every instruction of a machine by experiment. */
import { seededRandom } from '../base/random.ts';
import { IA32_INSTRUCTIONS } from '../machines/pc/instructions/table.ts';
import type { Model } from '../machines/pc/models/classes.ts';
import { S370_INSTRUCTIONS } from '../machines/s370/instructions/table.ts';
import { Ia32Laboratory, undefinedEverywhere as notOfIa32 } from './ia32/laboratory.ts';
import { stateFor as ia32State } from './ia32/states.ts';
import { judge, kindOf, violates, type Evidence, type Kind, type Trial, type Verdict } from './judge.ts';
import { S370Laboratory, undefinedEverywhere as notOfS370 } from './s370/laboratory.ts';
import { stateFor as s370State } from './s370/states.ts';

/** What one row of an instruction table turned out to be. */
export interface Classified {
  readonly opcode: string;
  readonly mnemonic: string;
  readonly title: string;
  /** As the table has them. */
  readonly operands: string;
  readonly privileged: boolean;
  readonly sensitive: boolean;
  readonly kind: Kind;
  /** Sensitive and not privileged: classic trap-and-emulate fails on it. */
  readonly violates: boolean;
  /** What convicts it, for whatever reasons there are; the trap that makes it privileged. */
  readonly evidence: Readonly<Record<'control' | 'mode' | 'location' | 'clock' | 'trap', Evidence | null>>;
  /** States generated, and those in which it could be executed. */
  readonly trials: number;
  readonly informative: number;
}

/** States for each instruction: enough that rare operands come up, few enough to wait for. */
const STATES = 48;
const SEED = 1974;

interface Named {
  readonly opcode: string;
  readonly mnemonic: string;
  readonly title: string;
  readonly operands: string;
}

const classified = (row: Named, trials: number, verdict: Verdict): Classified => ({
  opcode: row.opcode,
  mnemonic: row.mnemonic,
  title: row.title,
  operands: row.operands,
  privileged: verdict.privileged,
  sensitive: (verdict.control ?? verdict.mode ?? verdict.location) !== null,
  kind: kindOf(verdict),
  violates: violates(verdict),
  evidence: {
    control: verdict.control,
    mode: verdict.mode,
    location: verdict.location,
    clock: verdict.clock,
    trap: verdict.trap,
  },
  trials,
  informative: verdict.informative,
});

/** The strongest reason there is for what an instruction was found to be. */
export const reasonOf = ({ evidence }: Classified): Evidence | null =>
  evidence.mode ?? evidence.location ?? evidence.control ?? evidence.clock ?? evidence.trap;

/** Told after each instruction how many of how many are done. */
export type Progress = (done: number, all: number) => void;

function experiments<Row, State>(
  rows: readonly Row[],
  name: (row: Row) => Named,
  stateFor: (row: Row, random: ReturnType<typeof seededRandom>) => State,
  trial: (state: State) => Trial,
  absent: (trials: readonly Trial[]) => boolean,
  progress: Progress,
): Classified[] {
  return rows.flatMap((row, i) => {
    const random = seededRandom(SEED + i);
    const trials = Array.from({ length: STATES }, () => trial(stateFor(row, random)));
    progress(i + 1, rows.length);
    return absent(trials) ? [] : [classified(name(row), trials.length, judge(trials))];
  });
}

const NOBODY: Progress = () => undefined;

/** The instructions of an IA-32 processor; those it does not have are left out. */
export function classifyIa32(model: Model, progress = NOBODY): Classified[] {
  const laboratory = new Ia32Laboratory(model);
  return experiments(
    IA32_INSTRUCTIONS.filter(({ alias }) => alias !== true),
    ({ opcode, mnemonic, title, operands }) => ({ opcode, mnemonic, title, operands: operands.join(',') }),
    ia32State,
    (state) => laboratory.trial(state),
    notOfIa32,
    progress,
  );
}

/** The instructions of System/370. */
export function classifyS370(progress = NOBODY): Classified[] {
  const laboratory = new S370Laboratory();
  return experiments(
    S370_INSTRUCTIONS,
    ({ opcode, mnemonic, title, operands }) => ({
      opcode: opcode.toString(16).toUpperCase().padStart(2, '0'),
      mnemonic,
      title,
      operands,
    }),
    s370State,
    (state) => laboratory.trial(state),
    notOfS370,
    progress,
  );
}
