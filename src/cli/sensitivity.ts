/** `strata sensitivity`: which cost constants decide how a technique compares with another. */
import { sensitivity as measure, type Sensitivity } from '../session/sensitivity.ts';
import { parse } from './arguments.ts';
import { BadArguments, FAILED, OK, RunFailed } from './failure.ts';
import { columns, type Output } from './output.ts';
import { interruptible } from './pace.ts';
import { choice, factoryOf } from './worlds.ts';

const USAGE = 'usage: strata sensitivity --workload W --technique T [--against T] [--lab ID] [--json]';

export async function sensitivity(argv: readonly string[], out: Output): Promise<number> {
  const { values, positionals } = parse({
    args: [...argv],
    allowPositionals: true,
    options: {
      lab: { type: 'string', default: '90-race' },
      workload: { type: 'string' },
      technique: { type: 'string' },
      against: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  if (positionals.length > 0 || values.workload === undefined || values.technique === undefined)
    throw new BadArguments(USAGE);
  const factory = await factoryOf(values.lab);
  const { offer } = factory;
  const pair = {
    workload: choice('--workload', values.workload, offer.workloads),
    technique: choice('--technique', values.technique, offer.techniques),
    against: choice('--against', values.against, offer.techniques),
  };
  const result = await interruptible(out, ({ pace, cancelled }) =>
    measure(pair, {
      ...{ factory, pace, cancelled },
      progress: (done, all) => out.progress(`${done} of ${all}`),
    }).catch((error: unknown) => {
      throw new RunFailed(error instanceof Error ? error.message : String(error));
    }),
  );
  if (!result) return FAILED;
  out.print(values.json ? `${JSON.stringify(result)}\n` : table(result));
  return OK;
}

const table = ({ ratio, swings }: Sensitivity): string =>
  columns([
    ['constant', 'cycles', 'at least', 'as it is', 'at most'],
    ...swings.map(({ constant, least, most, atLeast, atMost }) => [
      ...[constant, `${least}–${most}`],
      ...[atLeast, ratio, atMost].map((each) => each.toFixed(3)),
    ]),
  ]);
