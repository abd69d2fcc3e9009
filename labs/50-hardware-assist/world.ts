/** The chapter on hardware assistance: kernels bare, translated, and by VT-x; and a hypervisor in assembly on two processors. */
import { defineWorld, type World } from '../../src/lab/world.ts';
import { PENTIUM_4 } from '../../src/machines/pc/models/pentium4.ts';
import { WESTMERE } from '../../src/machines/pc/models/westmere.ts';
import type { Model } from '../../src/machines/pc/models/classes.ts';
import { modelWith, offeredConstants } from '../../src/worlds/constants.ts';
import type { PcMonitorName } from '../../src/worlds/pc/monitors/table.ts';
import { PcWorld } from '../../src/worlds/pc/world.ts';
import { flatWorld } from '../+shared/pc/flat.ts';
import { INCLUDES, SHARED_GUESTS } from '../+shared/pc/guests/guests.ts';
import { expectedOf, SHELL, varveWorld, verdictOn } from '../+shared/pc/varve-world.ts';
import { HYPERVISOR } from '../+shared/pc/vmx/hypervisor.ts';
import kernel from './guests/kernel.asm?raw';

/** In the order of the chapter: guests in assembly, then programs on Varve. */
const SOURCES: Readonly<Record<string, string>> = {
  popf: SHARED_GUESTS.popf,
  hypervisor: HYPERVISOR,
  kernel,
};
const ON_VARVE = ['compute', 'syscall', 'ptemod', 'portio', 'io', SHELL];
const WORKLOADS = [...Object.keys(SOURCES), ...ON_VARVE];
/** Itself a user of VT-x, which no guest here has. */
const USES_VMX = 'hypervisor';

interface Technique {
  readonly model: Model;
  readonly under?: PcMonitorName;
}
const TECHNIQUES: Readonly<Record<string, Technique>> = {
  bare: { model: WESTMERE },
  translator: { model: WESTMERE, under: 'translator' },
  vmx: { model: WESTMERE, under: 'vmx' },
  'bare-2005': { model: PENTIUM_4 },
};
const MONITORED = ['bare', 'translator', 'vmx'];

const EXPECTED: Readonly<Record<string, RegExp>> = { hypervisor: /^STRATA GUEST\nguest halted$/m };
const expected = (workload: string): RegExp | null => {
  if (Object.hasOwn(EXPECTED, workload)) return EXPECTED[workload]!;
  return Object.hasOwn(SOURCES, workload) ? new RegExp(`^${workload}: ok$`, 'm') : expectedOf(workload);
};

export default defineWorld({
  offer: {
    workloads: WORKLOADS,
    techniques: Object.keys(TECHNIQUES),
    only: {
      ...Object.fromEntries(WORKLOADS.map((workload) => [workload, MONITORED])),
      [USES_VMX]: ['bare', 'bare-2005'],
    },
    constants: offeredConstants(WESTMERE),
  },

  create: ({ workload, technique, source: edited, constants }) => {
    if (!Object.hasOwn(TECHNIQUES, technique))
      throw new Error(`there are ${Object.keys(TECHNIQUES).join(', ')}, not ${technique}`);
    if (!WORKLOADS.includes(workload)) throw new Error(`there are ${WORKLOADS.join(', ')}, not ${workload}`);
    const { model, under } = TECHNIQUES[technique]!;
    const options = { model: modelWith(model, constants), under };
    if (ON_VARVE.includes(workload)) {
      const loaded = { ok: true, source: '', diagnostics: [] };
      return { loaded, world: varveWorld(workload, options) };
    }
    const source = edited ?? SOURCES[workload]!;
    const { assembly, world } = flatWorld(source, INCLUDES, options);
    return { loaded: { ok: world !== null, source, diagnostics: assembly.diagnostics }, world };
  },

  verdict: (world: World, { workload }) =>
    !(world instanceof PcWorld) || workload === SHELL ? '' : verdictOn(world, expected(workload)),
});
