/** `strata container run`: a program for Linux on IA-32 in a container, its streams and exit status passed through. */
import { readdirSync, readFileSync, readlinkSync, readSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'fflate';
import { Pc } from '../machines/pc/machine.ts';
import { NativePc } from '../machines/pc/native-system.ts';
import { startContainer } from '../os/containers/container.ts';
import type { HostInput } from '../os/containers/files/host-stream.ts';
import { MemoryFileSystem } from '../os/containers/files/tmpfs.ts';
import { Kernel } from '../os/containers/kernel.ts';
import { readImage, rootOfImage, type Image, type ImageConfiguration } from '../os/containers/oci/image.ts';
import { readTar, type ArchiveEntry } from '../os/containers/oci/tar.ts';
import { unpack } from '../os/containers/oci/unpack.ts';
import { runToEnd, type End } from '../session/run-to-end.ts';
import { count, oneFile, parse, readBytes, reasonOf } from './arguments.ts';
import { BadArguments, OK, RunFailed } from './failure.ts';
import type { Output } from './output.ts';
import { interruptible } from './pace.ts';

const MEMORY = 256 << 20;
const LIMIT = 1e12;
const ENVIRONMENT = ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root'];

export async function container(argv: readonly string[], out: Output): Promise<number> {
  const [verb, ...rest] = argv;
  if (verb === 'inspect') return inspect(rest, out);
  if (verb !== 'run')
    throw new BadArguments(
      'usage: strata container run (--image FILE | --rootfs DIR|TAR) [--env K=V ...] [--json] -- PROGRAM ARGS..., or strata container inspect FILE',
    );
  return run(rest, out);
}

async function run(argv: readonly string[], out: Output): Promise<number> {
  const { values, positionals: given } = parse({
    args: [...argv],
    allowPositionals: true,
    options: {
      image: { type: 'string' },
      rootfs: { type: 'string' },
      env: { type: 'string', multiple: true },
      limit: { type: 'string' },
      json: { type: 'boolean' },
    },
  });
  const source = sourceOf(values.image, values.rootfs);
  const command =
    given.length > 0 ? [...source.entrypoint, ...given] : [...source.entrypoint, ...source.command];
  if (command.length === 0) throw new BadArguments('container run: a program is needed, after --');
  const { root } = source;
  const pc = new Pc({ memory: MEMORY });
  const kernel = new Kernel(new NativePc(pc.cpu), { frequency: pc.cpu.model.frequency });
  const texts: Record<'output' | 'errors', Uint8Array[]> = { output: [], errors: [] };
  let status: number | null = null;
  const process = startContainer(kernel, {
    ...{ name: 'strata', root, command, directory: source.directory, input: standardInput() },
    environment: [
      ...(source.environment.length > 0 ? source.environment : ENVIRONMENT),
      ...(values.env ?? []),
    ],
    output: (bytes) => (values.json ? void texts.output.push(bytes) : out.bytes(bytes)),
    errors: (bytes) => (values.json ? void texts.errors.push(bytes) : writeErrors(bytes)),
  });
  if (typeof process === 'string') throw new RunFailed(`container run: ${process}`);
  kernel.onOrphanEnd = (_process, ended) => {
    status = ended;
    pc.pause('the first process has ended');
  };
  kernel.start();
  const world = {
    run: (budget: number) => stepped(pc, kernel, budget),
    get clock() {
      return pc.clock;
    },
  };
  const limit = values.limit === undefined ? LIMIT : count(values.limit, '--limit');
  const end = await interruptible(out, (surroundings) => runToEnd(world, limit, surroundings));
  if (values.json) out.print(`${JSON.stringify(report(pc, kernel, status, texts))}\n`);
  if (status === null) throw new RunFailed(`container run: ${whyNot(end)}`);
  for (const [number, times] of kernel.unknown)
    if (!values.json)
      out.warn(
        `strata: system call ${number}, which this kernel does not have, was asked for ${times} times`,
      );
  return exitStatus(status);
}

/** Waits that nothing will end are an end of the run. */
function stepped(pc: Pc, kernel: Kernel, budget: number): ReturnType<Pc['run']> {
  const stop = pc.run(budget);
  return stop.kind === 'budget' && kernel.hangs ? { kind: 'wait' } : stop;
}

/** As a shell says it: the status itself, or 128 and the signal. */
const exitStatus = (status: number): number => ((status & 0x7f) !== 0 ? 128 + (status & 0x7f) : status >> 8);

function whyNot(end: End): string {
  if (end.kind === 'wait') return 'every process waits for something that cannot happen any more';
  return end.kind === 'limit'
    ? 'the limit of cycles was reached; --limit gives more'
    : `the run ended: ${end.kind}`;
}

function writeErrors(bytes: Uint8Array): void {
  process.stderr.write(bytes);
}

/** Standard input, read when the container asks for it. */
function standardInput(): HostInput {
  return {
    waits: false,
    read: (length) => {
      const bytes = new Uint8Array(Math.min(length, 65536));
      try {
        return bytes.subarray(0, readSync(0, bytes));
      } catch {
        return new Uint8Array();
      }
    },
  };
}

function report(
  pc: Pc,
  kernel: Kernel,
  status: number | null,
  texts: Record<'output' | 'errors', readonly Uint8Array[]>,
) {
  const text = (parts: readonly Uint8Array[]): string => Buffer.concat(parts).toString('utf8');
  return {
    status: status === null ? null : exitStatus(status),
    stdout: text(texts.output),
    stderr: text(texts.errors),
    cycles: pc.clock,
    instructions: pc.instructions,
    systemCalls: Object.fromEntries([...kernel.calls].sort(([, a], [, b]) => b - a)),
    unknownCalls: Object.fromEntries(kernel.unknown),
    counts: kernel.counts,
    ledger: pc.ledger.rows(),
  };
}

// ---------------------------------------------------------------- root file systems

type Source = Omit<ImageConfiguration, 'architecture' | 'os'> & { readonly root: MemoryFileSystem };

/** Where a container's files come from, and what its image says about it. */
function sourceOf(image: string | undefined, rootfs: string | undefined): Source {
  if ((image === undefined) === (rootfs === undefined))
    throw new BadArguments('container run: either --image FILE or --rootfs DIR|TAR is needed');
  if (rootfs !== undefined)
    return { root: rootFrom(rootfs), entrypoint: [], command: [], environment: [], directory: '/' };
  const read = imageFrom(image!);
  const root = rootOfImage(read);
  if (typeof root === 'string') throw new RunFailed(`${image!}: ${root}`);
  return { ...read.configuration, root };
}

function imageFrom(path: string): Image {
  const image = readImage(readBytes(path));
  if (typeof image === 'string') throw new RunFailed(`${path}: ${image}`);
  return image;
}

/** `strata container inspect FILE`: configuration and layers of an image. */
function inspect(argv: readonly string[], out: Output): number {
  const { positionals } = parse({ args: [...argv], allowPositionals: true, options: {} });
  const { configuration, layers } = imageFrom(oneFile(positionals, 'container inspect FILE'));
  const sizes = layers.map(({ name, bytes }) => ({ name, bytes: bytes.length }));
  out.print(`${JSON.stringify({ ...configuration, layers: sizes }, null, 2)}\n`);
  return OK;
}

function rootFrom(path: string): MemoryFileSystem {
  const root = new MemoryFileSystem(1);
  const entries = isFolder(path) ? [...folderEntries(path, '')] : archiveEntries(path);
  const complaint = typeof entries === 'string' ? entries : unpack(root, entries);
  if (complaint !== null) throw new RunFailed(`${path}: ${complaint}`);
  return root;
}

function isFolder(path: string): boolean {
  try {
    return lstatSync(path).isDirectory();
  } catch (error) {
    throw new BadArguments(`${path}: ${reasonOf(error)}`);
  }
}

function archiveEntries(path: string): ArchiveEntry[] | string {
  const bytes = readBytes(path);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return readTar(bytes);
  try {
    return readTar(gunzipSync(bytes));
  } catch {
    return 'the compressed archive is damaged or truncated';
  }
}

function* folderEntries(folder: string, inside: string): Generator<ArchiveEntry> {
  for (const name of readdirSync(folder)) {
    const [path, here] = [`${inside}/${name}`, join(folder, name)];
    const { mode, mtimeMs, ...kind } = statsOf(here);
    const common = { path, mode: mode & 0o7777, uid: 0, gid: 0, seconds: Math.floor(mtimeMs / 1000) };
    const none = { target: '', bytes: new Uint8Array() };
    if (kind.link) yield { ...common, ...none, kind: 'link', target: readlinkSync(here) };
    else if (kind.folder) {
      yield { ...common, ...none, kind: 'directory' };
      yield* folderEntries(here, path);
    } else if (kind.file) yield { ...common, ...none, kind: 'file', bytes: readFileSync(here) };
  }
}

function statsOf(path: string) {
  const stats = lstatSync(path);
  const { mode, mtimeMs } = stats;
  return { mode, mtimeMs, link: stats.isSymbolicLink(), folder: stats.isDirectory(), file: stats.isFile() };
}
