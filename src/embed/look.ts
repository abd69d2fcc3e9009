/** What a widget shows of its lab, from its kind and its options. */
import { LOCKABLE, type Hideable, type Lockable, type Look } from '../ui/lab/host.ts';
import type { Options } from './schema/options.ts';
import { isExercise, type WidgetId } from './widgets.ts';

/** Read-only: nothing about the machine is changed, only looked at; running and stepping stay. */
const READ_ONLY: readonly Lockable[] = LOCKABLE.filter((each) => each !== 'speed');

/** Null leaves the choice to the chapter. */
function panelsOf(widget: WidgetId, { panels }: Options): Look['panels'] {
  if (widget === 'lab' || isExercise(widget)) return panels ?? null;
  return widget === 'strata' ? (panels ?? []) : [widget];
}

export function lookOf(widget: WidgetId, options: Options): Look {
  const lab = widget === 'lab' || isExercise(widget);
  const hide = new Set<Hideable>([
    ...(options.hide ?? []),
    ...(lab || widget === 'strata' ? [] : ['strata' as const]),
  ]);
  return {
    controls: options.controls ?? (lab ? 'full' : 'basic'),
    panels: panelsOf(widget, options),
    hide,
    lock: new Set<Lockable>([...(options.lock ?? []), ...(options.readonly === true ? READ_ONLY : [])]),
  };
}
