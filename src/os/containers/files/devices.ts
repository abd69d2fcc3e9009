/** Character devices by number. Linux, Documentation/admin-guide/devices.txt. */
import { fail } from '../abi/errno.ts';
import { device, S_IFCHR } from '../abi/modes.ts';
import type { Kernel } from '../kernel.ts';
import { Directory } from './inode.ts';
import type { Place } from './mounts.ts';
import { OpenFile } from './open-file.ts';
import { MASTER_DEVICE } from './pty.ts';

export const NULL_DEVICE = device(1, 3);
/** /dev/tty: the controlling terminal of whoever opens it. */
export const TERMINAL_DEVICE = device(5, 0);

export class NullFile extends OpenFile {
  read(): Uint8Array {
    return new Uint8Array();
  }
  write(bytes: Uint8Array): number {
    return bytes.length;
  }
}

export class ZeroFile extends NullFile {
  override read(length = 0): Uint8Array {
    return new Uint8Array(length);
  }
}

export class FullFile extends ZeroFile {
  override write(): number {
    return fail('ENOSPC');
  }
}

export class RandomFile extends NullFile {
  private readonly random: Kernel['random'];
  constructor(flags: number, place: Place, random: Kernel['random']) {
    super(flags, place);
    this.random = random;
  }
  override read(length = 0): Uint8Array {
    return Uint8Array.from({ length }, () => this.random.word() & 0xff);
  }
}

type Opener = (flags: number, place: Place, kernel: Kernel) => OpenFile;
interface DeviceRow {
  readonly name: string;
  readonly rdev: number;
  readonly open: Opener;
}
const random: Opener = (flags, place, kernel) => new RandomFile(flags, place, kernel.random);

/** What a container finds in /dev. OCI runtime specification, "Default Devices". */
export const DEVICES: readonly DeviceRow[] = [
  { name: 'null', rdev: NULL_DEVICE, open: (flags, place) => new NullFile(flags, place) },
  { name: 'zero', rdev: device(1, 5), open: (flags, place) => new ZeroFile(flags, place) },
  { name: 'full', rdev: device(1, 7), open: (flags, place) => new FullFile(flags, place) },
  { name: 'random', rdev: device(1, 8), open: random },
  { name: 'urandom', rdev: device(1, 9), open: random },
];
/** Terminals, which depend on who opens them: `openTerminal`. */
const TERMINALS = [
  { name: 'tty', rdev: TERMINAL_DEVICE },
  { name: 'ptmx', rdev: MASTER_DEVICE },
];

export function openDevice(kernel: Kernel, rdev: number, flags: number, place: Place): OpenFile {
  const row = DEVICES.find((d) => d.rdev === rdev) ?? fail('ENXIO');
  return row.open(flags, place, kernel);
}

/** The default devices, where the image brings none. */
export function populateDevices(root: Directory): void {
  const dev = root.find('dev') ?? root.create('dev', { kind: 'directory', mode: 0o755 });
  if (!(dev instanceof Directory)) return;
  for (const { name, rdev } of [...DEVICES, ...TERMINALS])
    if (!dev.find(name)) dev.create(name, { kind: 'special', mode: S_IFCHR | 0o666, rdev });
}
