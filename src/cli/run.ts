/** `strata run`: a program on a machine, bare or under control programs, until it ends. */
import { unpackImage } from '../machines/s370/devices/ckd-image.ts';
import { GEOMETRY_3330 } from '../machines/s370/devices/disk-3330.ts';
import { DAMAGES, type Damage } from '../protocol/frame.ts';
import { runToEnd, type End, type Surroundings } from '../session/run-to-end.ts';
import type { CoreImage, Program, S370Configuration } from '../worlds/s370/configuration.ts';
import { DISK_ADDRESS, READER_ADDRESS, standardDasd } from '../worlds/s370/configuration.ts';
import { MODELS } from '../machines/s370/models.ts';
import { cardsFromBytes, cardsFromText } from '../worlds/s370/peripherals.ts';
import { S370World } from '../worlds/s370/world.ts';
import {
  count,
  fileAndAddress,
  onlyS370,
  parse,
  pswWords,
  readBytes,
  readText,
  storageSize,
  stretch,
} from './arguments.ts';
import { complaints, copyBeside } from './asm.ts';
import { BadArguments, FAILED, OK, RunFailed } from './failure.ts';
import type { Output } from './output.ts';
import { interruptible } from './pace.ts';
import { report, reportText } from './report.ts';
import { isTimesharing, ownDiscipline, timesharingOf } from './timesharing.ts';
import { monitors } from './under.ts';

/** So that nothing runs for ever: some minutes of a Model 145. */
const DEFAULT_LIMIT = 2e9;

const OPTIONS = {
  machine: { type: 'string' },
  model: { type: 'string', default: '145' },
  under: { type: 'string' },
  job: { type: 'string', multiple: true },
  discipline: { type: 'string' },
  source: { type: 'string' },
  load: { type: 'string', multiple: true },
  psw: { type: 'string' },
  ipl: { type: 'string' },
  device: { type: 'string' },
  storage: { type: 'string', default: '1M' },
  reader: { type: 'string' },
  limit: { type: 'string', default: String(DEFAULT_LIMIT) },
  dump: { type: 'string', multiple: true },
  fail: { type: 'string', multiple: true },
  json: { type: 'boolean', default: false },
} as const;

const parseRun = (argv: readonly string[]) => parse({ args: [...argv], options: OPTIONS }).values;
type Values = ReturnType<typeof parseRun>;

/** How the program gets in; exactly one of the three ways. */
function programOf(values: Values): Program {
  const { source, load, ipl, psw, device } = values;
  if ([source, load, ipl].filter((way) => way !== undefined).length !== 1)
    throw new BadArguments('run needs one of --source FILE.s, --load FILE@HEXADDR … --psw HEX16, --ipl FILE');
  if (source !== undefined) {
    const program = {
      kind: 'source',
      text: readText(source),
      file: source,
      copy: copyBeside(source),
    } as const;
    return psw === undefined ? program : { ...program, psw: pswWords(psw) };
  }
  if (load !== undefined) {
    if (psw === undefined) throw new BadArguments('--load needs --psw HEX16');
    return {
      kind: 'core',
      images: load.map((text) => image(text, storageSize(values.storage))),
      psw: pswWords(psw),
    };
  }
  if (device !== 'reader' && device !== 'disk') throw new BadArguments('--ipl needs --device reader or disk');
  return { kind: 'ipl', device: device === 'reader' ? READER_ADDRESS : DISK_ADDRESS };
}

function image(text: string, storage: number): CoreImage {
  const { file, at } = fileAndAddress(text);
  const bytes = readBytes(file);
  if (at + bytes.length > storage) throw new BadArguments(`--load ${text}: ends beyond storage`);
  return { address: at, bytes };
}

function dumped(text: string, storage: number): ReturnType<typeof stretch> {
  const wanted = stretch(text);
  if (wanted.at + wanted.length > storage) throw new BadArguments(`--dump ${text}: ends beyond storage`);
  return wanted;
}

/** A deck: text, one line a card, or binary cards of 80 bytes. */
function deck(file: string): Uint8Array[] {
  const bytes = readBytes(file);
  const isText = bytes.every(
    (byte) => byte < 0x7f && (byte >= 0x20 || byte === 0x0a || byte === 0x0d || byte === 9),
  );
  const cards = isText ? cardsFromText(readText(file)) : cardsFromBytes(bytes);
  if (!cards) throw new BadArguments(`${file}: neither text nor cards of 80 bytes`);
  return cards;
}

/** The image of a 3330: CKD_P370, or as the devices pack it. */
function disk(file: string): Uint8Array {
  const bytes = readBytes(file);
  const medium = unpackImage(GEOMETRY_3330, bytes);
  if (typeof medium === 'string') throw new BadArguments(`${file}: ${medium}`);
  return bytes;
}

/** What stands between the machine and the program: control programs, or a time-sharing system. */
function systemsOf({ under, job, storage }: Values): Pick<S370Configuration, 'under' | 'timesharing'> {
  if (isTimesharing(under)) return { timesharing: timesharingOf(under, job ?? []) };
  if (job) throw new BadArguments('--job: only under timesharing are there other programs');
  return { under: monitors(under, storageSize(storage)) };
}

function configurationOf(values: Values): S370Configuration {
  const model = MODELS.find(({ id }) => id === values.model);
  if (!model) throw new BadArguments(`--model ${values.model}: there are 145, 158 and 168`);
  const ipl = values.ipl !== undefined && values.device === 'reader' ? deck(values.ipl) : [];
  const cards = [...ipl, ...(values.reader === undefined ? [] : deck(values.reader))];
  return {
    model,
    storage: storageSize(values.storage),
    program: programOf(values),
    ...systemsOf(values),
    ...(cards.length > 0 ? { cards } : {}),
    ...(values.ipl !== undefined && values.device === 'disk' ? { dasd: standardDasd(disk(values.ipl)) } : {}),
  };
}

interface Failure {
  readonly damage: Damage;
  readonly at: number;
}

/** `DAMAGE@CYCLES`: what fails in the processor, and when. */
function failureOf(text: string): Failure {
  const [name, at = '', ...rest] = text.split('@');
  const damage = DAMAGES.find((each) => each === name);
  if (!damage || rest.length > 0)
    throw new BadArguments(`--fail ${text}: DAMAGE@CYCLES, DAMAGE one of ${DAMAGES.join(', ')}`);
  return { damage, at: count(at, '--fail') };
}

/** Runs to the end or to `limit`, and on the way lets each failure happen at its cycle. */
async function runWith(
  world: S370World,
  limit: number,
  failures: readonly Failure[],
  surroundings: Surroundings,
): Promise<End> {
  for (const { damage, at } of failures.toSorted((a, b) => a.at - b.at)) {
    if (at >= limit) break;
    const end = await runToEnd(world, at, surroundings);
    if (end.kind !== 'limit') return end;
    world.input({ kind: 'machine-check', damage });
  }
  return runToEnd(world, limit, surroundings);
}

export async function run(argv: readonly string[], out: Output): Promise<number> {
  const values = parseRun(argv);
  onlyS370('--machine', values.machine);
  const limit = count(values.limit, '--limit');
  const failures = (values.fail ?? []).map(failureOf);
  const dumps = (values.dump ?? []).map((text) => dumped(text, storageSize(values.storage)));
  const own = values.discipline === undefined ? null : await ownDiscipline(values.discipline, values.under);
  const { world, diagnostics } = S370World.create({
    ...configurationOf(values),
    ...(own ? { pieces: own } : {}),
  });
  if (!world) throw new RunFailed(complaints(diagnostics));
  if (diagnostics.length > 0) out.warn(complaints(diagnostics));
  const end = await interruptible(out, (surroundings) => runWith(world, limit, failures, surroundings));
  const result = report(world, end, dumps);
  own?.sandbox.close();
  out.print(values.json ? `${JSON.stringify(result)}\n` : reportText(result));
  if (end.kind === 'check') out.warn(`strata: ${end.reason}`);
  return end.kind === 'check' ? FAILED : OK;
}
