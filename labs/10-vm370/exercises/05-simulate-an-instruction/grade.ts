/** Monitor: write CP's simulation of one privileged instruction. It is compared with the real one, state by state. */
import { fill } from '../../../../src/base/fill.ts';
import { hex, hexBytes } from '../../../../src/base/bits.ts';
import { defineExercise, type Bench } from '../../../../src/lab/exercise.ts';
import type { Attempt, Check, Variant } from '../../../../src/protocol/exercise.ts';
import type { Setup } from '../../../../src/protocol/frame.ts';
import { pieceFile } from '../../../../src/worlds/s370/piece.ts';
import {
  asS370,
  check,
  endClock,
  mustRun,
  setupWith,
  wordAt,
  type S370Ran,
} from '../../../+shared/s370/grading.ts';
import { guestNamed } from '../../../+shared/s370/guests.ts';
import {
  CASES,
  CODE_AT,
  gauntletFor,
  OLD_PSW_AT,
  PROBE_AT,
  REGISTERS_AT,
  RESULT_LENGTH,
  RESULTS,
  type Case,
} from './gauntlet.ts';
import start from './start.js?raw';

/** A guest that checks what it gets, cut to a few rounds. */
const GUEST = guestNamed('lpsw').source.replace(/^(ROUNDS +EQU +)6000/m, '$13');

const mnemonicOf = ({ values }: Variant): string => String(values['mnemonic']);

/** The setup with the student's piece in the place of CP's. */
const withPiece = (setup: Setup, variant: Variant, files: Attempt['files']): Setup => {
  const mnemonic = mnemonicOf(variant);
  return { ...setup, pieces: { [mnemonic]: files[pieceFile(mnemonic)]! } };
};

/** One result of the gauntlet. */
interface Result {
  readonly psw: string;
  readonly registers: readonly number[];
  readonly code: number;
  readonly probe: string;
  readonly faulted: boolean;
}

function resultsOf({ world }: S370Ran): readonly Result[] {
  const bytes = world.peek('', RESULTS, CASES * RESULT_LENGTH);
  const view = new DataView(bytes.buffer);
  return Array.from({ length: CASES }, (_, i) => {
    const at = i * RESULT_LENGTH;
    const code = view.getUint32(at + CODE_AT);
    return {
      psw: hexBytes(bytes.subarray(at + OLD_PSW_AT, at + OLD_PSW_AT + 8)),
      registers: Array.from({ length: 16 }, (__, r) => view.getUint32(at + REGISTERS_AT + 4 * r)),
      code,
      probe: hexBytes(bytes.subarray(at + PROBE_AT, at + PROBE_AT + 16)),
      faulted: code >>> 24 !== 0,
    };
  });
}

/** The first thing in which two results differ, as the two would print it; null where they agree. */
function difference(real: Result, own: Result): { readonly wanted: string; readonly found: string } | null {
  const differ = (name: string, one: string, other: string) => ({
    wanted: `${name} ${one}`,
    found: `${name} ${other}`,
  });
  if (real.faulted !== own.faulted || real.code !== own.code || real.psw !== own.psw)
    return differ('PSW', `${real.psw} ${hex(real.code)}`, `${own.psw} ${hex(own.code)}`);
  const register = real.registers.findIndex((word, r) => word !== own.registers[r]);
  if (register >= 0)
    return differ(`R${register}`, hex(real.registers[register]!), hex(own.registers[register]!));
  return real.probe === own.probe ? null : differ('X', real.probe, own.probe);
}

/** Runs the gauntlet with the student's piece, noting when each case was simulated. */
async function runOwn(bench: Bench, setup: Setup, cases: readonly Case[]) {
  const clocks = new Map<number, number>();
  const found = await bench.run(setup, {
    cycles: 3_000_000,
    onEvent: ({ kind, address, clock, line }) => {
      if (kind === 'program-interruption' && address !== null && line !== null && !clocks.has(line))
        clocks.set(line, clock);
    },
  });
  const lines = setup.source!.split('\n');
  const clockOf = (index: number): number | undefined =>
    clocks.get(lines.findIndex((line) => line.startsWith(`I${index} `)) + 1);
  return { found, clocks: cases.map((_, i) => clockOf(i)) };
}

export default defineExercise({
  kind: 'monitor',
  cycles: 12_000_000,

  variant: (seed) => {
    const { mnemonic, source } = gauntletFor(seed);
    const values = { mnemonic, cases: CASES };
    return {
      values,
      setup: setupWith(source, 'cp', { seed }),
      files: { [pieceFile(mnemonic)]: fill(start, values) },
      fields: [],
    };
  },

  setup: (variant, { files }) => withPiece(variant.setup, variant, files),

  grade: async ({ files }, variant, bench) => {
    const { cases } = gauntletFor(variant.setup.seed);
    const real = mustRun(await bench.run(variant.setup));
    const { found, clocks } = await runOwn(bench, withPiece(variant.setup, variant, files), cases);
    if (!found.world || found.diagnostics.some(({ severity }) => severity === 'error'))
      return { checks: [], diagnostics: found.diagnostics };
    const own = asS370(found);
    const [wanted, got] = [resultsOf(real), resultsOf(own)];
    const compared = (id: string, concerns: (result: Result) => boolean): Check => {
      const index = wanted.findIndex((result, i) => concerns(result) && difference(result, got[i]!) !== null);
      if (index < 0) return check(id, true);
      const { instruction, psw, operand } = cases[index]!;
      const data = {
        ...difference(wanted[index]!, got[index]!)!,
        number: index + 1,
        instruction: instruction.replace(/ +/, ' '),
        psw: `${hex(psw[0])} ${hex(psw[1])}`,
        operand: hex(operand),
      };
      return check(id, false, data, own.at(clocks[index] ?? endClock(own)));
    };
    return {
      diagnostics: found.diagnostics,
      checks: [
        compared('plain', ({ faulted }) => !faulted),
        compared('exceptions', ({ faulted }) => faulted),
        await guestCheck(bench, variant, files),
      ],
    };
  },
});

/** The last word: a guest that relies on the instruction ends as it does under CP's own simulation. */
async function guestCheck(bench: Bench, variant: Variant, files: Attempt['files']): Promise<Check> {
  const setup = setupWith(GUEST, 'cp');
  const real = mustRun(await bench.run(setup));
  const own = mustRun(await bench.run(withPiece(setup, variant, files), { cycles: 3_000_000 }));
  const sums = { wanted: hex(wordAt(real, 'SUM') ?? 0), found: hex(wordAt(own, 'SUM') ?? 0) };
  const same = sums.wanted === sums.found && own.world.waitAddress === real.world.waitAddress;
  return check('guest', same, sums, own.at(endClock(own)));
}
