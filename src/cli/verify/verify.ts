/** `strata verify`: checks hand-ins by doing the work again, over several threads. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { checkAll, type NamedFile } from '../../classroom/batch/pool.ts';
import { ENGLISH_COLUMNS, reportCsv } from '../../classroom/batch/report.ts';
import { sideBySide } from '../../classroom/batch/side-by-side.ts';
import { unpacked } from '../../classroom/batch/unpack.ts';
import type { Assignment } from '../../classroom/format/assignment.ts';
import type { Checked } from '../../classroom/format/checked.ts';
import { ENGINE } from '../../classroom/format/engine.ts';
import { readAssignmentText } from '../../classroom/format/link.ts';
import { verdictWords } from '../../classroom/format/words.ts';
import { count, parse, readText, reasonOf } from '../arguments.ts';
import { BadArguments, FAILED, OK } from '../failure.ts';
import { columns, type Output } from '../output.ts';
import { interruptible } from '../pace.ts';
import { inProcess, spawnThread } from './thread.ts';

const USAGE = 'usage: strata verify FILE|FOLDER|ZIP… [--assignment FILE|LINK] [--csv] [--json] [--jobs N]';
/** Seconds for one file. A student's page needs a few. */
const PATIENCE = 60;
const words = verdictWords.en;

export async function verify(argv: readonly string[], out: Output): Promise<number> {
  const { values, positionals } = parse({
    args: [...argv],
    allowPositionals: true,
    options: {
      assignment: { type: 'string' },
      csv: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      jobs: { type: 'string', default: String(availableParallelism()) },
    },
  });
  if (positionals.length === 0 || (values.csv && values.json)) throw new BadArguments(USAGE);
  const jobs = count(values.jobs, '--jobs');
  const assignment = values.assignment === undefined ? null : assignmentFrom(values.assignment);
  const paths = positionals.flatMap(filesAt);
  const checked = await checkPaths(paths, assignment, jobs, out);
  if (values.csv) out.print(reportCsv(checked, ENGLISH_COLUMNS, words));
  else if (values.json) out.print(`${JSON.stringify(asJson(checked))}\n`);
  else out.print(inWords(checked));
  return checked.length > 0 && checked.every(({ outcome }) => outcome === 'ok') ? OK : FAILED;
}

/** In the order of the files, however the threads finished. */
async function checkPaths(
  paths: readonly string[],
  assignment: Assignment | null,
  jobs: number,
  out: Output,
): Promise<readonly Checked[]> {
  const order = new Map<string, number>();
  const checked: Checked[] = [];
  const source = function* (): Generator<NamedFile> {
    for (const path of paths) {
      for (const file of unpackedAt(path)) {
        order.set(file.name, order.size);
        yield file;
      }
    }
  };
  await interruptible(out, ({ cancelled }) =>
    checkAll(source(), {
      spawn: () => (jobs === 1 ? inProcess(assignment) : spawnThread(assignment)),
      workers: jobs,
      patience: PATIENCE,
      cancelled,
      onChecked: (each) => {
        checked.push(each);
        out.progress(`${checked.length} checked`);
      },
    }),
  );
  checked.sort((a, b) => (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0));
  return sideBySide(checked);
}

function assignmentFrom(given: string): Assignment {
  const read = readAssignmentText(given.includes('#a=') ? given : readText(given));
  switch (read.kind) {
    case 'ok':
      return read.assignment;
    case 'too-new':
      throw new BadArguments(`--assignment: made by a later edition (format ${read.version})`);
    case 'invalid':
      throw new BadArguments(`--assignment: not an assignment (${read.where})`);
    case 'none':
    case 'damaged':
      throw new BadArguments('--assignment: not an assignment, or one whose link was cut or altered');
  }
}

/** The file, or all of a folder that may be hand-ins. */
function filesAt(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(json|zip)$/i.test(name))
      .sort()
      .map((name) => join(path, name));
  } catch (error) {
    throw new BadArguments(`${path}: ${reasonOf(error)}`);
  }
}

/** Read when its turn comes. */
function* unpackedAt(path: string): Generator<NamedFile> {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new BadArguments(`${path}: ${reasonOf(error)}`);
  }
  try {
    yield* unpacked({ name: path, bytes });
  } catch (error) {
    throw new BadArguments(reasonOf(error));
  }
}

const asJson = (checked: readonly Checked[]) => ({
  engine: ENGINE,
  files: checked.map(({ traces: _, ...each }) => ({
    ...each,
    words: words.outcomes[each.outcome],
    reasons: each.reasons.map((reason) => ({ ...reason, words: words.reason(reason) })),
    notes: each.notes.map((note) => ({ ...note, words: words.note(note) })),
  })),
});

function inWords(checked: readonly Checked[]): string {
  const good = checked.filter(({ outcome }) => outcome === 'ok').length;
  const rows = checked.map((each) => [
    words.outcomes[each.outcome],
    `${each.solved}/${each.all}`,
    printable(each.student),
    printable(each.file),
    printable([...each.reasons.map(words.reason), ...each.notes.map(words.note)].join('; ')),
  ]);
  return `${columns(rows)}${checked.length} checked, ${good} ok, ${checked.length - good} not\n`;
}

/** Text from a stranger's file, without what would move a terminal's cursor. */
// eslint-disable-next-line no-control-regex -- they are the very thing
const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd');
