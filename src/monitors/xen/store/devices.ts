/** What the tools of domain 0 write into the store about a domain and its devices. Docs: misc/xenstore-paths.pandoc of Xen. */
import { homeOf } from './tree.ts';
import type { Store } from './service.ts';

/** The device number of the first disk, xvda, as Linux has it. */
export const FIRST_DISK = 51712;
const INITIALISING = '1';

/** Devices of two halves. */
const KINDS = ['vbd', 'vif'] as const;
type Kind = (typeof KINDS)[number];
/** Where the back halves stand, by their domains. */
const backEnds = (kind: Kind): string => `${homeOf(0)}/backend/${kind}`;

/** A domain as its operator asked for it. */
export interface Introduced {
  readonly id: number;
  readonly name: string;
  readonly pages: number;
  /** A device or partition of domain 0, such as `hda2`; null: none. */
  readonly disk: string | null;
  /** IPv4 address of its network interface; null: it has none. */
  readonly address: string | null;
}

/** The domain's home, which is its own, and the two ends of its devices. */
export function introduce(store: Store, { id, name, pages, disk, address }: Introduced): void {
  const { tree } = store;
  const home = homeOf(id);
  const write = (path: string, value: string): void => {
    tree.write(0, 0, path, value);
  };
  const give = (path: string, ...access: readonly string[]): void => {
    tree.setAccess(0, 0, path, access);
  };
  tree.makeDirectory(0, 0, home);
  // Domain 0 may always; the domain reads what is said of it, and writes where its devices are.
  give(home, 'n0', `r${id}`);
  write(`${home}/name`, name);
  write(`${home}/domid`, String(id));
  write(`${home}/memory/target`, String(4 * pages));
  for (const own of ['device', 'data', 'control']) {
    tree.makeDirectory(0, 0, `${home}/${own}`);
    give(`${home}/${own}`, `n${id}`);
  }
  if (disk !== null)
    attach(tree, id, 'vbd', FIRST_DISK, {
      front: { 'virtual-device': String(FIRST_DISK), 'device-type': 'disk' },
      back: { online: '1', type: 'phy', params: disk, mode: 'w', dev: 'xvda' },
    });
  if (address !== null) {
    const both = { handle: '0', mac: stationOf(id) };
    attach(tree, id, 'vif', 0, {
      front: both,
      back: { ...both, online: '1', bridge: 'xenbr0', ip: address },
    });
  }
  store.tell('@introduceDomain');
}

/** Ethernet address of a domain's interface, of those that belong to Xen. */
const stationOf = (id: number): string =>
  [
    '00',
    '16',
    '3e',
    ...[id >> 16, id >> 8, id].map((each) => (each & 0xff).toString(16).padStart(2, '0')),
  ].join(':');

type Entries = Readonly<Record<string, string>>;

/** Both ends of a device, each of which may be read by the other's domain. */
function attach(
  tree: Store['tree'],
  id: number,
  kind: Kind,
  number: number,
  ends: { readonly front: Entries; readonly back: Entries },
): void {
  const front = `${homeOf(id)}/device/${kind}/${number}`;
  const back = `${backEnds(kind)}/${id}/${number}`;
  const put = (top: string, access: readonly string[], entries: Entries): void => {
    tree.makeDirectory(0, 0, top);
    tree.setAccess(0, 0, top, access);
    for (const [key, value] of Object.entries(entries)) tree.write(0, 0, `${top}/${key}`, value);
  };
  const state = INITIALISING;
  put(front, [`n${id}`, 'r0'], { backend: back, 'backend-id': '0', ...ends.front, state });
  put(back, ['n0', `r${id}`], { frontend: front, 'frontend-id': String(id), ...ends.back, state });
}

/** A device as domain 0 serves it. */
interface Device {
  readonly domain: number;
  /** What was counted, by its name; what domain 0 has written last. */
  readonly counts: Readonly<Record<string, number>>;
}
export interface Interface extends Device {
  readonly station: string;
  readonly address: string;
}
export interface Disk extends Device {
  readonly disk: string;
}

/** Devices of a kind, which has `key` in the store for each of them, with what else is there. */
function devicesIn(
  { tree: { state } }: Store,
  kind: Kind,
  key: string,
): readonly (Device & { readonly value: (key: string) => string })[] {
  const top = `${backEnds(kind)}/`;
  const paths = Object.keys(state.nodes).filter((path) => path.startsWith(top) && path.endsWith(`/${key}`));
  return paths.map((path) => {
    const value = (name: string): string => state.nodes[path.slice(0, -key.length) + name]?.value ?? '';
    const counts = value('statistics').matchAll(/(\S+)=(\d+)/g);
    return {
      domain: Number(value('frontend-id')),
      counts: Object.fromEntries(Array.from(counts, ([, name, count]) => [name!, Number(count)])),
      value,
    };
  });
}

export const interfacesIn = (store: Store): readonly Interface[] =>
  devicesIn(store, 'vif', 'mac').map(({ domain, counts, value }) => ({
    ...{ domain, counts, station: value('mac'), address: value('ip') },
  }));
export const disksIn = (store: Store): readonly Disk[] =>
  devicesIn(store, 'vbd', 'params').map(({ domain, counts, value }) => ({
    ...{ domain, counts, disk: value('params') },
  }));

/** Nothing of the domain is left in the store. */
export function remove(store: Store, id: number): void {
  const { tree } = store;
  store.forget(id);
  for (const path of [homeOf(id), ...KINDS.map((kind) => `${backEnds(kind)}/${id}`)])
    if (tree.state.nodes[path]) tree.remove(0, 0, path);
  store.tell('@releaseDomain');
}
