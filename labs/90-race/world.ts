/** The race's engine: every workload of Varve, byte for byte the same, under every technique that a PC has here. */
import { defineWorld, type World } from '../../src/lab/world.ts';
import { WESTMERE } from '../../src/machines/pc/models/westmere.ts';
import { modelWith, offeredConstants } from '../../src/worlds/constants.ts';
import { isPcMonitor, PC_MONITORS } from '../../src/worlds/pc/monitors/table.ts';
import { PcWorld } from '../../src/worlds/pc/world.ts';
import { flatWorld } from '../+shared/pc/flat.ts';
import { expectedOf, printedBy, varveWorld, verdictOn } from '../+shared/pc/varve-world.ts';
import { WORKLOADS } from '../+shared/pc/workloads.ts';
import OWN_SOURCE from './guests/own.asm?raw';

/** The visitor's own program, in assembly. */
const OWN = 'own';
const BARE = 'bare';
const TECHNIQUES = [BARE, ...Object.keys(PC_MONITORS)];
/** A monitor that brings its guests in itself wants kernels that were written for it, and a bare program is none. */
const FOR_PROGRAMS = [
  BARE,
  ...Object.entries(PC_MONITORS).flatMap(([name, { loadsGuests }]) => (loadsGuests ? [] : [name])),
];
/** One machine for all: the oldest that every technique can run on. */
const MODEL = WESTMERE;

/** A program that nobody knows says itself that it is done: by "ok" at the end of a line. */
const ownVerdict = (world: PcWorld): string =>
  verdictOn(world, /ok$/m) &&
  `it printed ${JSON.stringify(printedBy(world))}, without "ok" at the end of a line`;

export default defineWorld({
  offer: {
    workloads: [...WORKLOADS.map(({ name }) => name), OWN],
    techniques: TECHNIQUES,
    only: { [OWN]: FOR_PROGRAMS },
    constants: offeredConstants(MODEL),
  },

  create: ({ workload, technique, source: edited, constants }) => {
    if (workload !== OWN && expectedOf(workload) === null)
      throw new Error(`there is no workload ${workload}`);
    if (technique !== BARE && !isPcMonitor(technique))
      throw new Error(`there are ${TECHNIQUES.join(', ')}, not ${technique}`);
    const model = modelWith(MODEL, constants);
    const options = { model, ...(technique !== BARE && { under: technique }) };
    if (workload === OWN) {
      const source = edited ?? OWN_SOURCE;
      const { assembly, world } = flatWorld(source, {}, options);
      return { loaded: { ok: world !== null, source, diagnostics: assembly.diagnostics }, world };
    }
    const world = varveWorld(workload, options);
    return { loaded: { ok: true, source: '', diagnostics: [] }, world };
  },

  verdict: (world: World, { workload }) => {
    if (!(world instanceof PcWorld)) return '';
    return workload === OWN ? ownVerdict(world) : verdictOn(world, expectedOf(workload));
  },
});
