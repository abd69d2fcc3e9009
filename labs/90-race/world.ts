/** The race's engine: every workload of Varve, byte for byte the same, under every technique that a PC has here. */
import { defineWorld, type World } from '../../src/lab/world.ts';
import { WESTMERE } from '../../src/machines/pc/models/westmere.ts';
import { modelWith, offeredConstants } from '../../src/worlds/constants.ts';
import { isPcMonitor, PC_MONITORS } from '../../src/worlds/pc/monitors/table.ts';
import { PcWorld } from '../../src/worlds/pc/world.ts';
import { expectedOf, varveWorld, verdictOn } from '../+shared/pc/varve-world.ts';
import { WORKLOADS } from '../+shared/pc/workloads.ts';

const BARE = 'bare';
const TECHNIQUES = [BARE, ...Object.keys(PC_MONITORS)];
/** One machine for all: the oldest that every technique can run on. */
const MODEL = WESTMERE;

export default defineWorld({
  offer: {
    workloads: WORKLOADS.map(({ name }) => name),
    techniques: TECHNIQUES,
    constants: offeredConstants(MODEL),
  },

  create: ({ workload, technique, constants }) => {
    if (expectedOf(workload) === null) throw new Error(`there is no workload ${workload}`);
    if (technique !== BARE && !isPcMonitor(technique))
      throw new Error(`there are ${TECHNIQUES.join(', ')}, not ${technique}`);
    const model = modelWith(MODEL, constants);
    const world = varveWorld(workload, { model, ...(technique !== BARE && { under: technique }) });
    return { loaded: { ok: true, source: '', diagnostics: [] }, world };
  },

  verdict: (world: World, { workload }) =>
    world instanceof PcWorld ? verdictOn(world, expectedOf(workload)) : '',
});
