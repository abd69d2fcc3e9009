/** The exact race in the fragment of an address: `#workload=syscall&techniques=bare,naive`. */
import type { Entry } from './race.svelte.ts';

export function toFragment({ workload, techniques, source }: Entry): string {
  const fields = new URLSearchParams({ workload, techniques: techniques.join(',') });
  if (source !== null) fields.set('source', source);
  return `#${fields.toString().replaceAll('%2C', ',')}`;
}

/** What the fragment names of what there is; null when it names no race. */
export function fromFragment(
  fragment: string,
  workloads: readonly string[],
  techniques: readonly string[],
): Entry | null {
  const fields = new URLSearchParams(fragment.replace(/^#/, ''));
  const workload = fields.get('workload') ?? '';
  const named = (fields.get('techniques') ?? '').split(',');
  const entered = techniques.filter((technique) => named.includes(technique));
  return workloads.includes(workload) && entered.length > 0
    ? { workload, techniques: entered, source: fields.get('source') }
    : null;
}
