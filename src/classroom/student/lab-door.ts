/** A chapter's lab on the student's page: mounted when it is first wanted, looking as the teacher chose. */
import { mount, unmount, type Component } from 'svelte';
import type { Locale } from '../../ui/i18n/index.ts';
import type { Connect } from '../../ui/lab/connection.ts';
import { HIDEABLE, LOCKABLE, PAGE, type LabHost, type Look } from '../../ui/lab/host.ts';
import type { LabState } from '../../ui/lab/lab-state.svelte.ts';
import { PANELS } from '../../ui/lab/panels.ts';
import { keepWork } from '../keep.ts';
import type { Assignment } from '../format/assignment.ts';

type LabProps = {
  readonly locale: Locale;
  readonly connect: Connect;
  readonly host: LabHost;
} & Readonly<Record<string, unknown>>;

const LABS = import.meta.glob<Component<LabProps>>('/labs/[0-9]*/Lab.svelte', { import: 'default' });

export const connectLab: Connect = async (lab) => (await import('../../worker/client.ts')).connect(lab);

/** Words of another edition are left out. */
export const lookOf = ({
  panels,
  hidden,
  locked,
}: Pick<Assignment, 'panels' | 'hidden' | 'locked'>): Look => ({
  controls: 'full',
  panels: panels && PANELS.filter((panel) => panels.includes(panel)),
  hide: new Set(HIDEABLE.filter((part) => hidden.includes(part))),
  lock: new Set(LOCKABLE.filter((part) => locked.includes(part))),
});

export interface Behind {
  readonly locale: Locale;
  readonly folder: string;
  /** What the chapter's own page gives its lab. */
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly assignment: Assignment;
  /** Fragment of the state that it opens in, or ''. */
  readonly start: string;
}

export class LabDoor {
  private readonly target: HTMLElement;
  private readonly behind: Behind;
  private opening: Promise<LabState> | null = null;
  private mounted: Record<string, unknown> | null = null;

  constructor(target: HTMLElement, behind: Behind) {
    [this.target, this.behind] = [target, behind];
  }

  open(show: boolean): Promise<LabState> {
    if (show) this.target.scrollIntoView({ block: 'nearest' });
    return (this.opening ??= this.begin());
  }

  private async begin(): Promise<LabState> {
    const { locale, folder, attributes, assignment, start } = this.behind;
    const load = LABS[`/labs/${folder}/Lab.svelte`];
    if (!load) throw new Error(`no lab ${folder}`);
    const Lab = await load();
    return new Promise((resolve) => {
      const host: LabHost = {
        ...PAGE,
        look: lookOf(assignment),
        sources: keepWork(locale).sources,
        fragment: () => start,
        // The address is the assignment's: a state is shared as the chapter's.
        addressOf: (fragment) => new URL(fragment, location.href).href,
        meet: resolve,
      };
      const props = { ...attributes, locale, connect: connectLab, host };
      this.mounted = mount(Lab, { target: this.target, props });
    });
  }

  close(): void {
    if (this.mounted) void unmount(this.mounted);
  }
}
