// A page of the classroom: brought to life as soon as it stands.
import type { Component } from 'svelte';
import type { ClassroomPage, ClassroomProps } from '../classroom.ts';

const PAGES: Readonly<Record<ClassroomPage, () => Promise<{ readonly default: Component<ClassroomProps> }>>> =
  {
    compose: () => import('../../classroom/compose/Composer.svelte'),
    assignment: () => import('../../classroom/student/Assignment.svelte'),
    check: () => import('../../classroom/teach/Check.svelte'),
    work: () => import('../../classroom/work/Work.svelte'),
  };

export async function startClassroom(): Promise<void> {
  const target = document.querySelector<HTMLElement>('[data-classroom]');
  if (!target) return;
  const [{ default: Page }, { hydrate }] = await Promise.all([
    PAGES[target.dataset['classroom'] as ClassroomPage](),
    import('svelte'),
  ]);
  hydrate(Page, { target, props: JSON.parse(target.dataset['props'] ?? '') as ClassroomProps });
  target.dataset['ready'] = '';
}
