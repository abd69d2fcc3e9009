/** Starts first processes: of a container that has everything of its own, and of whatever shares part of its host. */
import { Failure } from './abi/errno.ts';
import { populateDevices } from './files/devices.ts';
import { HostReader, HostWriter, type HostInput } from './files/host-stream.ts';
import { Directory } from './files/inode.ts';
import { MountNamespace, type Place } from './files/mounts.ts';
import type { OpenFile } from './files/open-file.ts';
import { folder } from './files/overlay-root.ts';
import { procRoot } from './files/procfs.ts';
import { ptsRoot } from './files/pty.ts';
import { Walker } from './files/walk.ts';
import type { Kernel } from './kernel.ts';
import { AddressSpace } from './memory/address-space.ts';
import { UserMemory } from './memory/user.ts';
import { Network } from './net/network.ts';
import { number } from './process/birth.ts';
import type { ControlGroup } from './process/cgroup.ts';
import { rootKeeping, type Capability, type Credentials } from './process/credentials.ts';
import { exec, standpointOf } from './process/exec.ts';
import { exitThread } from './process/exit.ts';
import { FileTable } from './process/file-table.ts';
import { PidNamespace, type Namespaces } from './process/namespaces.ts';
import { Process, Thread } from './process/process.ts';
import { freshRegisters } from './processor.ts';

/** A first process: nobody's child. */
export interface FirstProcess {
  readonly namespaces: Namespaces;
  readonly root: Place;
  readonly credentials: Credentials;
  readonly cgroup: ControlGroup;
  /** Its descriptors from 0 on. */
  readonly files: readonly OpenFile[];
  readonly command: readonly string[];
  readonly environment: readonly string[];
  readonly directory: string;
}

export interface ContainerRequest {
  readonly name: string;
  readonly root: Directory;
  readonly command: readonly string[];
  readonly environment: readonly string[];
  readonly directory: string;
  readonly input: HostInput;
  readonly output: (bytes: Uint8Array) => void;
  readonly errors: (bytes: Uint8Array) => void;
  /** Capabilities that its root keeps; null, or nothing said: all. */
  readonly keeps?: readonly Capability[] | null;
}

const encoder = new TextEncoder();

/** The first process of a container with everything of its own; a string says why it could not be started. */
export function startContainer(kernel: Kernel, request: ContainerRequest): Process | string {
  const { name, root } = request;
  const mounts = ownMounts(kernel, root);
  const namespaces = ownNamespaces(kernel, name, mounts);
  populateDevices(root);
  mountProc(kernel, namespaces);
  mountTerminals(mounts, root);
  return startProcess(kernel, {
    ...request,
    namespaces,
    root: { mount: mounts.root, node: root },
    credentials: rootKeeping(kernel.rootUsers, request.keeps ?? null),
    cgroup: kernel.rootGroup.child(name),
    files: [new HostReader(request.input), new HostWriter(request.output), new HostWriter(request.errors)],
  });
}

/** Ready to run; a string says why it could not be started. */
export function startProcess(kernel: Kernel, first: FirstProcess): Process | string {
  const process = new Process(null, kernel.system.clock);
  process.namespaces = first.namespaces;
  process.credentials = first.credentials;
  process.cgroup = first.cgroup;
  process.cgroup.processes.add(process);
  process.cgroup.countPids(1);
  process.fs = { root: first.root, cwd: first.root, umask: 0o022 };
  process.space = new AddressSpace(kernel, process.cgroup);
  process.memory = new UserMemory(kernel.system, process.space);
  process.files = new FileTable();
  for (const file of first.files) process.files.add(file);
  process.actions = new Map();
  process.group = { leader: process, session: { leader: process } };
  const thread = new Thread(process, freshRegisters(0, 0));
  process.leader = thread;
  process.threads = [thread];
  const { pid } = first.namespaces;
  pid.init ??= process;
  number(thread, pid);
  const complaint = enterDirectory(process, first.directory);
  return complaint ?? begin(kernel, thread, first);
}

/** A mount namespace with one file system at its root. */
export function ownMounts(kernel: Kernel, root: Directory): MountNamespace {
  const mounts = new MountNamespace(kernel.number(), kernel.rootUsers, { next: 1 });
  mounts.mount(root, null, 0, 'rootfs');
  return mounts;
}

/** New namespaces of every kind but users. */
export function ownNamespaces(kernel: Kernel, hostname: string, mounts: MountNamespace): Namespaces {
  const users = kernel.rootUsers;
  const pid = new PidNamespace(kernel.number(), kernel.rootPids, users);
  const time = { number: kernel.number(), users, monotonic: 0n, boottime: 0n };
  return {
    ...{ mounts, pid, childPid: pid, time, childTime: time },
    network: new Network(kernel.number(), users),
    uts: { number: kernel.number(), users, hostname, domain: '(none)' },
    ipc: { number: kernel.number(), users },
    cgroup: { number: kernel.number(), users, root: kernel.rootGroup },
  };
}

/** /proc, of the processes of a pid namespace, in a mount namespace's root. */
export function mountProc(kernel: Kernel, { mounts, pid }: Namespaces): void {
  const { root } = mounts;
  if (!(root.root instanceof Directory)) return;
  const at = root.root.find('proc') ?? root.root.create('proc', { kind: 'directory', mode: 0o555 });
  if (at instanceof Directory) mounts.mount(procRoot(kernel, pid), { mount: root, node: at }, 0, 'proc');
}

/** /dev/pts, with terminals of its own, under a root directory. */
export function mountTerminals(mounts: MountNamespace, root: Directory): void {
  mounts.mount(ptsRoot(), { mount: mounts.root, node: folder(root, 'dev/pts') }, 0, 'devpts');
}

/** Sets the working directory; what is wrong with it, or null. */
function enterDirectory(process: Process, directory: string): string | null {
  try {
    process.fs.cwd = new Walker(standpointOf(process)).find(directory);
    return null;
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    return `${directory}: the working directory is not in the root file system`;
  }
}

/** Directories in which a command without a slash is looked for. */
function pathsFor(command: string, environment: readonly string[]): readonly string[] {
  if (command.includes('/')) return [command];
  const path = environment.find((entry) => entry.startsWith('PATH='))?.slice(5) ?? '/bin:/usr/bin';
  return path.split(':').map((folder) => `${folder}/${command}`);
}

function begin(kernel: Kernel, thread: Thread, { command, environment }: FirstProcess): Process | string {
  const bytes = (texts: readonly string[]): Uint8Array[] => texts.map((text) => encoder.encode(text));
  let reason = 'ENOENT';
  for (const path of pathsFor(command[0]!, environment)) {
    try {
      exec(kernel, thread, { path, argv: bytes(command), envp: bytes(environment) });
      kernel.threads.add(thread);
      return thread.process;
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      if (failure.message !== 'ENOENT') reason = failure.message;
    }
  }
  exitThread(kernel, thread, 127 << 8);
  return `${command[0]!}: ${REASONS[reason] ?? reason}${kernel.log.length > 0 ? ` (${kernel.log.at(-1)!})` : ''}`;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file in the root file system, or its interpreter is not there',
  EACCES: 'is not executable',
  ENOEXEC: 'is no program that this machine runs',
};
