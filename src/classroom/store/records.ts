/**
 * The records in which a browser keeps a visitor's work. Each has a revision: whoever writes says which revision the
 * new one replaces, so that two tabs notice each other instead of overwriting.
 */
import type { Kept, Kind } from './kept.ts';

/** A record as stored. */
export interface StoredRecord {
  /** `KIND/…`, see keys.ts. */
  readonly key: string;
  readonly value: Kept[Kind];
  /** 1, 2, 3 … */
  readonly revision: number;
  /** When, by this computer's clock, in ISO 8601. */
  readonly saved: string;
}

export type Written =
  | { readonly kind: 'written'; readonly record: StoredRecord }
  /** Somebody else wrote meanwhile; null: somebody deleted it. Nothing was changed. */
  | { readonly kind: 'conflict'; readonly theirs: StoredRecord | null };

export interface Records {
  /** Whether they outlive the page. */
  readonly lasting: boolean;
  get(key: string): Promise<StoredRecord | null>;
  all(): Promise<readonly StoredRecord[]>;
  /** @param replaces the revision that the caller knows, 0 for none */
  write(key: string, value: StoredRecord['value'], replaces: number): Promise<Written>;
  delete(key: string): Promise<void>;
  clear(): Promise<void>;
}

/** What is to be written, or what stands in the way. */
export function nextRecord(
  key: string,
  value: StoredRecord['value'],
  present: StoredRecord | null,
  replaces: number,
): Written {
  if ((present?.revision ?? 0) !== replaces) return { kind: 'conflict', theirs: present };
  const saved = new Date().toISOString();
  return { kind: 'written', record: { key, value, revision: replaces + 1, saved } };
}

/** For browsers that refuse storage: as long as the page is open. */
export function memoryRecords(): Records {
  const records = new Map<string, StoredRecord>();
  return {
    lasting: false,
    get: async (key) => records.get(key) ?? null,
    all: async () => [...records.values()],
    write: async (key, value, replaces) => {
      const written = nextRecord(key, structuredClone(value), records.get(key) ?? null, replaces);
      if (written.kind === 'written') records.set(key, written.record);
      return written;
    },
    delete: async (key) => {
      records.delete(key);
    },
    clear: async () => records.clear(),
  };
}
