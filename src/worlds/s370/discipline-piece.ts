/** A student's scheduling discipline: JavaScript in the sandbox, in the place of the supervisor's own. */
import type { Diagnostic } from '../../base/diagnostics.ts';
import { PieceFailed } from '../../lab/piece.ts';
import type { Discipline, Placement } from '../../os/timesharing/discipline.ts';
import type { Pieces } from './piece.ts';

/** The name of the piece, and of its file. */
export const DISCIPLINE_PIECE = 'PLACE';
export const DISCIPLINE_FILE = 'discipline.js';

/** Inside the sandbox: the numbers that come back are checked where the student's line numbers are known. */
const API = `(host, given) => ({
  given,
  result: (placement) => {
    const number = (name, value) => {
      if (!Number.isFinite(value)) throw new TypeError(name + ' is no number');
      return value;
    };
    if (!placement) throw new TypeError('place gives nothing: it must return { rank, quantum }');
    const { rank, quantum, patience } = placement;
    const positive = (name, value) => {
      if (!(number(name, value) >= 1)) throw new RangeError(name + ' must be at least one cycle');
      return Math.floor(value);
    };
    return {
      rank: number('rank', rank),
      quantum: quantum === null ? null : positive('quantum', quantum),
      ...(patience === undefined ? {} : { patience: positive('patience', patience) }),
    };
  },
})`;

/** Compiles the discipline; whoever joins at a lower rank preempts. */
export function compileDiscipline({
  sandbox,
  sources,
}: Pieces): Discipline | { readonly problem: Diagnostic } {
  const source = sources[DISCIPLINE_PIECE];
  if (source === undefined)
    throw new Error(`a time-sharing system has no pieces ${Object.keys(sources).join(', ')}`);
  const piece = sandbox.load({
    file: DISCIPLINE_FILE,
    source,
    functionName: 'place',
    api: API,
    host: () => undefined,
  });
  if ('problem' in piece) return piece;
  return {
    preempts: true,
    place: (...given) => {
      const outcome = piece.call(given);
      if (!outcome.ok) throw new PieceFailed(outcome.problem);
      return outcome.value as Placement;
    },
  };
}
