/** The keeper of this page: one, opened when it is first wanted; and what the browser says of its storage. */
import { openRecords } from './database.ts';
import { Keeper } from './keeper.ts';
import type { Records } from './records.ts';
import { putDown, takeBack, writeUp } from './unwritten.ts';

export interface Opened {
  readonly keeper: Keeper;
  readonly records: Records;
}

let opened: Promise<Opened> | undefined;

export const openWork = (): Promise<Opened> => (opened ??= open());

async function open(): Promise<Opened> {
  const records = await openRecords();
  const channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel('strata-work') : null;
  const keeper = new Keeper(records, channel);
  if (records.lasting) void warnWhenScarce(keeper);
  if (records.lasting) await survive(keeper);
  // Closing the page now would lose something: the browser asks first.
  addEventListener('beforeunload', (event) => {
    const { saving, saved, trouble } = keeper.state;
    if (records.lasting ? saving && trouble !== null : saved) event.preventDefault();
  });
  return { keeper, records };
}

/** What is typed in the last moment before the page goes is there on the next one. */
async function survive(keeper: Keeper): Promise<void> {
  const page = crypto.randomUUID();
  addEventListener('pagehide', () => putDown(keeper, localStorage, page));
  addEventListener('pageshow', () => takeBack(localStorage, page));
  await writeUp(keeper, localStorage);
}

/** Less room than this is told before it runs out: a large piece of work is a few hundred kilobytes. */
const SCARCE = 5_000_000;

async function warnWhenScarce(keeper: Keeper): Promise<void> {
  const { quota, usage = 0 } = await estimate();
  if (quota !== undefined && quota - usage < SCARCE)
    keeper.warn({ kind: 'scarce', free: Math.max(0, quota - usage) });
}

const estimate = async (): Promise<StorageEstimate> =>
  (navigator.storage?.estimate?.() ?? Promise.resolve({})).catch(() => ({}));

/**
 * Asks the browser to keep the work for good; true if it promises. Private windows never promise. Some browsers ask
 * the visitor: call it when work begins, not before.
 */
export const askForKeeping = async (): Promise<boolean> =>
  (navigator.storage?.persist?.() ?? Promise.resolve(false)).catch(() => false);
