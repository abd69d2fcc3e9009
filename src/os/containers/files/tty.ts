/** A terminal: what is typed goes through the line discipline to whoever reads, what is written goes to the screen. termios(3). */
import { fail } from '../abi/errno.ts';
import { POLLERR, POLLHUP, POLLIN, POLLOUT } from '../abi/modes.ts';
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
  /** Rows and columns, as winsize has them. */
  size: readonly [rows: number, columns: number] = [25, 80];
  session: Session | null = null;
  foreground: ProcessGroup | null = null;
  protected readonly kernel: Kernel;

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
    this.typeBytes(new TextEncoder().encode(text));
  }
  typeBytes(bytes: Uint8Array): void {
    for (const byte of bytes) this.key(byte);
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
      if (line.pop() !== undefined && this.has(ECHO)) this.erase(1);
    } else if (byte === characters[VKILL]) {
      if (this.has(ECHO)) this.erase(line.length);
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
    const { characters } = this;
    const index = [VINTR, VQUIT, VSUSP].find((each) => characters[each] === byte);
    if (index === undefined) return false;
    const signal = { [VINTR]: SIGNALS.INT, [VQUIT]: SIGNALS.QUIT, [VSUSP]: SIGNALS.TSTP }[index];
    this.echo(byte);
    this.show('\n');
    this.line = [];
    if (signal !== undefined) this.tell(signal);
    return true;
  }

  // ---------------------------------------------------------------- whose it is

  /** Sends a signal to the processes in the foreground. */
  private tell(signal: number): void {
    const members = new Set([...this.kernel.threads].map(({ process }) => process));
    for (const process of members)
      if (this.foreground && process.group === this.foreground)
        post(this.kernel, process, { signal, code: 128, fields: [] });
  }

  /** Becomes the controlling terminal of a session. */
  control(session: Session, group: ProcessGroup): void {
    [this.session, this.foreground, session.terminal] = [session, group, this];
  }

  /** No longer anybody's: its leader is gone, or gives it up. The foreground hears SIGHUP, then SIGCONT. credentials(7). */
  leave(): void {
    for (const signal of [SIGNALS.HUP, SIGNALS.CONT]) this.tell(signal);
    if (this.session) this.session.terminal = null;
    [this.session, this.foreground] = [null, null];
  }

  /** The line is dead: the leader of its session hears of it as well. */
  hangUp(): void {
    const { leader } = this.session ?? {};
    if (leader && leader.group !== this.foreground)
      for (const signal of [SIGNALS.HUP, SIGNALS.CONT])
        post(this.kernel, leader, { signal, code: 128, fields: [] });
    this.leave();
  }

  setSize(size: readonly [rows: number, columns: number]): void {
    if (size[0] === this.size[0] && size[1] === this.size[1]) return;
    this.size = size;
    this.tell(SIGNALS.WINCH);
  }

  get hungUp(): boolean {
    return false;
  }
  get hasRoom(): boolean {
    return true;
  }

  // ---------------------------------------------------------------- the programs' side

  protected show(text: string): void {
    this.screen = (this.screen + text).slice(-MOST_TEXT);
  }
  protected erase(count: number): void {
    this.screen = this.screen.slice(0, this.screen.length - count);
  }

  /** As the line discipline hands output on: with a carriage return before each new line, if that is asked for. */
  protected processed(bytes: Uint8Array): Uint8Array {
    const both = OPOST | ONLCR;
    if ((this.flags[1] & both) !== both || !bytes.includes(10)) return bytes;
    return Uint8Array.from([...bytes].flatMap((byte) => (byte === 10 ? [13, 10] : [byte])));
  }

  /** null where there is no room. */
  write(bytes: Uint8Array): number | null {
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
const TIOCSWINSZ = 0x5414;

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
    return this.terminal.hungUp ? new Uint8Array() : this.terminal.read(length);
  }
  write(bytes: Uint8Array): number | null {
    return this.terminal.hungUp ? fail('EIO') : this.terminal.write(bytes);
  }
  override poll(): number {
    const { readable, hasRoom, hungUp } = this.terminal;
    if (hungUp) return POLLIN | POLLOUT | POLLERR | POLLHUP;
    return (hasRoom ? POLLOUT : 0) | (readable ? POLLIN : 0);
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
        memory.setWords(argument, [terminal.size[0] | (terminal.size[1] << 16), 0]);
        return 0;
      case TIOCSWINSZ: {
        const word = memory.word(argument);
        terminal.setSize([word & 0xffff, word >>> 16]);
        return 0;
      }
      case TIOCGPGRP:
        memory.setWord(argument, terminal.foreground?.leader.pidIn(process.namespaces.pid) ?? 0);
        return 0;
      case TIOCSPGRP:
        return this.setForeground(process, memory.word(argument));
      case TIOCSCTTY:
        return this.takeControl(process);
      case TIOCNOTTY:
        if (process.session.terminal !== terminal) return fail('ENOTTY');
        if (process.session.leader === process) terminal.leave();
        return 0;
      case FIONREAD:
        memory.setWord(argument, terminal.waiting);
        return 0;
      default:
        return fail('ENOTTY');
    }
  }

  /** TIOCSCTTY: only for a leader that has none, and a terminal that is nobody's. */
  private takeControl(process: Process): number {
    const { terminal } = this;
    const { session, group } = process;
    if (session.terminal === terminal) return 0;
    if (session.leader !== process || session.terminal || terminal.session) return fail('EPERM');
    terminal.control(session, group);
    return 0;
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
