/** `strata compare`: workloads of a lab under its techniques, to their ends, over several threads. */
import { availableParallelism } from 'node:os';
import type { Measurement } from '../../protocol/session.ts';
import { techniquesFor } from '../../protocol/frame.ts';
import { workCycles } from '../../protocol/work.ts';
import { count, parse } from '../arguments.ts';
import { BadArguments, FAILED, OK } from '../failure.ts';
import { columns, grouped, type Output } from '../output.ts';
import { interruptible } from '../pace.ts';
import { choice, factoryOf } from '../worlds.ts';
import { run, spawnRunner, type Heat, type Runner } from './thread.ts';

const USAGE = 'usage: strata compare [--lab ID] [--workload W …] [--technique T …] [--jobs N] [--json]';
/** The lab in which every technique of the PC stands. */
const RACE = '90-race';

export async function compareAll(argv: readonly string[], out: Output): Promise<number> {
  const { values, positionals } = parse({
    args: [...argv],
    allowPositionals: true,
    options: {
      lab: { type: 'string', default: RACE },
      workload: { type: 'string', multiple: true, default: [] },
      technique: { type: 'string', multiple: true, default: [] },
      jobs: { type: 'string', default: String(availableParallelism()) },
      json: { type: 'boolean', default: false },
    },
  });
  if (positionals.length > 0) throw new BadArguments(USAGE);
  const heats = await heatsOf(values.lab, values.workload, values.technique);
  const results = await runAll(heats, count(values.jobs, '--jobs'), out);
  if (values.json) out.print(`${JSON.stringify({ lab: values.lab, results })}\n`);
  else out.print(table(results));
  return results.length === heats.length && results.every(({ ok }) => ok) ? OK : FAILED;
}

async function heatsOf(
  lab: string,
  workloads: readonly string[],
  techniques: readonly string[],
): Promise<readonly Heat[]> {
  const { offer } = await factoryOf(lab);
  const chosen = workloads.map((each) => choice('--workload', each, offer.workloads));
  for (const each of techniques) choice('--technique', each, offer.techniques);
  return (chosen.length > 0 ? chosen : offer.workloads).flatMap((workload) =>
    techniquesFor(offer, workload)
      .filter((technique) => techniques.length === 0 || techniques.includes(technique))
      .map((technique) => ({ lab, workload, technique })),
  );
}

/** In the order of the heats, however the threads finished; those not begun when it was cancelled are missing. */
async function runAll(heats: readonly Heat[], jobs: number, out: Output): Promise<readonly Measurement[]> {
  const results: (Measurement | undefined)[] = heats.map(() => undefined);
  let next = 0;
  let done = 0;
  await interruptible(out, async ({ cancelled }) => {
    const work = async (): Promise<void> => {
      const runner: Runner = jobs === 1 ? { run, end: () => undefined } : spawnRunner();
      try {
        while (next < heats.length && !cancelled()) {
          const at = next++;
          results[at] = await runner.run(heats[at]!);
          out.progress(`${++done} of ${heats.length}`);
        }
      } finally {
        runner.end();
      }
    };
    await Promise.all(Array.from({ length: Math.min(jobs, heats.length) }, work));
  });
  return results.filter((each) => each !== undefined);
}

/** A workload's first technique is what the others are held against. */
function table(results: readonly Measurement[]): string {
  const rows = results.map((each) => {
    const first = results.find(({ workload }) => workload === each.workload)!;
    const [work, base] = [workCycles(each), workCycles(first)];
    const ratio = each.ok && first.ok ? `${(work / base).toFixed(3)} ×` : '';
    const { workload, technique, cycles, boot, ok, failure } = each;
    const numbers = [cycles, boot?.cycles ?? 0, work].map(grouped);
    return [workload, technique, ...numbers, ratio, ok ? 'ok' : failure];
  });
  return columns([['workload', 'technique', 'cycles', 'boot', 'work', '', ''], ...rows]);
}
