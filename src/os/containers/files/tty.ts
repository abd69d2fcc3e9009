/** A terminal: what is typed goes through the line discipline to whoever reads, what is written goes to the screen. termios(3). */
import { fail } from '../abi/errno.ts';
import { POLLIN, POLLOUT } from '../abi/modes.ts';
import type { Kernel } from '../kernel.ts';
import { post } from '../process/delivery.ts';
import type { Process, ProcessGroup, Session } from '../process/process.ts';
import { SIGNALS } from '../process/signals.ts';
import type { Place } from './mounts.ts';
import { OpenFile, type Asker } from './open-file.ts';
import { ByteQueue, FIONREAD } from './pipe.ts';

/** Characters that the screen keeps. */
const MOST_TEXT = 64_000;
const LONGEST_LINE = 4096;

// Flags of struct termios. include/uapi/asm-generic/termbits.h.
const ICRNL = 0o400;
const OPOST = 1;
const ONLCR = 4;
const ISIG = 1;
const ICANON = 2;
const ECHO = 8;
const ECHOE = 16;
/** Characters with a meaning, by their index in c_cc. */
const [VINTR, VQUIT, VERASE, VKILL, VEOF, VMIN, VSUSP] = [0, 1, 2, 3, 4, 6, 10] as const;
const CONTROL_CHARACTERS = 19;

export class Terminal {
  readonly name: string;
  /** Input, output, control and local flags. */
  flags: [number, number, number, number] = [ICRNL, OPOST | ONLCR, 0o277, ISIG | ICANON | ECHO | ECHOE];
  characters: Uint8Array = new Uint8Array(CONTROL_CHARACTERS);
  /** The line that is being typed. */
  private line: number[] = [];
  private readonly typed = new ByteQueue();
  /** Lengths of the lines that wait; 0 is an end of file. */
  private readonly lines: number[] = [];
  private screen = '';
  session: Session | null = null;
  foreground: ProcessGroup | null = null;
  private readonly kernel: Kernel;

  constructor(kernel: Kernel, name: string) {
    [this.kernel, this.name] = [kernel, name];
    this.characters.set([3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26]);
  }

  private has(local: number): boolean {
    return (this.flags[3] & local) !== 0;
  }
  /** What stands on it, the latest at most. */
  get text(): string {
    return this.screen;
  }

  // ---------------------------------------------------------------- typing

  type(text: string): void {
    for (const byte of new TextEncoder().encode(text)) this.key(byte);
  }

  private key(given: number): void {
    const byte = given === 13 && (this.flags[0] & ICRNL) !== 0 ? 10 : given;
    if (this.has(ISIG) && this.signals(byte)) return;
    if (!this.has(ICANON)) {
      this.typed.push(Uint8Array.of(byte));
      this.echo(byte);
      return;
    }
    const { characters, line } = this;
    if (byte === characters[VERASE] || byte === 8) {
      if (line.pop() !== undefined && this.has(ECHO)) this.screen = this.screen.slice(0, -1);
    } else if (byte === characters[VKILL]) {
      if (this.has(ECHO)) this.screen = this.screen.slice(0, this.screen.length - line.length);
      line.length = 0;
    } else if (byte === characters[VEOF]) this.complete();
    else if (line.length < LONGEST_LINE) {
      line.push(byte);
      this.echo(byte);
      if (byte === 10) this.complete();
    }
  }

  private complete(): void {
    this.lines.push(this.line.length);
    this.typed.push(Uint8Array.from(this.line));
    this.line = [];
  }

  private echo(byte: number): void {
    if (this.has(ECHO))
      this.show(byte < 32 && byte !== 10 ? `^${String.fromCharCode(byte + 64)}` : String.fromCharCode(byte));
  }

  /** ^C, ^\ and ^Z go to the processes in the foreground. */
  private signals(byte: number): boolean {
    const { characters, kernel, foreground } = this;
    const index = [VINTR, VQUIT, VSUSP].find((each) => characters[each] === byte);
    if (index === undefined) return false;
    const signal = { [VINTR]: SIGNALS.INT, [VQUIT]: SIGNALS.QUIT, [VSUSP]: SIGNALS.TSTP }[index];
    this.echo(byte);
    this.show('\n');
    this.line = [];
    const members = new Set([...kernel.threads].map(({ process }) => process));
    for (const process of members)
      if (foreground && process.group === foreground)
        post(kernel, process, { signal, code: 128, fields: [] });
    return true;
  }

  // ---------------------------------------------------------------- the programs' side

  private show(text: string): void {
    this.screen = (this.screen + text).slice(-MOST_TEXT);
  }

  write(bytes: Uint8Array): number {
    this.show(new TextDecoder().decode(bytes).replaceAll('\r', ''));
    return bytes.length;
  }

  get readable(): boolean {
    return this.has(ICANON) ? this.lines.length > 0 : this.typed.length > 0 || this.characters[VMIN] === 0;
  }

  /** At most one line; null if nothing has been typed yet. */
  read(length: number): Uint8Array | null {
    if (!this.readable) return null;
    if (!this.has(ICANON)) return this.typed.take(length);
    const first = this.lines[0]!;
    const bytes = this.typed.take(Math.min(length, first));
    if (bytes.length === first) this.lines.shift();
    else this.lines[0] = first - bytes.length;
    return bytes;
  }

  get waiting(): number {
    return this.typed.length;
  }
}

// Requests of ioctl. ioctl_tty(2).
const [TCGETS, TCSETS, TCSETSF] = [0x5401, 0x5402, 0x5404];
const [TIOCSCTTY, TIOCGPGRP, TIOCSPGRP, TIOCGWINSZ, TIOCNOTTY] = [0x540e, 0x540f, 0x5410, 0x5413, 0x5422];
const [ROWS, COLUMNS] = [25, 80];

/** A terminal as a process has it open. */
export class OpenTerminal extends OpenFile {
  readonly terminal: Terminal;

  constructor(flags: number, terminal: Terminal, place: Place | null = null) {
    super(flags, place);
    this.terminal = terminal;
  }
  override get label(): string {
    return `/dev/${this.terminal.name}`;
  }
  read(length: number): Uint8Array | null {
    return this.terminal.read(length);
  }
  write(bytes: Uint8Array): number {
    return this.terminal.write(bytes);
  }
  override poll(): number {
    return POLLOUT | (this.terminal.readable ? POLLIN : 0);
  }

  override ioctl(request: number, argument: number, { memory, process }: Asker): number {
    const { terminal } = this;
    if (request >= TCSETS && request <= TCSETSF) {
      terminal.flags = [...memory.words(argument, 4)] as Terminal['flags'];
      terminal.characters = memory.read(argument + 17, CONTROL_CHARACTERS);
      return 0;
    }
    switch (request) {
      case TCGETS:
        memory.setWords(argument, terminal.flags);
        memory.write(argument + 16, Uint8Array.of(0, ...terminal.characters));
        return 0;
      case TIOCGWINSZ:
        memory.write(argument, Uint8Array.of(ROWS, 0, COLUMNS, 0, 0, 0, 0, 0));
        return 0;
      case TIOCGPGRP:
        memory.setWord(argument, terminal.foreground?.leader.pidIn(process.namespaces.pid) ?? 0);
        return 0;
      case TIOCSPGRP:
        return this.setForeground(process, memory.word(argument));
      case TIOCSCTTY:
        [terminal.session, terminal.foreground] = [process.session, process.group];
        return 0;
      case TIOCNOTTY:
        return 0;
      case FIONREAD:
        memory.setWord(argument, terminal.waiting);
        return 0;
      default:
        return fail('ENOTTY');
    }
  }

  private setForeground(process: Process, number: number): number {
    const { terminal } = this;
    if (terminal.session !== process.session) return fail('ENOTTY');
    const member = process.namespaces.pid.processes.find(
      ({ group }) => group.leader.pidIn(process.namespaces.pid) === number,
    );
    if (member?.session !== process.session) return fail('EPERM');
    terminal.foreground = member.group;
    return 0;
  }
}
