/** Pseudo-terminals: a terminal whose screen and keyboard are another program, and their file system. pty(7), pts(4). */
import { fail } from '../abi/errno.ts';
import { device, O_RDWR, POLLHUP, POLLIN, POLLOUT, S_IFCHR } from '../abi/modes.ts';
import type { Kernel } from '../kernel.ts';
import { Directory, Special, type FileSystem, type Inode } from './inode.ts';
import type { Place } from './mounts.ts';
import type { Asker } from './open-file.ts';
import { ByteQueue, FIONREAD } from './pipe.ts';
import { OpenTerminal, Terminal } from './tty.ts';

const DEVPTS_MAGIC = 0x1cd1;
const SLAVE_MAJOR = 136;
export const MASTER_DEVICE = device(5, 2);
/** Bytes that wait for the master at most, and how many terminals there may be: /proc/sys/kernel/pty/max. */
const CAPACITY = 65536;
const MOST = 4096;
const encoder = new TextEncoder();

export class PseudoTerminal extends Terminal {
  readonly number: number;
  /** What its master has not read yet. */
  readonly output = new ByteQueue();
  locked = true;
  /** Open descriptions of its own end, and whether there has ever been one. */
  users = 0;
  wasOpened = false;
  private masterGone = false;

  constructor(kernel: Kernel, number: number) {
    super(kernel, `pts/${number}`);
    this.number = number;
  }
  override get hungUp(): boolean {
    return this.masterGone;
  }
  override get hasRoom(): boolean {
    return this.output.length < CAPACITY;
  }
  protected override show(text: string): void {
    this.output.push(this.processed(encoder.encode(text)));
  }
  protected override erase(count: number): void {
    this.show('\b \b'.repeat(count));
  }
  override write(bytes: Uint8Array): number | null {
    if (!this.hasRoom) return null;
    const some = bytes.subarray(0, CAPACITY - this.output.length);
    this.output.push(this.processed(some));
    return some.length;
  }
  /** Its master is closed: whoever has it for a terminal hears of it. */
  end(): void {
    this.masterGone = true;
    this.hangUp();
  }
}

/** The terminal's end that programs have for a terminal. */
export class OpenSlave extends OpenTerminal {
  private readonly pseudo: PseudoTerminal;
  constructor(flags: number, terminal: PseudoTerminal, place: Place) {
    super(flags, terminal, place);
    this.pseudo = terminal;
    terminal.users++;
    terminal.wasOpened = true;
  }
  override closed(): void {
    this.pseudo.users--;
  }
}

// ioctl_tty(2), "Pseudoterminal ioctls".
const [TIOCGPTN, TIOCSPTLCK, TIOCGPTLCK] = [0x80045430 | 0, 0x40045431, 0x80045439 | 0];

/** The other end: reads what is written to the terminal, writes what is typed. */
export class OpenMaster extends OpenTerminal {
  readonly pseudo: PseudoTerminal;
  private readonly directory: PtsDirectory;

  constructor(flags: number, directory: PtsDirectory, pseudo: PseudoTerminal, place: Place) {
    super(flags, pseudo, place);
    [this.pseudo, this.directory] = [pseudo, directory];
  }
  override get label(): string {
    return '/dev/ptmx';
  }
  private get over(): boolean {
    return this.pseudo.wasOpened && this.pseudo.users === 0;
  }
  override read(length: number): Uint8Array | null {
    const { output } = this.pseudo;
    if (output.length > 0) return output.take(length);
    return this.over ? fail('EIO') : null;
  }
  override write(bytes: Uint8Array): number {
    this.pseudo.typeBytes(bytes);
    return bytes.length;
  }
  override poll(): number {
    return POLLOUT | (this.pseudo.output.length > 0 ? POLLIN : 0) | (this.over ? POLLHUP : 0);
  }
  override ioctl(request: number, argument: number, asker: Asker): number {
    const { pseudo } = this;
    const answer = (value: number): number => {
      asker.memory.setWord(argument, value);
      return 0;
    };
    switch (request) {
      case TIOCGPTN:
        return answer(pseudo.number);
      case TIOCGPTLCK:
        return answer(pseudo.locked ? 1 : 0);
      case FIONREAD:
        return answer(pseudo.output.length);
      case TIOCSPTLCK:
        pseudo.locked = asker.memory.word(argument) !== 0;
        return 0;
      default:
        return super.ioctl(request, argument, asker);
    }
  }
  override closed(): void {
    this.directory.terminals.delete(this.pseudo.number);
    this.pseudo.end();
  }
}

/** A terminal's name in /dev/pts. */
export class SlaveNode extends Special {
  readonly terminal: PseudoTerminal;
  constructor(filesystem: FileSystem, terminal: PseudoTerminal) {
    super(filesystem, S_IFCHR | 0o620, device(SLAVE_MAJOR, terminal.number));
    this.terminal = terminal;
  }
}

/** /dev/pts: the terminals of one instance, and the device that makes them. Linux, Documentation/filesystems/devpts.rst. */
export class PtsDirectory extends Directory {
  readonly terminals = new Map<number, SlaveNode>();
  private readonly maker: Special;

  constructor(filesystem: FileSystem) {
    super(filesystem, 0o755);
    this.maker = new Special(filesystem, S_IFCHR | 0o666, MASTER_DEVICE);
  }
  find(name: string): Inode | null {
    if (name === 'ptmx') return this.maker;
    return /^(0|[1-9]\d*)$/.test(name) ? (this.terminals.get(Number(name)) ?? null) : null;
  }
  *entries(): Generator<readonly [string, Inode]> {
    yield ['ptmx', this.maker];
    for (const [number, node] of this.terminals) yield [String(number), node];
  }

  /** A new terminal with the lowest free number, as its master; ENOSPC where there are too many. */
  open(kernel: Kernel, flags: number, place: Place, owner: { uid: number; gid: number }): OpenMaster {
    let number = 0;
    while (this.terminals.has(number)) number++;
    if (number >= MOST) return fail('ENOSPC');
    const terminal = new PseudoTerminal(kernel, number);
    const node = new SlaveNode(this.filesystem, terminal);
    [node.uid, node.gid] = [owner.uid, owner.gid];
    this.terminals.set(number, node);
    return new OpenMaster(flags | O_RDWR, this, terminal, place);
  }
}

export const ptsRoot = (): PtsDirectory =>
  new PtsDirectory({ type: 'devpts', magic: DEVPTS_MAGIC, device: 4, nextInode: 1 });
