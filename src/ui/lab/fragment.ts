/**
 * A state of a lab as the fragment of an address: `#s=` and the recording with the panel that shows, as JSON, deflated,
 * in base64url. Reading it back replays the recording: the same state, to the cycle.
 */
import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';
import type { Recording } from '../../protocol/session.ts';
import { isPanel, type PanelId } from './panels.ts';

export interface SharedState {
  readonly recording: Recording;
  readonly panel: PanelId;
}

/** Longest address that browsers, mail and chat programs carry without harm. */
export const LONGEST = 16_000;

export function toFragment({ recording, panel }: SharedState): string {
  const packed = deflateSync(strToU8(JSON.stringify({ r: recording, p: panel })), { level: 9 });
  return `#s=${base64url(packed)}`;
}

/** The state that a fragment holds; null when it holds none, or one that is damaged. */
export function fromFragment(fragment: string): SharedState | null {
  const code = /^#s=([\w-]+)$/.exec(fragment)?.[1];
  if (code === undefined) return null;
  try {
    const value: unknown = JSON.parse(strFromU8(inflateSync(bytesOf(code))));
    return isShared(value) ? { recording: value.r, panel: value.p } : null;
  } catch {
    return null;
  }
}

/** The shape only: what the recording asks for is checked by the session that replays it. */
function isShared(value: unknown): value is { readonly r: Recording; readonly p: PanelId } {
  if (typeof value !== 'object' || value === null || !('r' in value) || !('p' in value)) return false;
  const { r, p } = value;
  if (typeof r !== 'object' || r === null || typeof p !== 'string' || !isPanel(p)) return false;
  return ['version', 'lab', 'setup', 'inputs', 'clock'].every((key) => key in r);
}

function base64url(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

const bytesOf = (code: string): Uint8Array =>
  Uint8Array.from(atob(code.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
