/**
 * A state of a lab as the fragment of an address: `#s=` and the recording, the panel that shows and how the machine is
 * looked at, as JSON, deflated, in base64url. Reading it back replays the recording: the same state, to the cycle. A
 * large file of the visitor's stays in the browser: an address has neither it nor what was done with it.
 */
import type { Breakpoints, Setup } from '../../protocol/frame.ts';
import { packText, unpackText } from '../../protocol/packed.ts';
import type { Recording } from '../../protocol/session.ts';
import { isPanel, type PanelId } from './panels.ts';

/** What a visitor has set beside the machine. */
export interface Looking {
  readonly breakpoints: Breakpoints;
  readonly subject: string;
  readonly storageAt: number;
  /** Cycles per second, null is full speed. */
  readonly speed: number | null;
  /** Techniques entered for the race; null: all. */
  readonly entered: readonly string[] | null;
}

export interface SharedState {
  readonly recording: Recording;
  readonly panel: PanelId;
  /** Null in addresses from before it was shared. */
  readonly looking: Looking | null;
  /** A file of the sender's was loaded, which the address leaves out. */
  readonly withoutFile: boolean;
}

/** Characters of a visitor's file that an address still bears: a small program goes along, an image of megabytes does not. */
const MOST_CARRIED = 2048;

/** Whether an address leaves out the visitor's file of this setup. */
export const leavesFileOut = ({ image = '' }: Setup): boolean => image.length > MOST_CARRIED;

export function toFragment({ recording, panel, looking }: Omit<SharedState, 'withoutFile'>): string {
  if (!leavesFileOut(recording.setup)) return `#s=${packText({ r: recording, p: panel, l: looking })}`;
  const { image: _left, ...setup } = recording.setup;
  return `#s=${packText({ r: { ...recording, setup, inputs: [], clock: 0 }, p: panel, l: looking, f: true })}`;
}

/** The state that a fragment holds; null when it holds none, or one that is damaged. */
export function fromFragment(fragment: string): SharedState | null {
  const code = /^#s=([\w-]+)$/.exec(fragment)?.[1];
  if (code === undefined) return null;
  try {
    const value: unknown = unpackText(code);
    if (!isObject(value) || !isRecording(value['r'])) return null;
    const { r: recording, p: panel, l: looking } = value;
    if (typeof panel !== 'string' || !isPanel(panel)) return null;
    return { recording, panel, looking: lookingIn(looking), withoutFile: value['f'] === true };
  } catch {
    return null;
  }
}

type Fields = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isNumber = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isListOf = <Item extends number | string>(
  value: readonly Item[] | undefined,
  type: 'number' | 'string',
): value is readonly Item[] => Array.isArray(value) && value.every((each) => typeof each === type);

/** The shape: what the recording asks for is checked by the session that replays it. */
function isRecording(value: unknown): value is Recording {
  if (!isObject(value) || value['version'] !== 1 || typeof value['lab'] !== 'string') return false;
  const { setup, inputs, clock } = value;
  if (!isNumber(clock) || !isObject(setup) || !Array.isArray(inputs)) return false;
  const { workload, technique, source, constants, seed } = setup;
  return (
    typeof workload === 'string' &&
    typeof technique === 'string' &&
    (source === null || typeof source === 'string') &&
    isObject(constants) &&
    Object.values(constants).every(Number.isFinite) &&
    Number.isSafeInteger(seed) &&
    inputs.every((each: unknown) => isObject(each) && isNumber(each['at']) && isObject(each['input']))
  );
}

/** Only what is known of, so that nothing else can be brought in. */
function lookingIn(value: unknown): Looking | null {
  if (!isObject(value) || !isObject(value['breakpoints'])) return null;
  const { subject, storageAt, speed, entered = null } = value;
  const { addresses, events, storage, registers } = value['breakpoints'] as Partial<Breakpoints>;
  const listed =
    isListOf(addresses, 'number') &&
    isListOf(events, 'string') &&
    isListOf(storage, 'number') &&
    isListOf(registers, 'string');
  if (!listed || typeof subject !== 'string' || !isNumber(storageAt)) return null;
  if (speed !== null && !isNumber(speed)) return null;
  const named = Array.isArray(entered) ? (entered as readonly string[]) : null;
  if (named && !isListOf(named, 'string')) return null;
  return {
    breakpoints: { addresses, events, storage, registers },
    subject,
    storageAt,
    speed,
    entered: named,
  };
}
