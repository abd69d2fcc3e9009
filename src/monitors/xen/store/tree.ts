/**
 * xenstore's contents: a tree of names and short values by which domains find each other, with owners and rights, and
 * transactions. What clients see of it: docs/misc/xenstore.txt of Xen.
 */

/** `access[0]` is the owner, with the rights of everybody who is not named behind it: n, r, w or b, and a domain. */
export interface StoreNode {
  value: string;
  access: string[];
}

export interface Transaction {
  readonly id: number;
  readonly domain: number;
  readonly generation: number;
  nodes: Record<string, StoreNode>;
  readonly changed: string[];
}

export interface TreeState {
  nodes: Record<string, StoreNode>;
  /** Counts changes: a transaction that began before one of others does not go through. */
  generation: number;
  transactions: Transaction[];
  lastTransaction: number;
}

/** Errors by the names that the protocol has for them. */
export type StoreError =
  'ENOENT' | 'EACCES' | 'EINVAL' | 'ENOSPC' | 'EAGAIN' | 'EBUSY' | 'ENOSYS' | 'EEXIST' | 'E2BIG';
export class StoreFailure extends Error {
  readonly code: StoreError;
  constructor(code: StoreError) {
    super(code);
    this.code = code;
  }
}

export const treeState = (): TreeState => ({
  nodes: { '/': { value: '', access: ['n0'] } },
  generation: 0,
  transactions: [],
  lastTransaction: 0,
});

const LONGEST_PATH = 3072;
const MOST_NODES = 1000;
const LONGEST_VALUE = 2048;
const MOST_TRANSACTIONS = 10;
const PATH = /^\/$|^(\/[A-Za-z0-9_@-]+)+$/;

export const homeOf = (domain: number): string => `/local/domain/${domain}`;
const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';
const isBelow = (path: string, top: string): boolean =>
  path === top || top === '/' || path.startsWith(`${top}/`);

/** The absolute form of what a client wrote: without a slash it counts from its home. */
export function absolute(domain: number, path: string): string {
  const whole = path.startsWith('/') ? path : `${homeOf(domain)}/${path}`;
  if (whole.length > LONGEST_PATH || !PATH.test(whole)) throw new StoreFailure('EINVAL');
  return whole;
}

function mayDo(node: StoreNode, domain: number, right: 'r' | 'w'): boolean {
  const [owner, ...named] = node.access;
  if (domain === 0 || owner!.slice(1) === String(domain)) return true;
  const letter = (named.find((entry) => entry.slice(1) === String(domain)) ?? owner!)[0]!;
  return letter === 'b' || letter === right;
}

/** The tree as one client has it before it: the one tree, or its transaction's. */
export class Tree {
  state: TreeState;

  constructor(state: TreeState) {
    this.state = state;
  }

  private transaction(domain: number, id: number): Transaction | null {
    if (id === 0) return null;
    const found = this.state.transactions.find((t) => t.id === id && t.domain === domain);
    if (!found) throw new StoreFailure('ENOENT');
    return found;
  }

  private nodes(domain: number, id: number): Record<string, StoreNode> {
    return this.transaction(domain, id)?.nodes ?? this.state.nodes;
  }

  private find(domain: number, id: number, path: string, right: 'r' | 'w'): StoreNode {
    const node = this.nodes(domain, id)[path];
    if (!node) throw new StoreFailure('ENOENT');
    if (!mayDo(node, domain, right)) throw new StoreFailure('EACCES');
    return node;
  }

  mayRead(domain: number, path: string): boolean {
    const node = this.state.nodes[path];
    return !node || mayDo(node, domain, 'r');
  }

  read(domain: number, id: number, path: string): string {
    return this.find(domain, id, path, 'r').value;
  }

  list(domain: number, id: number, path: string): string[] {
    this.find(domain, id, path, 'r');
    const start = path === '/' ? '/' : `${path}/`;
    return Object.keys(this.nodes(domain, id))
      .filter((each) => each !== '/' && each.startsWith(start) && !each.includes('/', start.length))
      .map((each) => each.slice(start.length));
  }

  access(domain: number, id: number, path: string): readonly string[] {
    return this.find(domain, id, path, 'r').access;
  }

  setAccess(domain: number, id: number, path: string, access: readonly string[]): void {
    const node = this.find(domain, id, path, 'w');
    if (access.length === 0 || access.some((entry) => !/^[nrwb]\d{1,5}$/.test(entry)))
      throw new StoreFailure('EINVAL');
    // Only domain 0 gives something away.
    if (domain !== 0 && access[0]!.slice(1) !== String(domain)) throw new StoreFailure('EACCES');
    this.nodes(domain, id)[path] = { value: node.value, access: [...access] };
    this.changed(domain, id, path);
  }

  /** Writes a value, and makes what is missing on the way. */
  write(domain: number, id: number, path: string, value: string): void {
    if (domain !== 0 && value.length > LONGEST_VALUE) throw new StoreFailure('E2BIG');
    this.make(domain, id, path);
    const node = this.find(domain, id, path, 'w');
    this.nodes(domain, id)[path] = { value, access: node.access };
    this.changed(domain, id, path);
  }

  makeDirectory(domain: number, id: number, path: string): void {
    if (this.nodes(domain, id)[path]) return;
    this.make(domain, id, path);
    this.changed(domain, id, path);
  }

  /** A new node is its maker's, with the rights of the one above. */
  private make(domain: number, id: number, path: string): void {
    const nodes = this.nodes(domain, id);
    if (nodes[path]) return;
    const parent = parentOf(path);
    this.make(domain, id, parent);
    const above = this.find(domain, id, parent, 'w');
    if (domain !== 0) {
      const own = Object.values(nodes).filter(({ access }) => access[0]!.slice(1) === String(domain)).length;
      if (own >= MOST_NODES) throw new StoreFailure('ENOSPC');
    }
    const [first, ...others] = above.access;
    nodes[path] = {
      value: '',
      access: domain === 0 ? [...above.access] : [`${first![0]}${domain}`, ...others],
    };
  }

  /** Takes a node away with all below it. */
  remove(domain: number, id: number, path: string): void {
    const nodes = this.nodes(domain, id);
    if (path === '/') throw new StoreFailure('EINVAL');
    if (!nodes[path]) {
      if (!nodes[parentOf(path)]) throw new StoreFailure('ENOENT');
      return;
    }
    this.find(domain, id, path, 'w');
    this.changed(domain, id, path, true);
    (this.transaction(domain, id) ?? this.state).nodes = Object.fromEntries(
      Object.entries(nodes).filter(([each]) => !isBelow(each, path)),
    );
  }

  // ---------------------------------------------------------------- transactions

  begin(domain: number): number {
    const { state } = this;
    if (domain !== 0 && state.transactions.filter((t) => t.domain === domain).length >= MOST_TRANSACTIONS)
      throw new StoreFailure('ENOSPC');
    const id = ++state.lastTransaction;
    const { generation, nodes } = state;
    state.transactions.push({ id, domain, generation, nodes: { ...nodes }, changed: [] });
    return id;
  }

  /** Takes over what the transaction changed, or forgets it; the paths that have changed. */
  end(domain: number, id: number, commit: boolean): readonly string[] {
    const { state } = this;
    const transaction = this.transaction(domain, id);
    if (!transaction) throw new StoreFailure('ENOENT');
    state.transactions = state.transactions.filter((t) => t !== transaction);
    if (!commit || transaction.changed.length === 0) return [];
    if (transaction.generation !== state.generation) throw new StoreFailure('EAGAIN');
    state.nodes = transaction.nodes;
    state.generation++;
    return transaction.changed;
  }

  /** A client is gone, and what it had begun. */
  forget(domain: number): void {
    this.state.transactions = this.state.transactions.filter((t) => t.domain !== domain);
  }

  /** Set by the service: a path has changed for everybody, or is gone with all below it. */
  onChange: (path: string, gone: boolean) => void = () => undefined;
  private changed(domain: number, id: number, path: string, gone = false): void {
    const transaction = this.transaction(domain, id);
    if (transaction) transaction.changed.push(path);
    else {
      this.state.generation++;
      this.onChange(path, gone);
    }
  }
}
