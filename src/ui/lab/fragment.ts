/**
 * A state of a lab as the fragment of an address: `#s=` and the recording with the panel that shows, as JSON, deflated,
 * in base64url. Reading it back replays the recording: the same state, to the cycle.
 */
import { packText, unpackText } from '../../protocol/packed.ts';
import type { Recording } from '../../protocol/session.ts';
import { isPanel, type PanelId } from './panels.ts';

export interface SharedState {
  readonly recording: Recording;
  readonly panel: PanelId;
}

export const toFragment = ({ recording, panel }: SharedState): string =>
  `#s=${packText({ r: recording, p: panel })}`;

/** The state that a fragment holds; null when it holds none, or one that is damaged. */
export function fromFragment(fragment: string): SharedState | null {
  const code = /^#s=([\w-]+)$/.exec(fragment)?.[1];
  if (code === undefined) return null;
  try {
    const value: unknown = unpackText(code);
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
