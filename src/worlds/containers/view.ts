/** What a kernel knows of its processes and groups, as panels show it. */
import { Directory } from '../../os/containers/files/inode.ts';
import { OverlayFileSystem } from '../../os/containers/files/overlay.ts';
import type { Kernel } from '../../os/containers/kernel.ts';
import { PAGE } from '../../os/containers/memory/frames.ts';
import type { ControlGroup } from '../../os/containers/process/cgroup.ts';
import { namespacesOf } from '../../os/containers/process/namespaces.ts';
import type { Process } from '../../os/containers/process/process.ts';
import { stateOf } from '../../os/containers/files/procfs.ts';
import type { KernelView } from '../../protocol/frame.ts';
import { overlaysOf } from './layers-view.ts';

const limit = (value: number): number | null => (value === Infinity ? null : value);

/** Path of its root directory as the host's file system has it, whatever mounts the process sees; of layers, their kind. */
function rootPath({ fs }: Process): string {
  if (fs.root.node.filesystem instanceof OverlayFileSystem) return 'overlay';
  const parts: string[] = [];
  let node = fs.root.node;
  while (node instanceof Directory && node.above !== node) {
    parts.push(node.above.nameOf(node));
    node = node.above;
  }
  return `/${parts.reverse().join('/')}`;
}

function processView(kernel: Kernel, process: Process): KernelView['processes'][number] {
  const { user, system } = process.used();
  const { effective } = process.credentials;
  const namespaces = [...namespacesOf(process)].map(([kind, { number }]) => [kind, number] as const);
  return {
    pid: process.pidIn(kernel.rootPids),
    inside: process.pid,
    parent: process.parent?.pidIn(kernel.rootPids) ?? 0,
    name: process.name,
    state: stateOf(process),
    pages: process.status === null ? process.space.resident : 0,
    cycles: user + system,
    group: process.cgroup.path,
    root: rootPath(process),
    namespaces: Object.fromEntries(namespaces),
    capabilities: effective.toString(2).replaceAll('0', '').length,
  };
}

const groupView = (group: ControlGroup): KernelView['groups'][number] => ({
  path: group.path,
  pids: group.pids,
  pidsMax: limit(group.pidsMax),
  refused: group.pidsEvents,
  bytes: group.pages * PAGE,
  bytesMax: limit(group.memoryMax),
  peak: group.memoryPeak * PAGE,
  killed: group.events.oom_kill,
  weight: group.weight,
  cycles: group.used.user + group.used.system,
  quota: group.quota === Infinity ? null : group.quota / group.period,
  throttled: group.used.throttled,
  frozen: group.isFrozen,
});

export function kernelView(kernel: Kernel): KernelView {
  return {
    processes: kernel.rootPids.processes.map((process) => processView(kernel, process)),
    groups: [...kernel.rootGroup.subtree()].map(groupView),
    overlays: overlaysOf(kernel),
    calls: [...kernel.calls].map(([name, count]) => ({ name, count })),
    unknown: [...kernel.unknown].map(([number, count]) => ({ number, count })),
  };
}
