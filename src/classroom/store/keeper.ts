/**
 * Keeps work as it is done. Writes of one record follow each other, and of those that wait only the latest counts;
 * what could not be written stays here, is written with the next try, and is in every export. Other tabs are heard.
 */
import { copyOf } from './keys.ts';
import type { Records, StoredRecord } from './records.ts';

type Value = StoredRecord['value'];

/** Why the browser did not keep something. */
export type Trouble =
  /** No room is left. */
  | { readonly kind: 'full' }
  /** The browser gives this page no storage: all is lost when it closes. */
  | { readonly kind: 'no-storage' }
  | { readonly kind: 'refused'; readonly message: string }
  /** Little room is left: `free` bytes. Nothing is lost yet. */
  | { readonly kind: 'scarce'; readonly free: number }
  /** The record was changed in another tab, and here: one of the two must be chosen. */
  | { readonly kind: 'conflict'; readonly key: string }
  /** The record was changed in another tab; nothing was changed here since. */
  | { readonly kind: 'stale'; readonly key: string };

export interface KeeperState {
  /** Something waits to be written. */
  readonly saving: boolean;
  /** Something was written since the page was opened. */
  readonly saved: boolean;
  readonly trouble: Trouble | null;
}

/** How tabs of one browser hear each other; a BroadcastChannel. */
export interface Channel {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

/** A value that is not written yet. */
export interface Waiting {
  readonly key: string;
  readonly value: Value;
  /** The revision that it is to replace; null: whichever is there. */
  readonly replaces: number | null;
}

export class Keeper {
  private readonly records: Records;
  private readonly channel: Channel | null;
  /** Revisions that this page has read or written. */
  private readonly known = new Map<string, number>();
  private readonly unwritten = new Map<string, Value>();
  private readonly writing = new Map<string, Promise<void>>();
  private readonly listeners = new Set<(state: KeeperState) => void>();
  private current: KeeperState;

  constructor(records: Records, channel: Channel | null) {
    this.records = records;
    this.channel = channel;
    const trouble: Trouble | null = records.lasting ? null : { kind: 'no-storage' };
    this.current = { saving: false, saved: false, trouble };
    if (channel) channel.onmessage = ({ data }) => this.hear(data);
  }

  get state(): KeeperState {
    return this.current;
  }

  /** Tells the present state and every later one. */
  watch(listener: (state: KeeperState) => void): () => void {
    this.listeners.add(listener);
    listener(this.current);
    return () => this.listeners.delete(listener);
  }

  private set(change: Partial<KeeperState>): void {
    this.current = { ...this.current, ...change, saving: this.unwritten.size > 0 };
    for (const listener of this.listeners) listener(this.current);
  }

  /** Something that the visitor should know before it hurts. */
  warn(trouble: Trouble): void {
    if (this.current.trouble === null) this.set({ trouble });
  }

  /** The visitor has read it. */
  dismiss(): void {
    this.set({ trouble: null });
  }

  /** The record's value, as it stands here: what waits to be written counts. */
  async read(key: string): Promise<Value | null> {
    const waiting = this.unwritten.get(key);
    if (waiting !== undefined) return waiting;
    const record = await this.records.get(key);
    this.known.set(key, record?.revision ?? 0);
    return record?.value ?? null;
  }

  get waiting(): readonly Waiting[] {
    return [...this.unwritten].map(([key, value]) => ({ key, value, replaces: this.known.get(key) ?? null }));
  }

  /** Writes what a page that is gone could not; what it did write after all is left alone. */
  async writeLate({ key, value, replaces }: Waiting): Promise<void> {
    const record = await this.records.get(key);
    if (JSON.stringify(record?.value) === JSON.stringify(value)) return;
    if (replaces !== null) this.known.set(key, replaces);
    await this.write(key, value);
  }

  /** Keeps `value`; resolves when it is written, rejects when it could not be (it stays here then). */
  write(key: string, value: Value): Promise<void> {
    this.unwritten.set(key, value);
    this.set({});
    const before = this.writing.get(key) ?? Promise.resolve();
    const writing = before
      .catch(() => undefined)
      // Where a later value came meanwhile, that one is written instead.
      .then(() => (this.unwritten.get(key) === value ? this.put(key, value) : undefined))
      .finally(() => {
        if (this.writing.get(key) === writing) this.writing.delete(key);
      });
    this.writing.set(key, writing);
    return writing;
  }

  private async put(key: string, value: Value): Promise<void> {
    try {
      const replaces = this.known.get(key) ?? (await this.records.get(key))?.revision ?? 0;
      const written = await this.records.write(key, value, replaces);
      if (written.kind === 'conflict') throw new Conflict(key);
      this.known.set(key, written.record.revision);
      if (this.unwritten.get(key) === value) this.unwritten.delete(key);
      this.tell(key);
      this.set({ saved: true, trouble: this.unsafe() });
    } catch (error) {
      this.set({ trouble: troubleOf(error) });
      throw error;
    }
  }

  /** What is left of the trouble once something could be written again. */
  private unsafe(): Trouble | null {
    const { trouble } = this.current;
    const over = trouble?.kind === 'full' || trouble?.kind === 'refused';
    if (over && this.unwritten.size > 0) void this.retry();
    return over ? null : trouble;
  }

  /** Tries again what could not be written. */
  async retry(): Promise<void> {
    const rest = [...this.unwritten];
    await Promise.allSettled(rest.map(([key, value]) => this.write(key, value)));
  }

  /** Ends a conflict. The version that loses becomes a copy beside the record. */
  async resolve(key: string, keep: 'mine' | 'theirs'): Promise<void> {
    const theirs = await this.records.get(key);
    const mine = this.unwritten.get(key);
    const loser = keep === 'mine' ? theirs?.value : mine;
    if (loser !== undefined) await this.records.write(copyOf(key, new Date().toISOString()), loser, 0);
    this.known.set(key, theirs?.revision ?? 0);
    this.set({ trouble: null });
    if (keep === 'mine' && mine !== undefined) await this.write(key, mine);
    else this.unwritten.delete(key);
    this.set({});
  }

  async delete(key: string): Promise<void> {
    this.unwritten.delete(key);
    await this.records.delete(key);
    this.known.set(key, 0);
    this.tell(key);
  }

  async clear(): Promise<void> {
    this.unwritten.clear();
    await this.records.clear();
    this.known.clear();
    this.tell('');
  }

  /** Everything that is kept, with what waits to be. */
  async all(): Promise<readonly StoredRecord[]> {
    const records = new Map((await this.records.all()).map((record) => [record.key, record]));
    for (const [key, value] of this.unwritten) {
      const revision = records.get(key)?.revision ?? 0;
      records.set(key, { key, value, revision, saved: new Date().toISOString() });
    }
    return [...records.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  private tell(key: string): void {
    this.channel?.postMessage({ changed: key });
  }

  private hear(message: unknown): void {
    const key =
      typeof message === 'object' && message !== null && 'changed' in message ? message.changed : '';
    if (typeof key !== 'string' || !this.known.has(key) || this.current.trouble !== null) return;
    this.set({ trouble: { kind: 'stale', key } });
  }
}

class Conflict extends Error {
  readonly key: string;
  constructor(key: string) {
    super(`${key} was changed in another tab`);
    this.key = key;
  }
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof Conflict) return { kind: 'conflict', key: error.key };
  if (error instanceof Error && error.name === 'QuotaExceededError') return { kind: 'full' };
  return { kind: 'refused', message: error instanceof Error ? error.message : String(error) };
}
