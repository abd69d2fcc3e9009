/** `--under cp,cp` with options as in `cp:assist=vma`: the control programs that a command line asks for. */
import { MAX_LEVEL } from '../accounting/vocabulary.ts';
import { ASSIST_LEVELS } from '../machines/s370/assist/vm-assist.ts';
import { LARGEST_STORAGE } from '../machines/s370/storage.ts';
import type { MonitorChoice } from '../worlds/s370/configuration.ts';
import { realStorage } from '../worlds/s370/cp-system.ts';
import { count } from './arguments.ts';
import { BadArguments } from './failure.ts';

/** Bytes of a page of CP. */
const PAGE = 4096;

/** One option of a level, `name=value`. */
function option(text: string): Partial<MonitorChoice> {
  const [name, value = '', ...more] = text.split('=');
  if (more.length === 0 && name === 'assist') {
    const assist = ASSIST_LEVELS.find((level) => level === value);
    if (assist) return { assist };
    throw new BadArguments(`--under …:${text}: assist is ${ASSIST_LEVELS.join(', ')}`);
  }
  if (more.length === 0 && name === 'frames') return { frames: count(value, `--under …:${text}:`) };
  if (text === 'virtual=real') return { virtualReal: true };
  if (text === 'notrans') return { noTranslation: true };
  throw new BadArguments(
    `--under …:${text}: options are assist=vma, assist=ecps, frames=N, virtual=real, notrans`,
  );
}

function levelOf(text: string, index: number): MonitorChoice {
  const [name, ...options] = text.split(':');
  if (name !== 'cp') throw new BadArguments(`--under ${text}: there are cp and timesharing`);
  if (index > 0 && options.length > 0)
    throw new BadArguments(`--under ${text}: only the first level has options; it has the real machine`);
  const choice = Object.assign({ name }, ...options.map(option)) as MonitorChoice;
  if (choice.noTranslation && !choice.virtualReal)
    throw new BadArguments(`--under ${text}: notrans needs virtual=real`);
  if (choice.frames !== undefined && choice.virtualReal)
    throw new BadArguments(`--under ${text}: a virtual=real machine is not paged`);
  return choice;
}

/** The levels of `text`, lowest first, for a guest of `storage` bytes. */
export function monitors(text: string | undefined, storage: number): MonitorChoice[] {
  const levels = (text ?? '')
    .split(',')
    .filter((name) => name !== '')
    .map(levelOf);
  if (levels.length > 1 && levels[0]!.virtualReal)
    throw new BadArguments('--under: the virtual=real machine is that of the program; one level only');
  if (levels.length > 1 && levels[0]!.frames !== undefined)
    throw new BadArguments(
      '--under: storage of a machine with a CP in it is locked; frames is for one level only',
    );
  if (levels.length > MAX_LEVEL)
    throw new BadArguments(`--under: at most ${MAX_LEVEL} levels can be told apart`);
  if (levels.length > 0 && storage % PAGE !== 0)
    throw new BadArguments(`--storage: CP gives its machines storage in pages of 4K`);
  if (realStorage(levels, storage) > LARGEST_STORAGE)
    throw new BadArguments(
      `--storage: with ${levels.length} levels of CP the machine would need more than 16M`,
    );
  return levels;
}
