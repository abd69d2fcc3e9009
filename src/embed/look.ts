/** What a widget shows of its lab, from its kind and its options. */
import { LOCKABLE, type Hideable, type Lockable, type Look } from '../ui/lab/host.ts';
import type { Options } from './schema/options.ts';
import type { WidgetId } from './widgets.ts';

/** Read-only: nothing about the machine is changed, only looked at; running and stepping stay. */
const READ_ONLY: readonly Lockable[] = LOCKABLE.filter((each) => each !== 'speed');

export function lookOf(widget: WidgetId, options: Options): Look {
  const lab = widget === 'lab';
  const hide = new Set<Hideable>([
    ...(options.hide ?? []),
    ...(lab || widget === 'strata' ? [] : ['strata' as const]),
  ]);
  return {
    controls: options.controls ?? (lab ? 'full' : 'basic'),
    panels: lab ? (options.panels ?? null) : widget === 'strata' ? (options.panels ?? []) : [widget],
    hide,
    lock: new Set<Lockable>([...(options.lock ?? []), ...(options.readonly === true ? READ_ONLY : [])]),
  };
}
