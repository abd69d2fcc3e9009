/** `--under timesharing:discipline=ctss:users=20`: a time-sharing system as a command line asks for it. */
import { basename } from 'node:path';
import { DISCIPLINE_NAMES } from '../os/timesharing/disciplines/table.ts';
import { isPaging } from '../os/timesharing/memory/table.ts';
import { MEMORIES, PROTECTIONS, type Settings } from '../os/timesharing/settings.ts';
import { openSandbox } from '../sandbox/sandbox.ts';
import { DISCIPLINE_PIECE } from '../worlds/s370/discipline-piece.ts';
import type { Pieces } from '../worlds/s370/piece.ts';
import type { Job, TimesharingChoice } from '../worlds/s370/configuration.ts';
import { count, readText } from './arguments.ts';
import { BadArguments } from './failure.ts';

const NAME = 'timesharing';
/** Cycles of a millisecond of a Model 145, in which a command line gives its times. */
const MILLISECOND = 1e9 / 202_500;

const DEFAULTS: Settings = {
  discipline: 'round-robin',
  protection: 'dat',
  memory: 'resident',
  frames: 64,
  quantum: Math.round(20 * MILLISECOND),
  second: Math.round(1000 * MILLISECOND),
  users: 0,
  think: 2,
  seed: 1,
  interactions: 3,
};

const oneOf = <T extends string>(names: readonly T[], value: string, what: string): T => {
  const found = names.find((name) => name === value);
  if (found === undefined)
    throw new BadArguments(`--under timesharing:${what}=${value}: there are ${names.join(', ')}`);
  return found;
};
const number = (value: string, what: string): number => count(value, `--under timesharing:${what}=`);

const OPTIONS: Readonly<Record<string, (value: string) => Partial<Settings>>> = {
  discipline: (value) => ({ discipline: oneOf(DISCIPLINE_NAMES, value, 'discipline') }),
  protection: (value) => ({ protection: oneOf(PROTECTIONS, value, 'protection') }),
  memory: (value) => ({ memory: oneOf(MEMORIES, value, 'memory') }),
  frames: (value) => ({ frames: number(value, 'frames') }),
  /** Cycles, or milliseconds with `ms` after them. */
  quantum: (value) => ({ quantum: cycles(value, 'quantum') }),
  second: (value) => ({ second: cycles(value, 'second') }),
  users: (value) => ({ users: number(value, 'users') }),
  think: (value) => ({ think: number(value, 'think') }),
  seed: (value) => ({ seed: number(value, 'seed') }),
  interactions: (value) => ({ interactions: number(value, 'interactions') }),
};
const cycles = (value: string, what: string): number =>
  value.endsWith('ms') ? Math.round(number(value.slice(0, -2), what) * MILLISECOND) : number(value, what);

export const isTimesharing = (under: string | undefined): under is string => under?.split(':')[0] === NAME;

/** `FILE` or `FILE:WEIGHT`; the program is called as its file, in upper case. */
function jobOf(text: string): Job {
  const [file = '', weight] = text.split(':');
  const name = basename(file)
    .replace(/\.[^.]*$/, '')
    .toUpperCase()
    .slice(0, 8);
  return { name, source: readText(file), weight: weight === undefined ? 1 : number(weight, 'job') };
}

/** Most frames that fit beside the supervisor in the 16 M of a System/370. */
const MOST_FRAMES = 4000;

export function timesharingOf(under: string, jobs: readonly string[]): TimesharingChoice {
  const [, ...options] = under.split(':');
  const settings = options.reduce<Settings>((so, text) => {
    const [name = '', value = ''] = text.split('=');
    const option = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined;
    if (!option)
      throw new BadArguments(
        `--under timesharing:${text}: options are ${Object.keys(OPTIONS).join(', ')}, as in users=20`,
      );
    return { ...so, ...option(value) };
  }, DEFAULTS);
  if (isPaging(settings.memory) && settings.protection !== 'dat')
    throw new BadArguments(
      `--under timesharing: memory=${settings.memory} needs protection=dat: only translation finds that a page is away`,
    );
  if (settings.frames > MOST_FRAMES)
    throw new BadArguments(`--under timesharing:frames=${settings.frames}: at most ${MOST_FRAMES}`);
  return { settings, jobs: jobs.map(jobOf), weight: jobs.length === 0 ? 1 : 0 };
}

/** `--discipline FILE.js`: a discipline of one's own, as a function `place(task, why, moment)`. */
export async function ownDiscipline(file: string, under: string | undefined): Promise<Pieces> {
  if (!isTimesharing(under))
    throw new BadArguments('--discipline: only --under timesharing has a scheduler to replace');
  return { sandbox: await openSandbox(), sources: { [DISCIPLINE_PIECE]: readText(file) } };
}
