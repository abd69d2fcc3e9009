/** The headless command: what a page can do, a script can do. */
import { asm } from './asm.ts';
import { disasm } from './disasm.ts';
import { BAD_ARGUMENTS, BadArguments, FAILED, OK, RunFailed } from './failure.ts';
import { lab, labs } from './labs.ts';
import { standardOutput, type Output } from './output.ts';
import { run } from './run.ts';

type Command = (argv: readonly string[], out: Output) => number | Promise<number>;

const COMMANDS: Readonly<Record<string, Command>> = { run, asm, disasm, labs, lab };

const USAGE = `strata run --machine s370 [--model 145|158|168] [--under cp[,cp]] [--storage 1M]
           (--source FILE.s [--psw HEX16] | --load FILE@HEXADDR ... --psw HEX16 | --ipl FILE --device reader|disk)
           [--reader FILE] [--limit CYCLES] [--dump HEXADDR:LEN] [--json]
strata asm --isa s370 FILE.s [-o OUT] [--listing]
strata disasm --isa s370 FILE [--at HEXADDR]
strata labs [--json]
strata lab ID [--workload W] [--technique T] [--limit CYCLES] [--json]

Exit status: 0 ok, 1 the run failed, 2 bad arguments.
`;

/** Runs one command and returns its exit status. */
export async function main(argv: readonly string[], out: Output = standardOutput): Promise<number> {
  const [name = '', ...rest] = argv;
  if (name === 'help' || name === '--help' || name === '-h') {
    out.print(USAGE);
    return OK;
  }
  try {
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!command)
      throw new BadArguments(
        name === '' ? `a command is needed: ${Object.keys(COMMANDS).join(', ')}` : `unknown command ${name}`,
      );
    return await command(rest, out);
  } catch (error) {
    if (error instanceof RunFailed) {
      out.warn(error.message);
      return FAILED;
    }
    if (error instanceof BadArguments) {
      out.warn(`strata: ${error.message}`);
      return BAD_ARGUMENTS;
    }
    // A bug of ours: still one line; the stack only for whoever asks.
    out.warn(`strata: internal error: ${error instanceof Error ? error.message : String(error)}`);
    if (process.env['STRATA_DEBUG'] !== undefined && error instanceof Error) out.warn(error.stack ?? '');
    return FAILED;
  }
}
