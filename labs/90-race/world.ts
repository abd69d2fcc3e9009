/** The race's engine: every workload of Varve, byte for byte the same, under every technique that a PC has here, and in a container. */
import { defineWorld, type World } from '../../src/lab/world.ts';
import { CORE_2 } from '../../src/machines/pc/models/core2.ts';
import type { Model } from '../../src/machines/pc/models/classes.ts';
import { PENTIUM_3 } from '../../src/machines/pc/models/pentium3.ts';
import { PENTIUM_4 } from '../../src/machines/pc/models/pentium4.ts';
import { SKYLAKE } from '../../src/machines/pc/models/skylake.ts';
import { WESTMERE } from '../../src/machines/pc/models/westmere.ts';
import type { IsolationName } from '../../src/os/containers/isolation.ts';
import type { Setup } from '../../src/protocol/frame.ts';
import { modelWith, offeredConstants } from '../../src/worlds/constants.ts';
import {
  isPcMonitor,
  monitorOf,
  PC_MONITORS,
  type PcMonitorName,
} from '../../src/worlds/pc/monitors/table.ts';
import { ContainerWorld } from '../../src/worlds/containers/world.ts';
import { PcWorld } from '../../src/worlds/pc/world.ts';
import { containedVerdict, containedWorld } from '../+shared/pc/contained.ts';
import { expectedOf, varveWorld, verdictOn } from '../+shared/pc/varve-world.ts';
import { WORKLOADS } from '../+shared/pc/workloads.ts';
import { ownVerdict, ownWorld } from './own.ts';

/** The visitor's own program: in assembly, or an ELF file. */
const OWN = 'own';
const BARE = 'bare';
const MONITORS = Object.keys(PC_MONITORS) as readonly PcMonitorName[];
/** What shares a kernel instead of a machine: the program as a process of a host, and the same in a container. */
const SHARED = { process: 'process', container: 'docker' } as const satisfies Record<string, IsolationName>;
const isShared = (technique: string): technique is keyof typeof SHARED => Object.hasOwn(SHARED, technique);
const TECHNIQUES: readonly string[] = [BARE, ...MONITORS, ...Object.keys(SHARED)];
/** A monitor that brings its guests in itself wants kernels that were written for it, and a bare program is none. */
const FOR_PROGRAMS = [BARE, ...MONITORS.filter((name) => monitorOf(name).loadsGuests !== 'always')];

/** One machine for all where nothing else is asked for: the oldest that every technique can run on. */
const MODEL = WESTMERE;
/** Machines of the eras, with the year in which each could be bought. Varve needs a Pentium III. */
const MACHINES: readonly (readonly [Model, number])[] = [
  [PENTIUM_3, 1999],
  [PENTIUM_4, 2005],
  [CORE_2, 2006],
  [WESTMERE, 2010],
  [SKYLAKE, 2015],
];
const runsOn = ({ features }: Model, technique: string): boolean =>
  !isPcMonitor(technique) || (PC_MONITORS[technique].needs ?? []).every((need) => features.includes(need));

const modelOf = ({ options, constants }: Setup): Model =>
  modelWith(MACHINES[Number(options?.['machine'] ?? -1)]?.[0] ?? MODEL, constants);

export default defineWorld({
  offer: {
    workloads: [...WORKLOADS.map(({ name }) => name), OWN],
    techniques: TECHNIQUES,
    only: { [OWN]: FOR_PROGRAMS },
    images: [OWN],
    machines: MACHINES.map(([model, year]) => ({
      name: model.name.replace(/,.*/, ''),
      year,
      frequency: model.frequency,
      techniques: TECHNIQUES.filter((technique) => runsOn(model, technique)),
    })),
    constants: offeredConstants(
      MODEL,
      MACHINES.map(([model]) => model),
    ),
  },

  create: (setup) => {
    const { workload, technique } = setup;
    if (workload !== OWN && expectedOf(workload) === null)
      throw new Error(`there is no workload ${workload}`);
    if (technique !== BARE && !isPcMonitor(technique) && !isShared(technique))
      throw new Error(`there are ${TECHNIQUES.join(', ')}, not ${technique}`);
    const model = modelOf(setup);
    const loaded = { ok: true, source: '', diagnostics: [] };
    if (isShared(technique)) return { loaded, world: containedWorld(workload, SHARED[technique], model) };
    const options = { model, ...(technique !== BARE && { under: technique }) };
    if (workload === OWN) return ownWorld(setup, options);
    return { loaded, world: varveWorld(workload, options) };
  },

  verdict: (world: World, { workload }) => {
    if (world instanceof ContainerWorld) return containedVerdict(world, expectedOf(workload));
    if (!(world instanceof PcWorld)) return '';
    return workload === OWN ? ownVerdict(world) : verdictOn(world, expectedOf(workload));
  },
});
