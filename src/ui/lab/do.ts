/** Commands that a chapter's text gives its lab: the detail of a `strata:do` event, read with care. */
import { parseAddress } from '../format.ts';
import { isPanel, type PanelId } from './panels.ts';

export type Do =
  | { readonly command: Plain }
  | { readonly command: 'run-to-event'; readonly kind: string }
  | { readonly command: 'run-to-address'; readonly address: number }
  | { readonly command: 'seek'; readonly clock: number }
  | { readonly command: 'load'; readonly workload: string | null; readonly technique: string | null }
  | { readonly command: 'panel'; readonly panel: PanelId }
  | { readonly command: 'compare'; readonly workload: string | null }
  | {
      readonly command: 'race';
      readonly workload: string | null;
      /** Null: those that are entered. */
      readonly techniques: readonly string[] | null;
    }
  /** Varies a cost constant; null: each in turn. */
  | { readonly command: 'vary'; readonly workload: string | null; readonly constant: string | null }
  | { readonly command: 'eras'; readonly workload: string | null }
  | { readonly command: 'type'; readonly terminal: string | null; readonly text: string }
  | { readonly command: 'attention'; readonly terminal: string | null };

const PLAIN = [
  'run',
  'pause',
  'step',
  'step-back',
  'step-over',
  'next-transfer',
  'previous-transfer',
  'reset',
  'sweep',
] as const;
type Plain = (typeof PLAIN)[number];

/** Null when the detail is no command: a mistake in a text does nothing rather than harm. */
export function parseDo(detail: unknown): Do | null {
  if (typeof detail !== 'object' || detail === null) return null;
  const attributes = detail as Readonly<Record<string, unknown>>;
  const text = (name: string): string | null => {
    const value = attributes[name];
    return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
  };
  const command = text('command') ?? '';
  const plain = PLAIN.find((each) => each === command);
  if (plain) return { command: plain };
  return withAttributes(command, text);
}

function withAttributes(command: string, text: (name: string) => string | null): Do | null {
  switch (command) {
    case 'run-to-event': {
      const kind = text('kind');
      return kind === null ? null : { command, kind };
    }
    case 'run-to-address': {
      const address = parseAddress(text('address') ?? '');
      return address === null ? null : { command, address };
    }
    case 'seek': {
      const clock = Number(text('clock') ?? Number.NaN);
      return Number.isFinite(clock) ? { command, clock } : null;
    }
    case 'load':
      return { command, workload: text('workload'), technique: text('technique') };
    case 'panel': {
      const panel = text('name') ?? '';
      return isPanel(panel) ? { command, panel } : null;
    }
    case 'compare':
      return { command, workload: text('workload') };
    case 'race':
      return {
        ...{ command, workload: text('workload') },
        techniques: text('techniques')?.split(/[\s,]+/) ?? null,
      };
    case 'vary':
      return { command, workload: text('workload'), constant: text('constant') };
    case 'eras':
      return { command, workload: text('workload') };
    case 'type':
      return { command, terminal: text('terminal'), text: text('text') ?? '' };
    case 'attention':
      return { command, terminal: text('terminal') };
    default:
      return null;
  }
}
