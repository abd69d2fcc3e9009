/** Domain 0 on the machine's disk, and domains whose disks are partitions of it. */
import type { Model } from '../../../src/machines/pc/models/classes.ts';
import type { DomainConfiguration } from '../../../src/worlds/pc/configuration.ts';
import { partitioned } from '../../../src/worlds/pc/partitions.ts';
import { PcWorld } from '../../../src/worlds/pc/world.ts';
import type { DiskEntry } from './disk.ts';
import { LAB_MEMORY } from './flat.ts';
import { bytesOf, varveDisk, varveXenKernel } from './varve.ts';

const TOOLS = import.meta.glob<string>('./built/xen/programs/*.elf', {
  query: '?url&inline',
  import: 'default',
  eager: true,
});

/** Memory of domain 0 and of each other, in bytes. */
const MEMORY = 6 << 20;

/** What domain 0 has beside the system's files: the tools, and the ways by which they reach Xen and the store. */
const ownFiles = (): readonly DiskEntry[] => [
  ...Object.entries(TOOLS).map(([path, address]) => ({
    path: `/bin/${/([^/]+)\.elf$/.exec(path)![1]!}`,
    content: bytesOf(address),
    program: true,
  })),
  // Numbers of Linux: miscellaneous devices.
  { path: '/dev/xen/privcmd', device: 0x0a3c },
  { path: '/dev/xen/xenbus', device: 0x0a3d },
];

/** A domain with a disk of its own. */
export interface Tenant {
  readonly name: string;
  /** Words of its kernel's command line. */
  readonly append: string;
  /** Domain 0 has to ask for it. */
  readonly later?: true;
  readonly weight?: number;
}

/** Addresses on the cable of domain 0, which has 10.0.2.15. */
const FIRST_ADDRESS = 16;

/** Domain 0, then its tenants, the first on the second partition. */
export function domainsOn(dom0: string, tenants: readonly Tenant[]): readonly DomainConfiguration[] {
  const common = { kernel: varveXenKernel(), ramdisk: null, memory: MEMORY };
  return [
    { ...common, name: 'Domain-0', append: dom0, privileged: true },
    ...tenants.map((tenant, k) => ({
      ...common,
      ...tenant,
      disk: `hda${k + 2}`,
      address: `10.0.2.${FIRST_ADDRESS + k}`,
    })),
  ];
}

/** The disk for `count` tenants. */
export function diskFor(count: number): Uint8Array {
  const disk = partitioned([varveDisk(ownFiles()), ...Array.from({ length: count }, () => varveDisk())]);
  if (typeof disk === 'string') throw new Error(disk);
  return disk;
}

/** A machine with them. `dom0` is the command line of its kernel. */
export function domainsWorld(dom0: string, tenants: readonly Tenant[], model?: Model): PcWorld {
  const world = PcWorld.create({
    memory: LAB_MEMORY,
    under: 'xen',
    disks: [diskFor(tenants.length)],
    program: { kind: 'domains', domains: domainsOn(dom0, tenants) },
    ...(model && { model }),
  });
  if (typeof world === 'string') throw new Error(world);
  return world;
}
