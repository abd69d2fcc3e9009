/**
 * xenstored: answers the messages that domains put into their store rings, and tells them what changed where they
 * watch. Interface: io/xs_wire.h.
 * SIMPLIFIED: it is TypeScript beside Xen, as its own domain of later Xens was beside domain 0; its time is charged.
 */
import type { SystemPc } from '../../../machines/pc/system.ts';
import { INPUT_OUTPUT, STORE_MESSAGE } from '../paths.ts';
import { ANSWER, AREA, REQUEST, RingBytes } from './ring.ts';
import { absolute, homeOf, StoreFailure, Tree, treeState, type TreeState } from './tree.ts';

interface Watch {
  readonly domain: number;
  readonly path: string;
  /** As the client wrote it: absolute, or from its home. */
  readonly relative: boolean;
  readonly token: string;
}

export interface StoreState {
  tree: TreeState;
  watches: Watch[];
  /** By domain: bytes of a message that has not come whole, and of answers for which its ring had no room. */
  incoming: Record<number, number[]>;
  outgoing: Record<number, number[]>;
  /** Messages by type. */
  messages: Record<string, number>;
}

export const storeState = (): StoreState => ({
  tree: treeState(),
  watches: [],
  incoming: {},
  outgoing: {},
  messages: {},
});

/** XS_*: types of messages by number. */
const TYPES: Readonly<Record<number, string>> = {
  1: 'directory',
  2: 'read',
  3: 'get_perms',
  4: 'watch',
  5: 'unwatch',
  6: 'transaction_start',
  7: 'transaction_end',
  8: 'introduce',
  9: 'release',
  10: 'get_domain_path',
  11: 'write',
  12: 'mkdir',
  13: 'rm',
  14: 'set_perms',
  17: 'is_domain_introduced',
};
const WATCH_EVENT = 15;
const ERROR = 16;
const HEADER = 16;
const LONGEST_PAYLOAD = 4096;
const MOST_WATCHES = 128;
/** Bytes that wait for a domain that does not read them; then events are lost to it. */
const MOST_WAITING = 1 << 16;
const OKAY = 'OK\0';

/** A domain whose store ring is known. */
export interface StoreClient {
  readonly id: number;
  readonly storePage: number;
}

interface Call {
  readonly client: number;
  readonly transaction: number;
  /** The payload, at its zeros. */
  readonly parts: readonly string[];
  readonly payload: string;
}

const lines = (words: readonly string[]): string => words.map((word) => `${word}\0`).join('');

/** What the store needs of the hypervisor. */
export interface StoreSurroundings {
  client(domain: number): StoreClient | null;
  notify(domain: number): void;
  refuse(check: string, detail: string): unknown;
  /** A path has a new value for everybody. */
  written(path: string): void;
}

export class Store {
  private readonly system: SystemPc;
  private readonly around: StoreSurroundings;
  readonly tree: Tree;
  private own: StoreState;

  constructor(system: SystemPc, state: StoreState, around: StoreSurroundings) {
    this.system = system;
    this.own = state;
    this.around = around;
    this.tree = new Tree(state.tree);
    this.tree.onChange = (path, gone) => {
      this.tell(path, gone);
      around.written(path);
    };
  }

  set state(state: StoreState) {
    this.own = state;
    this.tree.state = state.tree;
  }

  /** A domain has put something into its ring, or made room in it; whether it is to be told of an answer. */
  serve(client: StoreClient): boolean {
    const ring = new RingBytes(this.system, client.storePage);
    const bytes = (this.own.incoming[client.id] ??= []);
    bytes.push(...ring.take(REQUEST));
    for (let answered = 0; answered < AREA && bytes.length >= HEADER; answered++) {
      const [type, id, transaction, length] = [0, 4, 8, 12].map((at) => wordAt(bytes, at)) as [
        number,
        number,
        number,
        number, // prettier-ignore
      ];
      if (length > LONGEST_PAYLOAD) {
        this.around.refuse('store', `domain ${client.id} sent a message of ${length} bytes`);
        bytes.length = 0;
        break;
      }
      if (bytes.length < HEADER + length) break;
      const payload = String.fromCharCode(...bytes.splice(0, HEADER + length).slice(HEADER));
      this.answer(client.id, type, id, transaction, payload);
    }
    return this.flush(client);
  }

  private answer(client: number, type: number, id: number, transaction: number, payload: string): void {
    this.system.work(INPUT_OUTPUT, STORE_MESSAGE);
    const name = TYPES[type] ?? 'unknown';
    this.own.messages[name] = (this.own.messages[name] ?? 0) + 1;
    const parts = payload.split('\0');
    if (parts.at(-1) === '') parts.pop();
    try {
      const operation = OPERATIONS[name];
      if (!operation) throw new StoreFailure('ENOSYS');
      const text = operation(this, { client, transaction, parts, payload }) ?? OKAY;
      this.send(client, type, id, transaction, text);
      if (name === 'watch') this.fire(this.own.watches.at(-1)!, this.own.watches.at(-1)!.path);
    } catch (failure) {
      if (!(failure instanceof StoreFailure)) throw failure;
      if (failure.code === 'EACCES')
        this.around.refuse('store', `domain ${client} may not ${name} ${parts[0] ?? ''}`);
      this.send(client, ERROR, id, transaction, `${failure.code}\0`);
    }
  }

  private send(client: number, type: number, id: number, transaction: number, payload: string): void {
    const waiting = (this.own.outgoing[client] ??= []);
    if (type === WATCH_EVENT && waiting.length > MOST_WAITING) return;
    for (const word of [type, id, transaction, payload.length])
      waiting.push(word & 0xff, (word >>> 8) & 0xff, (word >>> 16) & 0xff, word >>> 24);
    for (let k = 0; k < payload.length; k++) waiting.push(payload.charCodeAt(k) & 0xff);
  }

  /** As much as the ring holds; whether that was anything. */
  private flush(client: StoreClient): boolean {
    const waiting = this.own.outgoing[client.id] ?? [];
    if (waiting.length === 0) return false;
    const put = new RingBytes(this.system, client.storePage).put(ANSWER, waiting);
    waiting.splice(0, put);
    return put > 0;
  }

  // ---------------------------------------------------------------- watches

  watch(client: number, path: string, token: string): void {
    const { watches } = this.own;
    const special = path.startsWith('@');
    const whole = special ? path : absolute(client, path);
    if (watches.some((w) => w.domain === client && w.path === whole && w.token === token))
      throw new StoreFailure('EEXIST');
    if (client !== 0 && watches.filter(({ domain }) => domain === client).length >= MOST_WATCHES)
      throw new StoreFailure('E2BIG');
    watches.push({ domain: client, path: whole, relative: !special && !path.startsWith('/'), token });
  }

  unwatch(client: number, path: string, token: string): void {
    const whole = path.startsWith('@') ? path : absolute(client, path);
    const at = this.own.watches.findIndex(
      (w) => w.domain === client && w.path === whole && w.token === token,
    );
    if (at < 0) throw new StoreFailure('ENOENT');
    this.own.watches.splice(at, 1);
  }

  private fire(watch: Watch, path: string): void {
    const start = watch.relative ? `${homeOf(watch.domain)}/` : '';
    this.send(watch.domain, WATCH_EVENT, 0, 0, lines([path.slice(start.length), watch.token]));
  }

  /** Whoever watches the path, or one above it, hears of the change; of a removal also who watches one below. */
  tell(path: string, gone = false): void {
    const concerned = new Set<number>();
    for (const watch of this.own.watches) {
      const below = gone && watch.path.startsWith(`${path}/`);
      const meant = below || path === watch.path || watch.path === '/' || path.startsWith(`${watch.path}/`);
      if (!meant || !this.tree.mayRead(watch.domain, path)) continue;
      this.fire(watch, below ? watch.path : path);
      concerned.add(watch.domain);
    }
    for (const domain of concerned) {
      const client = this.around.client(domain);
      if (client && this.flush(client)) this.around.notify(domain);
    }
  }

  /** A domain has ended: nothing of it is left but what others own. */
  forget(domain: number): void {
    this.tree.forget(domain);
    this.own.watches = this.own.watches.filter((watch) => watch.domain !== domain);
    this.own.incoming[domain] = [];
    this.own.outgoing[domain] = [];
  }

  end(client: number, id: number, commit: boolean): void {
    for (const path of this.tree.end(client, id, commit)) this.tell(path);
  }
  knows(domain: number): boolean {
    return this.around.client(domain) !== null;
  }
}

/** The answer's payload; without one it is "OK". */
type Operation = (store: Store, call: Call) => string | undefined;

const at = ({ client, parts }: Call): string => absolute(client, parts[0] ?? '');
const numberOf = (text = ''): number => {
  if (!/^\d{1,5}$/.test(text)) throw new StoreFailure('EINVAL');
  return Number(text);
};

/** What is asked for the sake of its effect. */
const doing =
  (act: (store: Store, call: Call) => void): Operation =>
  (store, call) => {
    act(store, call);
    return undefined;
  };

const OPERATIONS: Readonly<Record<string, Operation>> = {
  directory: ({ tree }, call) => lines(tree.list(call.client, call.transaction, at(call))),
  read: ({ tree }, call) => tree.read(call.client, call.transaction, at(call)),
  get_perms: ({ tree }, call) => lines(tree.access(call.client, call.transaction, at(call))),
  set_perms: doing(({ tree }, call) => {
    tree.setAccess(call.client, call.transaction, at(call), call.parts.slice(1));
  }),
  write: doing(({ tree }, call) => {
    const value = call.payload.slice(call.payload.indexOf('\0') + 1);
    tree.write(call.client, call.transaction, at(call), value);
  }),
  mkdir: doing(({ tree }, call) => {
    tree.makeDirectory(call.client, call.transaction, at(call));
  }),
  rm: doing(({ tree }, call) => {
    tree.remove(call.client, call.transaction, at(call));
  }),
  watch: doing((store, { client, parts: [path = '', token = ''] }) => {
    store.watch(client, path, token);
  }),
  unwatch: doing((store, { client, parts: [path = '', token = ''] }) => {
    store.unwatch(client, path, token);
  }),
  transaction_start: ({ tree }, { client }) => `${tree.begin(client)}\0`,
  transaction_end: doing((store, { client, transaction, parts }) => {
    store.end(client, transaction, parts[0] === 'T');
  }),
  get_domain_path: (_store, { parts }) => `${homeOf(numberOf(parts[0]))}\0`,
  is_domain_introduced: (store, { parts }) => (store.knows(numberOf(parts[0])) ? 'T\0' : 'F\0'),
};

const wordAt = (bytes: readonly number[], from: number): number =>
  (bytes[from]! | (bytes[from + 1]! << 8) | (bytes[from + 2]! << 16) | (bytes[from + 3]! << 24)) >>> 0;
