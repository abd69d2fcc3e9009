/** Domains made and destroyed over and over beside a domain 0 that serves their devices: what is left of them, if anything. */
import { seededRandom } from '../../src/base/random.ts';
import type { Pc } from '../../src/machines/pc/machine.ts';
import { audit } from '../../src/monitors/xen/audit.ts';
import type { EventPort } from '../../src/monitors/xen/domain.ts';
import type { Xen } from '../../src/monitors/xen/hypervisor.ts';
import { readyPc } from '../../src/worlds/pc/build.ts';
import { runUntil, serialOf } from '../../labs/+shared/pc/testing.ts';
import { commandLine } from '../../labs/+shared/pc/workloads.ts';
import { diskFor, domainsOn } from '../../labs/+shared/pc/xen-domains.ts';

/** Long enough for domain 0 to hear in the store that a domain is gone, and to let go of its rings. */
const SETTLING = 2e7;
/** A tenant boots in less: it is destroyed before its devices are there, while they are at work, or after its end. */
const LONGEST_LIFE = 3e7;

const TENANTS = [
  { name: 'web', append: commandLine('net', ['10.0.2.2', '20']), later: true },
  { name: 'db', append: commandLine('io', []), later: true },
] as const;

/** All that a domain could leave behind, counted. */
function held({ state }: Xen) {
  const [dom0] = state.domains;
  const frames = new Map<number, number>();
  for (const owner of state.frames.owner) frames.set(owner, (frames.get(owner) ?? 0) + 1);
  return {
    frames: Object.fromEntries([...frames].sort(([a], [b]) => a - b)),
    free: state.frames.free.length,
    mappings: state.mappings.length,
    ports: dom0!.ports.filter(
      (port) => (port as EventPort | undefined)?.kind !== undefined && port.kind !== 'free',
    ).length,
    keys: Object.keys(state.store.tree.nodes).length,
    watches: state.store.watches.length,
    transactions: state.store.tree.transactions.length,
  };
}

/** What is wrong after so many lives, whose lengths are drawn by `seed`; null: nothing. */
export function leftAfterLives(count: number, seed: number): string | null {
  const built = readyPc({
    memory: 32 << 20,
    under: 'xen',
    disks: [diskFor(TENANTS.length)],
    program: { kind: 'domains', domains: domainsOn('init=/bin/sh', TENANTS) },
  });
  if (typeof built === 'string') throw new Error(built);
  const { machine, monitor } = built;
  const xen = machine.cpu.host as Xen;
  const random = seededRandom(seed);
  runUntil(machine, '$ ', 0, monitor);
  const live = (life: number, name: string): string | null => {
    ask(machine, `xm create ${name}`);
    machine.run(life);
    ask(machine, `xm destroy ${name}`);
    machine.run(SETTLING);
    const [dom0, ...others] = xen.state.domains.filter(({ state }) => state !== 'destroyed');
    if (dom0?.state !== 'running' && dom0?.state !== 'blocked') return `domain 0 is ${dom0?.state}`;
    return others.length > 0 ? `${name} is ${others[0]!.state}` : (audit(xen)[0] ?? null);
  };
  // Domain 0 keeps what its first guests made it take.
  for (const { name } of TENANTS) live(LONGEST_LIFE, name);
  const before = JSON.stringify(held(xen));
  for (let k = 0; k < count; k++) {
    const wrong = live(random.below(LONGEST_LIFE), TENANTS[k % TENANTS.length]!.name);
    if (wrong !== null) return `life ${k}: ${wrong}`;
    const after = JSON.stringify(held(xen));
    if (after !== before) return `life ${k}: ${after}, before it ${before}`;
  }
  return null;
}

/** Types a line, and waits for the prompt. */
function ask(machine: Pc, line: string): void {
  const from = serialOf(machine).length;
  machine.chipset.com1.type(`${line}\n`);
  runUntil(machine, '$ ', from + line.length);
}
