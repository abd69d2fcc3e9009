/** `strata container run`: a program for Linux on IA-32 in a container, its streams and exit status passed through. */
import { readSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Pc } from '../machines/pc/machine.ts';
import { NativePc } from '../machines/pc/native-system.ts';
import { startBundle } from '../os/containers/oci/bundle.ts';
import { startContainer, type ContainerRequest } from '../os/containers/container.ts';
import { HostReader, HostWriter, type HostInput } from '../os/containers/files/host-stream.ts';
import { ISOLATIONS } from '../os/containers/isolation.ts';
import { Kernel } from '../os/containers/kernel.ts';
import { checkConfiguration } from '../os/containers/oci/runtime-spec.ts';
import type { ControlGroup } from '../os/containers/process/cgroup.ts';
import type { Process } from '../os/containers/process/process.ts';
import { runToEnd, type End } from '../session/run-to-end.ts';
import { count, oneFile, parse, readText, storageSize } from './arguments.ts';
import { imageFrom, sourceOf } from './container-source.ts';
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
      'usage: strata container run (--image FILE | --rootfs DIR|TAR | --bundle DIR) [--env K=V ...] [--memory 64M] [--cpus 0.5] [--pids N] [--privileged] [--json] -- PROGRAM ARGS..., or strata container inspect FILE',
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
      bundle: { type: 'string' },
      memory: { type: 'string' },
      cpus: { type: 'string' },
      pids: { type: 'string' },
      privileged: { type: 'boolean' },
      limit: { type: 'string' },
      json: { type: 'boolean' },
    },
  });
  const pc = new Pc({ memory: MEMORY });
  const kernel = new Kernel(new NativePc(pc.cpu), { frequency: pc.cpu.model.frequency });
  const texts: Record<'output' | 'errors', Uint8Array[]> = { output: [], errors: [] };
  let status: number | null = null;
  const streams: Streams = {
    input: standardInput(),
    output: (bytes) => (values.json ? void texts.output.push(bytes) : out.bytes(bytes)),
    errors: (bytes) => (values.json ? void texts.errors.push(bytes) : writeErrors(bytes)),
  };
  const process =
    values.bundle === undefined
      ? startSource(kernel, values, given, streams)
      : startFromBundle(kernel, values.bundle, given, { streams, warn: (line) => out.warn(line) });
  if (typeof process === 'string') throw new RunFailed(`container run: ${process}`);
  limitTo(kernel, process.cgroup, values);
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

type Streams = Pick<ContainerRequest, 'input' | 'output' | 'errors'>;

interface Options {
  readonly image?: string | undefined;
  readonly rootfs?: string | undefined;
  readonly env?: readonly string[] | undefined;
  readonly memory?: string | undefined;
  readonly cpus?: string | undefined;
  readonly pids?: string | undefined;
  readonly privileged?: boolean | undefined;
}

/** From an image or a root file system, with Docker's rights unless it is to be privileged. */
function startSource(
  kernel: Kernel,
  { image, rootfs, env = [], privileged }: Options,
  given: readonly string[],
  streams: Streams,
): Process | string {
  const source = sourceOf(image, rootfs);
  const command = [...source.entrypoint, ...(given.length > 0 ? given : source.command)];
  if (command.length === 0) throw new BadArguments('container run: a program is needed, after --');
  return startContainer(kernel, {
    ...{ name: 'strata', root: source.root(kernel), command, directory: source.directory, ...streams },
    environment: [...(source.environment.length > 0 ? source.environment : ENVIRONMENT), ...env],
    keeps: privileged ? null : ISOLATIONS.docker.keeps,
  });
}

/** From a bundle: a directory with `config.json` and the root that it names. */
function startFromBundle(
  kernel: Kernel,
  folder: string,
  command: readonly string[],
  { streams, warn }: { readonly streams: Streams; readonly warn: (line: string) => void },
): Process | string {
  const file = join(folder, 'config.json');
  const checked = checkConfiguration(readText(file));
  if (!checked.ok)
    return checked.faults.map(({ path, message }) => `${file}: ${path}: ${message}`).join('\n');
  const { configuration } = checked;
  if (!configuration.root) return `${file}: root is missing`;
  const started = startBundle(kernel, {
    ...{
      configuration,
      name: 'strata',
      root: sourceOf(undefined, resolve(folder, configuration.root.path)).root(kernel),
    },
    files: [new HostReader(streams.input), new HostWriter(streams.output), new HostWriter(streams.errors)],
    ...(command.length > 0 && { command }),
  });
  if (typeof started === 'string') return started;
  for (const line of started.left) warn(`strata: ${line}`);
  return started.process;
}

const PERIOD = 0.1;

/** Limits as Docker's options give them; they go over what a bundle says. */
function limitTo(kernel: Kernel, group: ControlGroup, { memory, cpus, pids }: Options): void {
  if (memory !== undefined) group.memoryMax = storageSize(memory);
  if (pids !== undefined) group.pidsMax = count(pids, '--pids');
  if (cpus === undefined) return;
  const share = Number(cpus);
  if (!(share > 0)) throw new BadArguments(`--cpus takes a number above 0, not ${cpus}`);
  const period = PERIOD * kernel.clock.frequency;
  group.setBandwidth(share * period, period, kernel.clock.cycles);
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

/** `strata container inspect FILE`: configuration and layers of an image. */
function inspect(argv: readonly string[], out: Output): number {
  const { positionals } = parse({ args: [...argv], allowPositionals: true, options: {} });
  const { configuration, layers } = imageFrom(oneFile(positionals, 'container inspect FILE'));
  const sizes = layers.map(({ name, bytes }) => ({ name, bytes: bytes.length }));
  out.print(`${JSON.stringify({ ...configuration, layers: sizes }, null, 2)}\n`);
  return OK;
}
