/** `strata exercise list|show|grade`: the chapters' exercises, without a page. */
import { formatDiagnostic } from '../base/diagnostics.ts';
import { fill, placesIn } from '../base/fill.ts';
import { grade } from '../grading/grade.ts';
import type { Exercise } from '../lab/exercise.ts';
import { studentSeed } from '../lab/seed.ts';
import type { WorldFactory } from '../lab/world.ts';
import { NO_ATTEMPT, type Attempt, type Verdict } from '../protocol/exercise.ts';
import type { Recording } from '../protocol/session.ts';
import { openSandbox } from '../sandbox/sandbox.ts';
import { parse, readText } from './arguments.ts';
import { BadArguments, FAILED, OK } from './failure.ts';
import { columns, type Output } from './output.ts';
import { interruptible } from './pace.ts';

const EXERCISES = import.meta.glob<Exercise>('/labs/[0-9]*/exercises/*/grade.ts', { import: 'default' });
const TEXTS = import.meta.glob<string>('/labs/[0-9]*/exercises/*/index.*.md', {
  query: '?raw',
  import: 'default',
});
const WORLDS = import.meta.glob<WorldFactory>('/labs/[0-9]*/world.ts', { import: 'default' });

const USAGE = `usage: strata exercise list [--json]
       strata exercise show LAB/NAME [SEED] [--language en|ja] [--json]
       strata exercise grade LAB/NAME [SEED] [--answer ID=TEXT ...] [--file NAME=PATH ...] [--recording PATH] [--json]
SEED: --seed N, or --course KEY --student NAME; 1 without it`;

const OPTIONS = {
  seed: { type: 'string' },
  course: { type: 'string' },
  student: { type: 'string' },
  language: { type: 'string', default: 'en' },
  answer: { type: 'string', multiple: true, default: [] as string[] },
  file: { type: 'string', multiple: true, default: [] as string[] },
  recording: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;
type Values = ReturnType<typeof parseArguments>['values'];
const parseArguments = (argv: readonly string[]) =>
  parse({ args: [...argv], allowPositionals: true, options: OPTIONS });

const nameOf = (path: string): string => path.replace(/^\/labs\/(.*)\/exercises\/(.*)\/grade\.ts$/, '$1/$2');
const pathOf = (name: string): string => `/labs/${name.replace('/', '/exercises/')}`;

export async function exercise(argv: readonly string[], out: Output): Promise<number> {
  const { values, positionals } = parseArguments(argv);
  const [command, name = '', ...rest] = positionals;
  if (command === 'list' && name === '') return list(values.json, out);
  if (name === '' || rest.length > 0) throw new BadArguments(USAGE);
  const load = EXERCISES[`${pathOf(name)}/grade.ts`];
  if (!load) throw new BadArguments(`exercise ${name}: strata exercise list names all`);
  const seed = seedOf(values, name);
  if (command === 'show') return show(name, await load(), seed, values, out);
  if (command === 'grade') return judge(name, await load(), seed, values, out);
  throw new BadArguments(USAGE);
}

async function list(json: boolean, out: Output): Promise<number> {
  const all = await Promise.all(
    Object.entries(EXERCISES).map(async ([path, load]) => ({
      name: nameOf(path),
      kind: (await load()).kind,
    })),
  );
  out.print(json ? `${JSON.stringify(all)}\n` : columns(all.map(({ name, kind }) => [name, kind])));
  return OK;
}

function seedOf({ seed, course, student }: Values, name: string): number {
  if (student !== undefined) return studentSeed(course ?? '', student, name);
  const number = Number(seed ?? 1);
  if (!Number.isInteger(number) || number < 0 || number > 0x7fff_ffff)
    throw new BadArguments(`--seed ${seed ?? ''}: a whole number from 0 to 2147483647 is needed`);
  return number;
}

async function show(
  name: string,
  exercise: Exercise,
  seed: number,
  values: Values,
  out: Output,
): Promise<number> {
  const variant = exercise.variant(seed);
  if (values.json) {
    out.print(`${JSON.stringify({ name, kind: exercise.kind, seed, ...variant })}\n`);
    return OK;
  }
  const text = await TEXTS[`${pathOf(name)}/index.${values.language}.md`]?.();
  if (text === undefined) throw new BadArguments(`--language ${values.language}: ${name} is not in it`);
  // The words of checks have places of their own, which only a verdict fills.
  const own = Object.fromEntries(placesIn(text).map((key) => [key, `{{${key}}}`]));
  out.print(`${fill(text, { ...own, ...variant.values })}\n`);
  for (const [file, content] of Object.entries(variant.files)) out.print(`---- ${file}\n${content}\n`);
  return OK;
}

/** ID=TEXT, or NAME=PATH. */
function pairs(option: string, texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const cut = text.indexOf('=');
      if (cut <= 0) throw new BadArguments(`--${option} ${text}: NAME=… is needed`);
      return [text.slice(0, cut), text.slice(cut + 1)];
    }),
  );
}

function attemptOf(values: Values): Attempt {
  const files = Object.entries(pairs('file', values.file));
  return {
    ...NO_ATTEMPT,
    answers: pairs('answer', values.answer),
    files: Object.fromEntries(files.map(([name, path]) => [name, readText(path)])),
    recording: values.recording === undefined ? null : (JSON.parse(readText(values.recording)) as Recording),
  };
}

async function judge(
  name: string,
  exercise: Exercise,
  seed: number,
  values: Values,
  out: Output,
): Promise<number> {
  const lab = name.split('/')[0]!;
  const factory = await WORLDS[`/labs/${lab}/world.ts`]!();
  const attempt = attemptOf(values);
  const verdict = await interruptible(out, (surroundings) =>
    grade(lab, exercise, seed, attempt, { ...surroundings, factory, openSandbox }),
  );
  if (!verdict) {
    out.warn('strata: the grading was interrupted');
    return FAILED;
  }
  if (values.json) out.print(`${JSON.stringify({ name, seed, ...verdict })}\n`);
  else out.print(inWords(verdict));
  return verdict.passed ? OK : FAILED;
}

const inWords = ({ passed, checks, diagnostics, problem, fingerprint }: Verdict): string =>
  [
    ...diagnostics.map((diagnostic) => `${formatDiagnostic(diagnostic)}\n`),
    problem ? `${JSON.stringify(problem)}\n` : '',
    columns(
      checks.map(({ id, passed: well, data, at }) => [
        well ? 'passed' : 'failed',
        id,
        Object.entries(data)
          .map(([key, value]) => `${key}=${value}`)
          .join(' '),
        at ? `cycle ${at.clock}` : '',
      ]),
    ),
    `${passed ? 'passed' : 'not passed'}  ${fingerprint}\n`,
  ].join('');
