/**
 * A program of Varve's, the same file byte for byte, on the container kernel instead: as a process of the host, or in a
 * container. The kernel beneath it is another one, so the two are compared with each other first.
 */
import type { Model } from '../../../src/machines/pc/models/classes.ts';
import { ISOLATIONS, type IsolationName } from '../../../src/os/containers/isolation.ts';
import { ContainerWorld } from '../../../src/worlds/containers/world.ts';
import { hostFiles } from './host-files.ts';
import { LAB_MEMORY } from './flat.ts';
import { systemFiles } from './varve.ts';
import { complaintOr } from './varve-world.ts';

const TENANT = 'program';
const HOME = `/srv/${TENANT}`;
/** Wide enough for every workload: what limits do when they are reached is another chapter's. */
const LIMITS = { memory: 16 << 20, pids: 64, weight: 100 };

/** The files of Varve's disk, for the host and for the container. */
function files(): Readonly<Record<string, Uint8Array>> {
  const contents = systemFiles().flatMap((entry) =>
    'content' in entry ? [[entry.path, entry.content] as const] : [],
  );
  return Object.fromEntries(
    ['', HOME].flatMap((top) => contents.map(([path, bytes]) => [top + path, bytes])),
  );
}

/** @param workload a program in /bin, with its own arguments */
export const containedWorld = (workload: string, isolation: IsolationName, model: Model): ContainerWorld =>
  new ContainerWorld({
    ...{ model, memory: LAB_MEMORY, seed: 1 },
    root: hostFiles([TENANT], files()),
    hostCommand: ['/bin/sh'],
    tenants: [
      {
        ...{ name: TENANT, home: HOME, isolation: ISOLATIONS[isolation], limits: LIMITS },
        command: [`/bin/${workload}`],
      },
    ],
    endsWithTenants: true,
  });

/** '' where the program printed what was expected of it, else what is wrong. */
export const containedVerdict = (world: ContainerWorld, expected: RegExp | null): string =>
  complaintOr(world.textOf(TENANT), expected);
