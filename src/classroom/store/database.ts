/** The records in IndexedDB: they survive a reload and a crash, and stay on this computer. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { memoryRecords, nextRecord, type Records, type StoredRecord } from './records.ts';

interface Schema extends DBSchema {
  records: { key: string; value: StoredRecord };
}

const NAME = 'strata-work';
const VERSION = 1;

function recordsIn(database: IDBPDatabase<Schema>): Records {
  return {
    lasting: true,
    get: async (key) => (await database.get('records', key)) ?? null,
    all: () => database.getAll('records'),
    write: async (key, value, replaces) => {
      // Reading and writing in one transaction: no tab can come in between.
      const transaction = database.transaction('records', 'readwrite');
      const written = nextRecord(key, value, (await transaction.store.get(key)) ?? null, replaces);
      // What fails ends the transaction, and that one says why: no room left, for one.
      if (written.kind === 'written') transaction.store.put(written.record).catch(() => undefined);
      await transaction.done;
      return written;
    },
    delete: (key) => database.delete('records', key),
    clear: () => database.clear('records'),
  };
}

/** The browser's records; where it refuses them (some private windows, a blocked site), those of the page alone. */
export async function openRecords(): Promise<Records> {
  try {
    const database = await openDB<Schema>(NAME, VERSION, {
      upgrade: (fresh) => void fresh.createObjectStore('records', { keyPath: 'key' }),
      // A later edition of the site in another tab wants to change the database: let it.
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    });
    return recordsIn(database);
  } catch {
    return memoryRecords();
  }
}
