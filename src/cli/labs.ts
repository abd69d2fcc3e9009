/** `strata labs` and `strata lab`: the chapters' own worlds, without a page. */
import type { WorldFactory } from '../lab/world.ts';
import { techniquesFor } from '../protocol/frame.ts';
import { runToEnd, type Surroundings } from '../session/run-to-end.ts';
import { parse, count } from './arguments.ts';
import { complaints } from './asm.ts';
import { BadArguments, FAILED, OK, RunFailed } from './failure.ts';
import { columns, type Output } from './output.ts';
import { interruptible } from './pace.ts';
import { choice, factoryOf, labIds } from './worlds.ts';

const DEFAULT_LIMIT = '2e9';

export async function labs(argv: readonly string[], out: Output): Promise<number> {
  const { values } = parse({ args: [...argv], options: { json: { type: 'boolean', default: false } } });
  const offers = await Promise.all(
    labIds().map(async (id) => {
      const { workloads, techniques } = (await factoryOf(id)).offer;
      return { id, workloads, techniques };
    }),
  );
  if (values.json) out.print(`${JSON.stringify(offers)}\n`);
  else out.print(columns(offers.map((o) => [o.id, o.workloads.join(' '), o.techniques.join(' ')])));
  return OK;
}

export async function lab(argv: readonly string[], out: Output): Promise<number> {
  const { values, positionals } = parse({
    args: [...argv],
    allowPositionals: true,
    options: {
      workload: { type: 'string' },
      technique: { type: 'string' },
      limit: { type: 'string', default: DEFAULT_LIMIT },
      json: { type: 'boolean', default: false },
    },
  });
  const [id, ...rest] = positionals;
  if (id === undefined || rest.length > 0)
    throw new BadArguments('usage: strata lab ID [--workload W] [--technique T] [--limit CYCLES] [--json]');
  const factory = await factoryOf(id);
  const workload = choice('--workload', values.workload, factory.offer.workloads);
  const technique = choice('--technique', values.technique, techniquesFor(factory.offer, workload));
  const limit = count(values.limit, '--limit');
  const result = await interruptible(out, (surroundings) =>
    measure(factory, { workload, technique }, limit, surroundings),
  );
  if (values.json) out.print(`${JSON.stringify({ lab: id, ...result })}\n`);
  else out.print(result.text);
  if (!result.ok) out.warn(`strata: lab ${id}: ${result.failure}`);
  return result.ok ? OK : FAILED;
}

async function measure(
  factory: WorldFactory,
  { workload, technique }: { readonly workload: string; readonly technique: string },
  limit: number,
  surroundings: Surroundings,
) {
  const setup = { workload, technique, source: null, constants: {}, seed: 1 };
  const { loaded, world } = factory.create(setup);
  if (!world) throw new RunFailed(complaints(loaded.diagnostics));
  const end = await runToEnd(world, limit, surroundings);
  const failure = 'reason' in end ? end.reason : factory.verdict(world, setup);
  const { ledger, terminals, printer } = world.parts({
    parts: ['ledger', 'terminals', 'printer'],
    subject: '',
    storageAt: 0,
    storageLength: 0,
    walk: null,
    strataWindow: null,
    strataCycles: 0,
    strataGrain: 0,
    events: 0,
  });
  const rows = ledger ?? [];
  const text = [
    ...(terminals ?? []).map((terminal) => terminal.text),
    printer ?? '',
    columns([
      ['stopped', end.kind],
      ['cycles', world.clock],
      ['instructions', world.instructions],
    ]),
    columns(rows.map((row) => [row.layer, String(row.level), row.reason, row.count, row.cycles])),
  ];
  return {
    workload,
    technique,
    ok: failure === '',
    failure,
    stopped: end.kind,
    cycles: world.clock,
    instructions: world.instructions,
    ledger: rows,
    terminals: (terminals ?? []).map(({ id, text: shown }) => ({ id, text: shown })),
    printer: printer ?? '',
    text: text.filter((part) => part !== '').join('\n'),
  };
}
