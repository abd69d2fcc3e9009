/** What the tools of domain 0 write into the store about a domain and its devices. Docs: misc/xenstore-paths.pandoc of Xen. */
import { homeOf } from './tree.ts';
import type { Store } from './service.ts';

/** The device number of the first disk, xvda, as Linux has it. */
export const FIRST_DISK = 51712;
const INITIALISING = '1';

/** A domain as its operator asked for it. */
export interface Introduced {
  readonly id: number;
  readonly name: string;
  readonly pages: number;
  /** A device or partition of domain 0, such as `hda2`; null: none. */
  readonly disk: string | null;
}

/** The domain's home, which is its own, and the two ends of its devices. */
export function introduce(store: Store, { id, name, pages, disk }: Introduced): void {
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
  if (disk !== null) attach(tree, id, disk);
  store.tell('@introduceDomain');
}

function attach(tree: Store['tree'], id: number, disk: string): void {
  const front = `${homeOf(id)}/device/vbd/${FIRST_DISK}`;
  const back = `${homeOf(0)}/backend/vbd/${id}/${FIRST_DISK}`;
  const put = (top: string, entries: Readonly<Record<string, string>>): void => {
    for (const [key, value] of Object.entries(entries)) tree.write(0, 0, `${top}/${key}`, value);
  };
  tree.makeDirectory(0, 0, front);
  tree.setAccess(0, 0, front, [`n${id}`, 'r0']);
  put(front, {
    backend: back,
    'backend-id': '0',
    'virtual-device': String(FIRST_DISK),
    'device-type': 'disk',
    state: INITIALISING,
  });
  tree.makeDirectory(0, 0, back);
  tree.setAccess(0, 0, back, ['n0', `r${id}`]);
  put(back, {
    frontend: front,
    'frontend-id': String(id),
    online: '1',
    type: 'phy',
    params: disk,
    mode: 'w',
    dev: 'xvda',
    state: INITIALISING,
  });
}

/** Nothing of the domain is left in the store. */
export function remove(store: Store, id: number): void {
  const { tree } = store;
  store.forget(id);
  for (const path of [homeOf(id), `${homeOf(0)}/backend/vbd/${id}`])
    if (tree.state.nodes[path]) tree.remove(0, 0, path);
  store.tell('@releaseDomain');
}
