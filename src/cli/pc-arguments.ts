/** The command line of `strata run --machine pc`. */
import { MODELS } from '../machines/pc/models.ts';
import type { NamedFile, PcConfiguration, PcProgram } from '../worlds/pc/configuration.ts';
import { DISK_PATHS, isDiskPath, type DiskPathName } from '../monitors/vmx/disk-paths.ts';
import type { Keyboard, Line, Script } from '../worlds/pc/dialogue.ts';
import { isPcMonitor, PC_MONITORS, type PcMonitorName } from '../worlds/pc/monitors/table.ts';
import { count, parse, readBytes } from './arguments.ts';
import { SCHEDULERS, type SchedulerName } from '../monitors/xen/schedulers.ts';
import { partitioned } from '../worlds/pc/partitions.ts';
import { readDomains } from './domains.ts';
import { BadArguments } from './failure.ts';

/** So that nothing runs for ever: about a minute of a Pentium III. */
const DEFAULT_LIMIT = 4e10;

const OPTIONS = {
  machine: { type: 'string' },
  bios: { type: 'string' },
  kernel: { type: 'string' },
  append: { type: 'string', default: '' },
  module: { type: 'string', multiple: true },
  ramdisk: { type: 'string' },
  domains: { type: 'string' },
  sched: { type: 'string' },
  disk: { type: 'string', multiple: true },
  'write-disks': { type: 'boolean', default: false },
  boot: { type: 'string' },
  load: { type: 'string', multiple: true },
  entry: { type: 'string' },
  ram: { type: 'string' },
  memory: { type: 'string' },
  under: { type: 'string', default: '' },
  'disk-by': { type: 'string' },
  'log-dirty': { type: 'string' },
  cpu: { type: 'string', default: 'pentium3' },
  serial: { type: 'string' },
  'type-on': { type: 'string', default: 'auto' },
  until: { type: 'string' },
  port: { type: 'string', multiple: true },
  vga: { type: 'string' },
  limit: { type: 'string', default: String(DEFAULT_LIMIT) },
  resets: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

export interface PcArguments {
  readonly configuration: PcConfiguration;
  /** What complaints about the program name. */
  readonly name: string;
  readonly script: Script;
  /** Where keys go that wait for nothing. */
  readonly typesOn: 'serial' | 'keyboard';
  /** `stdout` or a file; null = kept for the report. */
  readonly serial: string | null;
  readonly ports: readonly { readonly port: number; readonly target: string }[];
  readonly vga: string | null;
  readonly writeBack: readonly { readonly index: number; readonly path: string }[];
  readonly limit: number;
  readonly json: boolean;
}

type Values = ReturnType<typeof parse<{ args: string[]; options: typeof OPTIONS }>>['values'];

/** A number with K, M or G, or bare bytes. */
function memorySize(text: string): number {
  const parts = /^(\d+)([KMG]?)$/i.exec(text);
  const factor = { '': 1, K: 1 << 10, M: 1 << 20, G: 1 << 30 }[parts?.[2]?.toUpperCase() ?? ''] ?? 1;
  const size = Number(parts?.[1] ?? NaN) * factor;
  if (!(size >= 4 << 20 && size <= 1 << 30) || size % 65536 !== 0)
    throw new BadArguments(`--ram ${text}: a multiple of 64K from 4M to 1G is needed, e.g. 64M`);
  return size;
}

function hexadecimal(text: string, what: string, most: number): number {
  const value = /^(0x)?[0-9a-f]{1,8}$/i.test(text) ? parseInt(text, 16) : NaN;
  if (!(value <= most))
    throw new BadArguments(`${what} ${text}: a hexadecimal number up to ${most.toString(16)} is needed`);
  return value;
}

const nameOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1);

/** `FILE ARGUMENTS…`: the words behind the first blank are the module's own. */
function namedFile(text: string): NamedFile {
  const cut = text.indexOf(' ');
  const path = cut < 0 ? text : text.slice(0, cut);
  return { file: readBytes(path), name: nameOf(path) + text.slice(path.length) };
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  e: '\x1b',
  '\\': '\\',
};

/** Backslash sequences as a shell leaves them: \n \r \t \b \e \\ \xHH. */
const unescaped = (text: string): string =>
  text.replace(/\\(x[0-9a-f]{2}|.)/gi, (whole, code: string) =>
    code.length === 3 ? String.fromCharCode(parseInt(code.slice(1), 16)) : (ESCAPES[code] ?? whole),
  );

/** Takes `--type KEYS [after TEXT]` out of the words; node's parser knows no option with such a tail. */
function linesOf(argv: readonly string[]): { readonly rest: string[]; readonly lines: Line[] } {
  const rest: string[] = [];
  const lines: Line[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at]!;
    const inline = word.startsWith('--type=') ? word.slice('--type='.length) : null;
    if (word !== '--type' && inline === null) {
      rest.push(word);
      continue;
    }
    const keys = inline ?? argv[++at];
    if (keys === undefined) throw new BadArguments('--type: the keys are missing');
    const after = argv[at + 1] === 'after' ? argv[at + 2] : null;
    if (after === undefined) throw new BadArguments(`--type ${keys} after: the text is missing`);
    if (after !== null) at += 2;
    lines.push({ keys: unescaped(keys), after: after === null ? null : unescaped(after) });
  }
  return { rest, lines };
}

/** Diskettes are up to 2.88 M; whatever is longer is a disk. */
const LARGEST_DISKETTE = 2880 * 1024;
const DISKS = 4;

interface Media {
  readonly diskette: Uint8Array | null;
  readonly disks: readonly { readonly path: string; readonly image: Uint8Array }[];
}

function mediaOf(values: Values): Media {
  const disks = (values.disk ?? []).map((path) => ({ path, image: readBytes(path) }));
  if (disks.length > DISKS) throw new BadArguments(`--disk: there are places for ${DISKS} disks`);
  const empty = disks.find(({ image }) => image.length === 0);
  if (empty) throw new BadArguments(`--disk ${empty.path}: the image is empty`);
  if (values.boot === undefined) return { diskette: null, disks };
  const image = readBytes(values.boot);
  if (image.length <= LARGEST_DISKETTE) return { diskette: image, disks };
  return { diskette: null, disks: [{ path: values.boot, image }, ...disks] };
}

const WAYS = ['kernel', 'domains', 'boot', 'load'] as const;

/** What belongs to one way to begin is a mistake beside another: it would do nothing. */
const BELONGS = {
  append: 'kernel',
  module: 'kernel',
  ramdisk: 'kernel',
  entry: 'load',
  sched: 'domains',
} as const;

function refuseStray(values: Values): void {
  for (const [option, way] of Object.entries(BELONGS) as [
    keyof typeof BELONGS,
    'kernel' | 'load' | 'domains',
  ][])
    if ((values[option] ?? '') !== '' && values[way] === undefined)
      throw new BadArguments(`--${option} belongs to --${way}, which is not given`);
}

/** Schedulers of Xen by name. */
function schedulerNamed(name: string | undefined): SchedulerName | null {
  if (name === undefined) return null;
  const known = Object.keys(SCHEDULERS).find((each): each is SchedulerName => each === name);
  if (known) return known;
  throw new BadArguments(`--sched ${name}: there is ${Object.keys(SCHEDULERS).join(', ')}`);
}

interface Begun {
  readonly program: PcProgram;
  readonly name: string;
  /** More partitions for the first disk. */
  readonly images?: readonly Uint8Array[];
}

function domainsProgram(path: string, values: Values): Begun {
  const { domains, images } = readDomains(path);
  const scheduler = schedulerNamed(values.sched);
  return { name: path, images, program: { kind: 'domains', domains, ...(scheduler && { scheduler }) } };
}

/** The disks as they are, the first one with the domains' own as its partitions. */
function placesOf(
  disks: readonly Uint8Array[],
  images: readonly Uint8Array[],
  values: Values,
): readonly Uint8Array[] {
  const [first, ...others] = disks;
  if (images.length === 0) return disks;
  if (!first)
    throw new BadArguments('the disks of domains are parts of domain 0’s: give that one with --disk');
  if (values['write-disks'])
    throw new BadArguments('--write-disks: the disk has become one of several images');
  const disk = partitioned([first, ...images]);
  if (typeof disk === 'string') throw new BadArguments(disk);
  return [disk, ...others];
}

function programOf(values: Values): Begun {
  const ways = WAYS.filter((way) => values[way] !== undefined);
  if (ways.length > 1) throw new BadArguments(`--${ways.join(' and --')}: one way to begin is enough`);
  const { kernel, append } = values;
  if (kernel !== undefined)
    return {
      name: kernel,
      program: {
        kind: 'kernel',
        file: readBytes(kernel),
        name: nameOf(kernel),
        append,
        modules: (values.module ?? []).map(namedFile),
        ramdisk: values.ramdisk === undefined ? null : readBytes(values.ramdisk),
      },
    };
  if (values.domains !== undefined) return domainsProgram(values.domains, values);
  if (values.load !== undefined) return { name: values.load[0]!, program: flatProgram(values) };
  const name = values.boot ?? values.disk?.[0] ?? values.bios;
  if (name === undefined)
    throw new BadArguments(
      'run --machine pc needs something to run: --kernel, --domains, --boot, --disk, --bios or --load',
    );
  return { name, program: { kind: 'media' } };
}

function flatProgram({ load = [], entry }: Values): PcProgram {
  const images = load.map((text) => {
    const cut = text.lastIndexOf('@');
    if (cut <= 0) throw new BadArguments(`--load ${text}: FILE@HEXADDR is needed`);
    return {
      bytes: readBytes(text.slice(0, cut)),
      at: hexadecimal(text.slice(cut + 1), '--load', 0x3fffffff),
    };
  });
  if (entry === undefined) throw new BadArguments('--load needs --entry HEXADDR');
  return { kind: 'flat', images, entry: hexadecimal(entry, '--entry', 0x3fffffff) };
}

function portsOf(values: Values): PcArguments['ports'] {
  return (values.port ?? []).map((text) => {
    const cut = text.indexOf('=');
    if (cut <= 0 || cut === text.length - 1)
      throw new BadArguments(`--port ${text}: HEX=stdout or HEX=FILE is needed`);
    return { port: hexadecimal(text.slice(0, cut), '--port', 0xffff), target: text.slice(cut + 1) };
  });
}

/** 0: the first one ends the run. */
const resetLimit = (text: string): number => (text === '0' ? 0 : count(text, '--resets'));

const KEYBOARDS: readonly Keyboard[] = ['auto', 'serial', 'keyboard'];

/** Monitors of which one stands in the virtual machine of the other: as they are asked for, outermost first. */
const STACKS: Readonly<Record<string, PcMonitorName>> = {
  'vmx,vmx': 'vmx-nested',
  'vmx,vmx-shadow': 'vmx-nested-shadow',
};

function monitorNamed(name: string): PcMonitorName | null {
  if (name === '' || name === 'none') return null;
  if (isPcMonitor(name)) return name;
  if (Object.hasOwn(STACKS, name)) return STACKS[name]!;
  const known = [...Object.keys(PC_MONITORS), ...Object.keys(STACKS)];
  throw new BadArguments(`--under ${name}: there is ${known.join(', ')}`);
}

/** Who has the work of the first disk: a question about hypervisors by VT-x, but for what kind of disk it is. */
function diskByNamed(name: string | undefined, under: PcMonitorName | null): DiskPathName | null {
  if (name === undefined) return null;
  if (!isDiskPath(name))
    throw new BadArguments(`--disk-by ${name}: there is ${Object.keys(DISK_PATHS).join(', ')}`);
  if (under === 'vmx' || under === 'vmx-shadow' || name === 'virtio') return name;
  throw new BadArguments(`--disk-by ${name} belongs to --under vmx or vmx-shadow; elsewhere there is virtio`);
}

export function pcArguments(argv: readonly string[]): PcArguments {
  const { rest, lines } = linesOf(argv);
  const { values } = parse({ args: rest, options: OPTIONS });
  const model = MODELS.find(({ id }) => id === values.cpu);
  if (!model) throw new BadArguments(`--cpu ${values.cpu}: there are ${MODELS.map((m) => m.id).join(', ')}`);
  const under = monitorNamed(values.under);
  const diskBy = diskByNamed(values['disk-by'], under);
  const keyboard = KEYBOARDS.find((name) => name === values['type-on']);
  if (!keyboard) throw new BadArguments(`--type-on ${values['type-on']}: there are ${KEYBOARDS.join(', ')}`);
  refuseStray(values);
  const memory = memorySize(values.ram ?? values.memory ?? '64M');
  const { program, name, images = [] } = programOf(values);
  const { disks, diskette } = mediaOf(values);
  const places = placesOf(
    disks.map(({ image }) => image),
    images,
    values,
  );
  return {
    name,
    configuration: {
      model,
      memory,
      ...(values.bios !== undefined && { bios: readBytes(values.bios) }),
      ...(places.length > 0 && { disks: places }),
      ...(diskette && { diskette }),
      ...(values.resets !== undefined && { resetLimit: resetLimit(values.resets) }),
      ...(under && { under }),
      ...(diskBy && { diskBy }),
      ...(values['log-dirty'] !== undefined && { logDirty: count(values['log-dirty'], '--log-dirty') }),
      program,
    },
    script: { lines, until: values.until === undefined ? null : unescaped(values.until), keyboard },
    typesOn: program.kind === 'kernel' || program.kind === 'domains' ? 'serial' : 'keyboard',
    serial: values.serial ?? null,
    ports: portsOf(values),
    vga: values.vga ?? null,
    writeBack: values['write-disks'] ? disks.map(({ path }, index) => ({ index, path })) : [],
    limit: count(values.limit, '--limit'),
    json: values.json,
  };
}
