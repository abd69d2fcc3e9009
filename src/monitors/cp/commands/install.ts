/**
 * The commands of CP at a terminal: finds the command that a line names, runs it, and puts what is wrong into the form
 * that the user has chosen with SET EMSG.
 */
import type { ControlProgram } from '../control-program.ts';
import { messageFor } from '../messages.ts';
import type { VirtualMachine } from '../virtual-machine.ts';
import { abbreviates, CommandError, fail, type Command, type Installation } from './command.ts';
import { CONTROL } from './control.ts';
import { DEFINE } from './define.ts';
import { LINK } from './link.ts';
import { MESSAGES } from './message.ts';
import { QUERY } from './query.ts';
import { lineWithoutUser, SESSION } from './session.ts';
import { SPOOLING } from './spooling.ts';
import { STORAGE } from './storage.ts';
import { COMMANDS_ABSENT } from './support.ts';
import { CommandTracer, TRACE } from './trace.ts';

export const COMMANDS: readonly Command[] = [
  ...SESSION,
  ...CONTROL,
  ...STORAGE,
  ...QUERY,
  ...DEFINE,
  ...TRACE,
  ...LINK,
  ...SPOOLING,
  ...MESSAGES,
];

/** The command that `word` names or abbreviates, as far as the user's classes know it. */
function find(word: string, privileges: string): Command | undefined {
  const known = COMMANDS.filter(
    ({ classes }) => !classes || Array.from(classes).some((c) => privileges.includes(c)),
  );
  return (
    known.find(({ name }) => name === word) ??
    known.find(({ name, shortest }) => abbreviates(word, name, shortest))
  );
}

function execute(cp: ControlProgram, installation: Installation, vm: VirtualMachine, line: string): string {
  const text = line.trim();
  // A comment, or nothing: the machine stays where CP has it.
  if (text.startsWith('*')) return '';
  if (text === '') {
    if (vm.state.settings?.run !== true) vm.state.stopped = true;
    return 'CP';
  }
  const [word = '', ...words] = text.split(/\s+/);
  const name = word.toUpperCase();
  const command = find(name, vm.state.privileges ?? 'G');
  if (!command) {
    const absent = Object.entries(COMMANDS_ABSENT).find(([known, [shortest]]) =>
      abbreviates(name, known, shortest),
    );
    fail('DMKCFC001E', `?CP: ${name}${absent ? ` - ${absent[1][1]}` : ''}`);
  }
  const operands = words.map((w) => w.toUpperCase());
  return command.run({ cp, vm, installation, operands, rest: text.slice(word.length) });
}

/** Puts the commands, TRACE and LOGON of `installation` into `cp`. */
export function installCommands(cp: ControlProgram, installation: Installation): void {
  cp.command = (vm, line) => {
    cp.returnCode = 0;
    try {
      return execute(cp, installation, vm, line);
    } catch (thrown) {
      if (!(thrown instanceof CommandError)) throw thrown;
      cp.returnCode = Number(/\d{3}/.exec(thrown.code)?.[0] ?? 1);
      return messageFor(vm.state.settings, thrown.code, thrown.message);
    }
  };
  cp.noUser = (terminal, line) => lineWithoutUser(cp, installation, terminal, line);
  cp.tracer = new CommandTracer(cp);
}
