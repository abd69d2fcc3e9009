/** The containers chapter's engine: one kernel on a PC, its host, and programs that are shut up in five ways. */
import { defineWorld, type World } from '../../src/lab/world.ts';
import { DEFAULT_MODEL } from '../../src/machines/pc/models.ts';
import { STORE } from '../../src/os/containers/files/overlay-root.ts';
import { ISOLATIONS, type Isolation, type IsolationName } from '../../src/os/containers/isolation.ts';
import { modelWith, offeredConstants } from '../../src/worlds/constants.ts';
import { ContainerWorld } from '../../src/worlds/containers/world.ts';
import { dockerFiles } from '../+shared/pc/docker-files.ts';
import { hostFiles } from '../+shared/pc/host-files.ts';
import { imageWorld, open } from './image.ts';
import { limitsOf } from './options.ts';

const SCRIPTS: Readonly<Record<string, string>> = import.meta.glob<string>('./guests/*.sh', {
  query: '?raw',
  import: 'default',
  eager: true,
});

const SHELL = 'shell';
/** What exercises fill in. */
const SCRIPT = 'script';
const NEIGHBOURS = 'neighbours';
const BY_HAND = 'build';
/** The visitor's own. */
const IMAGE = 'image';
/** In the order of the chapter. What each prints when it has done its work; null where nobody can say. */
const WORKLOADS: Readonly<Record<string, RegExp | null>> = {
  look: /^CapEff:/m,
  [BY_HAND]: /^bomb: refused after 7:/m,
  escape: /^escape: (out\.|still inside:)/m,
  bomb: /^bomb: (refused after|nobody stopped it)/m,
  hog: /^(hog: has 4096 KB|sh: ended by signal 9)$/m,
  [NEIGHBOURS]: /^spin: \d+ rounds$/m,
  compute: /: ok$/m,
  syscall: /: ok$/m,
  forkwait: /: ok$/m,
  pgfault: /: ok$/m,
  [SCRIPT]: null,
  [SHELL]: null,
  [IMAGE]: null,
};

/** What is over when it is done; after the others there is a shell, so that one can look at what they leave. */
const ENDING: ReadonlySet<string> = new Set(['compute', 'syscall', 'forkwait', 'pgfault', SCRIPT]);
const MEMORY = 16 << 20;
/** The second neighbour's weight: three times the usual. */
const HEAVIER = 300;
export const TENANT = 'one';

export default defineWorld({
  offer: {
    workloads: Object.keys(WORKLOADS),
    techniques: Object.keys(ISOLATIONS),
    only: { [BY_HAND]: ['process'], [IMAGE]: ['docker', 'lxc', 'jail', 'chroot'] },
    images: [IMAGE],
    constants: offeredConstants(DEFAULT_MODEL),
  },

  open,

  create: (setup) => {
    const { workload, technique, source: edited, constants, seed } = setup;
    if (!Object.hasOwn(ISOLATIONS, technique))
      throw new Error(`there are ${Object.keys(ISOLATIONS).join(', ')}, not ${technique}`);
    if (!Object.hasOwn(WORKLOADS, workload))
      throw new Error(`there are ${Object.keys(WORKLOADS).join(', ')}, not ${workload}`);
    const isolation: Isolation = ISOLATIONS[technique as IsolationName];
    if (workload === IMAGE) return imageWorld(setup, isolation, modelWith(DEFAULT_MODEL, constants));
    const source = edited ?? SCRIPTS[`./guests/${workload}.sh`] ?? '';
    const limits = limitsOf(setup);
    const ends = ENDING.has(workload);
    const names = workload === NEIGHBOURS ? [TENANT, 'two'] : [TENANT];
    const world = new ContainerWorld({
      model: modelWith(DEFAULT_MODEL, constants),
      ...{ memory: MEMORY, seed, hostCommand: ['/bin/sh'] },
      root: hostFiles(names, texts(source, names, isolation.layered)),
      tenants: names.map((name, k) => ({
        ...{ name, home: `/srv/${name}`, isolation, command: commandFor(workload, ends) },
        ...(isolation.layered && { layers: [`/srv/${name}`, scriptLayer(name)] }),
        limits: k === 0 ? limits : { ...limits, weight: HEAVIER },
      })),
      endsWithTenants: ends,
    });
    return { loaded: { ok: true, source, diagnostics: [] }, world };
  },

  verdict: (world: World, { workload }) => {
    const wanted = WORKLOADS[workload];
    if (!(world instanceof ContainerWorld) || !wanted) return '';
    return wanted.test(world.textOf(TENANT)) ? '' : 'the line that says it is done is missing';
  },
});

function commandFor(workload: string, ends: boolean): readonly string[] {
  if (workload === SHELL) return ['/bin/sh'];
  return ends ? ['/bin/sh', '/script'] : ['/bin/sh', '-c', 'sh /script; sh'];
}

/** Looks round like `look`, and tries the way out: what exercises have shut up. */
const PROBE = '#!/bin/sh\necho probe begins\nhostname\nps\nls /\nescape\necho probe ends\n';

/** Where the layer lies that brings the script, above that of the programs. */
const scriptLayer = (name: string): string => `${STORE}/${name}-script/diff`;

/** For the host and for each container the script and the probe; and a file that only the host should see. */
function texts(script: string, names: readonly string[], layered: boolean): Readonly<Record<string, string>> {
  const homes = names.map((name) => (layered ? scriptLayer(name) : `/srv/${name}`));
  const own = ['', ...homes].flatMap((top) => [
    [`${top}/script`, script] as const,
    [`${top}/bin/probe`, PROBE] as const,
  ]);
  return { '/etc/secret': 'only the host knows\n', ...dockerFiles(), ...Object.fromEntries(own) };
}
