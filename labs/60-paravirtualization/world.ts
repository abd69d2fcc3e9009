/** The paravirtualization chapter's engine: Varve bare, ported to Xen, and translated; and small guests of Xen, some hostile. */
import { defineWorld, type World } from '../../src/lab/world.ts';
import type { Setup } from '../../src/protocol/frame.ts';
import { modelWith, offeredConstants } from '../../src/worlds/constants.ts';
import { DEFAULT_MODEL } from '../../src/machines/pc/models.ts';
import type { Model } from '../../src/machines/pc/models/classes.ts';
import { PcWorld } from '../../src/worlds/pc/world.ts';
import {
  expectedOf,
  printedBy,
  SHELL,
  varveDomain,
  varveWorld,
  verdictOn,
  type VarveOptions,
} from '../+shared/pc/varve-world.ts';
import { diskFor, domainsOn, domainsWorld, type Tenant } from '../+shared/pc/xen-domains.ts';
import { xenGuestWorld, type XenGuestOptions } from '../+shared/pc/xen-guest.ts';
import { commandLine, workloadLine } from '../+shared/pc/workloads.ts';
import NET_INC from './guests/net.inc?raw';
import XEN_INC from './guests/xen.inc?raw';

const SOURCES: Readonly<Record<string, string>> = import.meta.glob<string>('./guests/*.asm', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const INCLUDES = { 'xen.inc': XEN_INC, 'net.inc': NET_INC };

/** In the order of the chapter: guests in assembly, those with a neighbour, programs on Varve. */
const ALONE = ['hello', 'tables'];
const ON_NETWORK = 'net';
/** Its neighbour is at work on the network, and both are behind the bridge of domain 0. */
const SPOOF = 'spoof';
const HOSTILE = ['steal', 'forge', SPOOF, 'flood'];
const GUESTS = [...ALONE, ...HOSTILE];
const ON_VARVE = ['syscall', 'forkwait', 'ptemod', 'compute', SHELL];
/** Work on a device that domain 0 drives, by the programs that do it; and domain 0 with the tools to make more domains. */
const SPLIT: Readonly<Record<string, string>> = { split: 'io', bridge: ON_NETWORK };
const TOOLS = 'xm';
const WORKLOADS = [...GUESTS, ...ON_VARVE, ...Object.keys(SPLIT), TOOLS];

const BARE = 'bare';
const XEN = 'xen';
const DOMAIN_0 = 'domain-0';
const TECHNIQUES: Readonly<Record<string, VarveOptions>> = {
  [BARE]: { diskInMemory: true },
  [XEN]: { under: 'xen' },
  'xen-singly': { under: 'xen', kernelOptions: 'batch=off' },
  translator: { under: 'translator', diskInMemory: true },
};

const BY_CONTROLLER = 'disk=dma';

/** The same work on the machine's device: alone on it, as domain 0, or as a domain whose device domain 0 serves. */
function splitWorld(work: string, technique: string, model: Model): PcWorld {
  if (technique === BARE) return varveWorld(work, { kernelOptions: BY_CONTROLLER, model });
  if (technique === DOMAIN_0) return domainsWorld(workloadLine(work), [], model);
  return domainsWorld(commandLine('xm', ['wait']), [{ name: 'web', append: workloadLine(work) }], model);
}

/** Names by which domain 0 can ask for them. */
const TENANTS: readonly Tenant[] = ['web', 'db'].map((name) => ({
  name,
  append: commandLine('sh'),
  later: true,
}));

/** Who lives beside a hostile guest, with work whose result can be checked. */
const neighbourOf = (guest: string): string => (guest === SPOOF ? ON_NETWORK : 'compute');
function surroundings(guest: string): XenGuestOptions {
  const work = neighbourOf(guest);
  if (guest !== SPOOF) return { neighbours: [{ ...varveDomain(work), memory: 10 << 20 }] };
  const neighbours = domainsOn(commandLine('xm', ['wait']), [{ name: 'web', append: workloadLine(work) }]);
  return { neighbours, disks: [diskFor(1)], address: '10.0.2.17' };
}

/** A line of a domain begins with its number where there are several. */
const withoutDomains = (text: string): string => text.replaceAll(/^\(d\d+\) /gm, '');

function guestWorld({ workload, source: edited, constants }: Setup): ReturnType<typeof xenGuestWorld> & {
  readonly source: string;
} {
  const own = SOURCES[`./guests/${workload}.asm`];
  if (own === undefined) throw new Error(`there are ${WORKLOADS.join(', ')}, not ${workload}`);
  const source = edited ?? own;
  const around = HOSTILE.includes(workload) ? surroundings(workload) : {};
  const model = modelWith(DEFAULT_MODEL, constants);
  return { source, ...xenGuestWorld(source, INCLUDES, { ...around, model }) };
}

function verdictOnGuests(world: PcWorld, workload: string): string {
  const text = withoutDomains(printedBy(world));
  const own = new RegExp(`^${workload}: ok$`, 'm');
  if (HOSTILE.includes(workload) && !expectedOf(neighbourOf(workload))!.test(text))
    return 'its neighbour did not end as it should';
  return own.test(text) ? '' : verdictOn(world, own);
}

export default defineWorld({
  offer: {
    workloads: WORKLOADS,
    techniques: [...Object.keys(TECHNIQUES), DOMAIN_0],
    only: {
      ...Object.fromEntries(GUESTS.map((guest) => [guest, [XEN]])),
      ...Object.fromEntries(ON_VARVE.map((name) => [name, Object.keys(TECHNIQUES)])),
      ...Object.fromEntries(Object.keys(SPLIT).map((name) => [name, [BARE, DOMAIN_0, XEN]])),
      [TOOLS]: [XEN],
    },
    constants: offeredConstants(DEFAULT_MODEL),
  },

  create: (setup) => {
    const { workload, technique, constants } = setup;
    const model = modelWith(DEFAULT_MODEL, constants);
    const loaded = { ok: true, source: '', diagnostics: [] };
    const split = SPLIT[workload];
    if (split !== undefined) return { loaded, world: splitWorld(split, technique, model) };
    if (workload === TOOLS) return { loaded, world: domainsWorld(commandLine('sh'), TENANTS, model) };
    if (!Object.hasOwn(TECHNIQUES, technique))
      throw new Error(`there are ${Object.keys(TECHNIQUES).join(', ')}, not ${technique}`);
    if (ON_VARVE.includes(workload)) {
      return { loaded, world: varveWorld(workload, { ...TECHNIQUES[technique], model }) };
    }
    const { source, diagnostics, world } = guestWorld(setup);
    return { loaded: { ok: world !== null, source, diagnostics }, world };
  },

  verdict: (world: World, { workload }) => {
    if (!(world instanceof PcWorld) || workload === SHELL || workload === TOOLS) return '';
    const split = expectedOf(SPLIT[workload] ?? '');
    if (split !== null) return split.test(withoutDomains(printedBy(world))) ? '' : verdictOn(world, split);
    return GUESTS.includes(workload)
      ? verdictOnGuests(world, workload)
      : verdictOn(world, expectedOf(workload));
  },
});
