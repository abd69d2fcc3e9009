/** A host that shares its kernel: its own first process, and programs beside it that are shut up in some way. */
import { O_RDWR } from './abi/modes.ts';
import {
  mountProc,
  mountTerminals,
  ownMounts,
  ownNamespaces,
  startProcess,
  type FirstProcess,
} from './container.ts';
import { populateDevices } from './files/devices.ts';
import { groupRoot } from './files/cgroupfs.ts';
import { Directory } from './files/inode.ts';
import { MountNamespace, type Mount, type Place } from './files/mounts.ts';
import { folder, overlayRoot } from './files/overlay-root.ts';
import { procRoot } from './files/procfs.ts';
import type { MemoryFileSystem } from './files/tmpfs.ts';
import { OpenTerminal, Terminal } from './files/tty.ts';
import type { Isolation } from './isolation.ts';
import type { Kernel } from './kernel.ts';
import { Bridge } from './net/network.ts';
import type { ControlGroup } from './process/cgroup.ts';
import { rootKeeping, rootOf } from './process/credentials.ts';
import type { Namespaces } from './process/namespaces.ts';
import type { Process } from './process/process.ts';

/** 172.17.0.1: where Docker's bridge is unless it is told otherwise. */
const BRIDGE = 0xac110001;
const ENVIRONMENT = ['PATH=/bin', 'HOME=/', 'TERM=dumb'];

export interface Limits {
  /** Bytes. */
  readonly memory: number;
  readonly pids: number;
  readonly weight: number;
}

export interface Tenant {
  readonly name: string;
  /** Its files, as a directory of the host. */
  readonly home: string;
  /** Directories of the host that are shown there one over the other, the lowest first; changes are kept apart. */
  readonly layers?: readonly string[];
  readonly isolation: Isolation;
  readonly limits: Limits;
  readonly command: readonly string[];
  readonly environment?: readonly string[];
  readonly directory?: string;
}

/** A first process that could not be started, and why: its program is missing, or is none. */
export class Unstartable extends Error {}

export class Host {
  private readonly kernel: Kernel;
  private readonly files: Directory;
  readonly namespaces: Namespaces;

  /** Puts the host's file system, /proc and /sys/fs/cgroup in their places. */
  constructor(kernel: Kernel, root: MemoryFileSystem, hostname: string) {
    [this.kernel, this.files] = [kernel, root.root];
    const mounts = ownMounts(kernel, root.root);
    this.namespaces = {
      ...ownNamespaces(kernel, hostname, mounts),
      pid: kernel.rootPids,
      childPid: kernel.rootPids,
    };
    populateDevices(root.root);
    mountProc(kernel, this.namespaces);
    mountTerminals(mounts, root.root);
    this.mountAt('sys/fs/cgroup', groupRoot(kernel, kernel.rootGroup), 'cgroup2');
  }

  private get root(): Place {
    const { root } = this.namespaces.mounts;
    return { mount: root, node: root.root };
  }

  private mountAt(path: string, what: Directory, source: string): void {
    const { mounts } = this.namespaces;
    mounts.mount(what, { mount: mounts.root, node: folder(this.files, path) }, 0, source);
  }

  /** The host's own first process, on a terminal. */
  begin(command: readonly string[], terminal: string): Process {
    const { kernel, namespaces, root } = this;
    return this.start(terminal, {
      ...{ namespaces, root, command, environment: ENVIRONMENT, directory: '/' },
      credentials: rootOf(kernel.rootUsers),
      cgroup: kernel.rootGroup,
    });
  }

  /** Somebody else's first process, on a terminal of its name. */
  admit(tenant: Tenant): Process {
    const { kernel } = this;
    const { isolation, command } = tenant;
    const { mount, node: home } = this.homeOf(tenant);
    populateDevices(home);
    const namespaces = this.namespacesFor(tenant, home);
    const root =
      isolation.root === 'host'
        ? this.root
        : isolation.root === 'chroot'
          ? { mount, node: home }
          : { mount: namespaces.mounts.root, node: home };
    if (isolation.root === 'chroot') {
      const at = { mount, node: folder(home, 'proc') };
      this.namespaces.mounts.mount(procRoot(kernel, namespaces.pid), at, 0, 'proc');
    }
    if (isolation.root === 'mounts') {
      mountProc(kernel, namespaces);
      mountTerminals(namespaces.mounts, home);
    }
    const cgroup = isolation.limits ? this.groupFor(tenant) : kernel.rootGroup;
    return this.start(tenant.name, {
      ...{ root, command, cgroup },
      ...{ environment: tenant.environment ?? ENVIRONMENT, directory: tenant.directory ?? '/' },
      namespaces: isolation.limits
        ? { ...namespaces, cgroup: { ...namespaces.cgroup, root: cgroup } }
        : namespaces,
      credentials: rootKeeping(kernel.rootUsers, isolation.keeps),
    });
  }

  /** Its files as the host has them: a directory, or layers that are mounted on one. */
  private homeOf({ name, home, layers }: Tenant): { readonly mount: Mount; readonly node: Directory } {
    const { mount } = this.root;
    const node = folder(this.files, home);
    if (!layers) return { mount, node };
    const stored = layers.map((path) => ({ path, directory: folder(this.files, path) }));
    const { root } = overlayRoot(this.kernel, this.files, stored, name);
    return { mount: this.namespaces.mounts.mount(root, { mount, node }, 0, 'overlay'), node: root };
  }

  private namespacesFor({ name, isolation }: Tenant, home: Directory): Namespaces {
    const { kernel, namespaces: shared } = this;
    const own = new Set<string>(isolation.own);
    const mounts = own.has('mounts')
      ? new MountNamespace(kernel.number(), kernel.rootUsers, { next: 1 })
      : shared.mounts;
    if (own.has('mounts')) mounts.mount(home, null, 0, 'rootfs');
    const fresh = ownNamespaces(kernel, name, mounts);
    if (isolation.bridged) this.bridge().join(fresh.network);
    const pick = <Key extends keyof Namespaces>(key: Key, of: string): Namespaces[Key] =>
      own.has(of) ? fresh[key] : shared[key];
    return {
      ...shared,
      ...{ mounts, pid: pick('pid', 'pid'), childPid: pick('childPid', 'pid'), uts: pick('uts', 'uts') },
      ...{ ipc: pick('ipc', 'ipc'), network: pick('network', 'network'), cgroup: pick('cgroup', 'cgroup') },
    };
  }

  private bridge(): Bridge {
    const { network } = this.namespaces;
    return network.bridges[0] ?? new Bridge('docker0', network, BRIDGE);
  }

  private groupFor({ name, limits }: Tenant): ControlGroup {
    const group = this.kernel.rootGroup.child(name);
    [group.memoryMax, group.pidsMax, group.weight] = [limits.memory, limits.pids, limits.weight];
    return group;
  }

  private start(name: string, first: Omit<FirstProcess, 'files'>): Process {
    const { kernel } = this;
    const terminal = new Terminal(kernel, name);
    kernel.terminals.set(name, terminal);
    const open = new OpenTerminal(O_RDWR, terminal);
    const process = startProcess(kernel, { ...first, files: [open, open, open] });
    if (typeof process === 'string') throw new Unstartable(process);
    terminal.control(process.session, process.group);
    return process;
  }
}
