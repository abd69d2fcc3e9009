/**
 * `node src/build/launch.mjs tests/bench/timesharing.ts [STEP]`: 1 to 40 users under every discipline of a swapping
 * time-sharing system, in steps of STEP users (1): how long they wait, what is swapped, and how long the sweep takes.
 *
 * The users' second is a twentieth of the machine's: so a mean think time of 35.2 s and commands of 0.8 s of processor
 * time, which A. L. Scherr measured at CTSS (MAC-TR-18, 1965; from memory), become runs of a few million instructions.
 */
import { DISCIPLINE_NAMES, type DisciplineName } from '../../src/os/timesharing/disciplines/table.ts';
import type { timesharingReport } from '../../src/worlds/s370/timesharing-report.ts';
import { S370World } from '../../src/worlds/s370/world.ts';
import edit from '../../labs/+shared/s370/users/edit.s?raw';
import matrix from '../../labs/+shared/s370/users/matrix.s?raw';
import sum from '../../labs/+shared/s370/users/sum.s?raw';

/** Cycles of a Model 145 in a twentieth of a second. */
const SECOND = Math.round(1e12 / 202_500 / 20);
const MOST_USERS = 40;

/** Figures of one run; seconds are the users'. */
export function office(users: number, discipline: DisciplineName) {
  const { world } = S370World.create({
    program: { kind: 'source', text: sum, file: 'sum.s' },
    timesharing: {
      settings: {
        ...{ discipline, protection: 'dat', memory: 'swap', frames: 12 },
        ...{ quantum: SECOND / 5, second: SECOND, users, think: 35.2, seed: 1, interactions: 3 },
      },
      jobs: [
        { name: 'SUM', source: sum, weight: 6 },
        { name: 'EDIT', source: edit, weight: 3 },
        { name: 'MATRIX', source: matrix, weight: 1 },
      ],
      weight: 0,
    },
  });
  if (!world) throw new Error('the programs do not assemble');
  world.run(4e9);
  const { responses, drum } = (world.system.report!() as ReturnType<typeof timesharingReport>).timesharing;
  if (responses.count !== 3 * users)
    throw new Error(`${responses.count} of ${3 * users} commands were answered`);
  const { mean, median, percentile90 } = responses;
  const seconds = [mean, median, percentile90].map((cycles) => cycles / SECOND);
  return {
    mean: seconds[0]!,
    median: seconds[1]!,
    percentile90: seconds[2]!,
    moved: drum.reads + drum.writes,
  };
}

export function main(argv: readonly string[]): number {
  const step = Number(argv[0] ?? 1);
  const began = performance.now();
  const counts = Array.from({ length: MOST_USERS }, (_, i) => i + 1).filter((n) => n === 1 || n % step === 0);
  process.stdout.write(
    `mean and median response in seconds of the users, pages moved\nusers ${DISCIPLINE_NAMES.map((n) => n.padStart(18)).join('')}\n`,
  );
  for (const users of counts) {
    const cells = DISCIPLINE_NAMES.map((name) => {
      const { mean, median, moved } = office(users, name);
      return `${mean.toFixed(1)} ${median.toFixed(1)} ${moved}`.padStart(18);
    });
    process.stdout.write(`${String(users).padStart(5)} ${cells.join('')}\n`);
  }
  process.stdout.write(
    `${counts.length * DISCIPLINE_NAMES.length} runs in ${((performance.now() - began) / 1000).toFixed(1)} s\n`,
  );
  return 0;
}
