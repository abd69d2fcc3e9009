// The pages of the classroom: a teacher makes and checks, a student works and hands in. Each comes to life as a whole.
import type { Component } from 'svelte';
import { render } from 'svelte/server';
import type { Catalogue } from '../../classroom/catalogue.ts';
import Composer from '../../classroom/compose/Composer.svelte';
import { classroomWords } from '../../classroom/i18n/index.ts';
import Assignment from '../../classroom/student/Assignment.svelte';
import Check from '../../classroom/teach/Check.svelte';
import Work from '../../classroom/work/Work.svelte';
import { chaptersIn } from '../chapters.ts';
import type { ClassroomPage, ClassroomProps } from '../classroom.ts';
import { escape } from '../document.ts';
import { exercisesOf } from '../exercises.ts';
import { messages } from '../i18n/index.ts';
import type { Locale } from '../locales.ts';
import { rootFrom, type Facts, type PageKind } from '../page.ts';

interface Described {
  readonly page: ClassroomPage;
  readonly component: Component<ClassroomProps>;
  /** Path of the component, from the project's top. */
  readonly module: string;
  readonly words: (locale: Locale) => { readonly title: string; readonly summary: string };
}

const assignment: Described = {
  page: 'assignment',
  component: Assignment,
  module: 'src/classroom/student/Assignment.svelte',
  words: (locale) => classroomWords[locale].student,
};

const PAGES: Readonly<Record<string, Described>> = {
  'classroom/': {
    page: 'compose',
    component: Composer,
    module: 'src/classroom/compose/Composer.svelte',
    words: (locale) => classroomWords[locale].compose,
  },
  'assignment/': assignment,
  // The address that cmi5 platforms open: only here may a request leave for another host.
  'assignment/cmi5/': assignment,
  'check/': {
    page: 'check',
    component: Check,
    module: 'src/classroom/teach/Check.svelte',
    words: (locale) => classroomWords[locale].check,
  },
  'work/': {
    page: 'work',
    component: Work,
    module: 'src/classroom/work/Work.svelte',
    words: (locale) => classroomWords[locale].work,
  },
};

const catalogueIn = (locale: Locale, facts: Facts): Catalogue =>
  chaptersIn(locale).map(({ folder, slug, text: { title, lab = null } }) => ({
    ...{ folder, slug, title, lab },
    exercises: exercisesOf(folder, locale, facts).map(({ name, title: called, kind }) => ({
      ...{ name, kind },
      title: called,
    })),
  }));

export const classroom: PageKind = {
  paths: () => Object.keys(PAGES),
  render: (place, facts) => {
    const { locale, path } = place;
    const described = PAGES[path];
    if (!described) throw new Error(`no page ${path} of the classroom`);
    const { page, component, module, words } = described;
    const props: ClassroomProps = { locale, root: rootFrom(place), catalogue: catalogueIn(locale, facts) };
    const { head, body } = render(component, { props, idPrefix: 'classroom' });
    const { title, summary } = words(locale);
    return {
      title: `${title} · ${messages[locale].name}`,
      description: summary,
      head,
      body: `<div data-classroom="${page}" data-props="${escape(JSON.stringify(props))}">${body}</div>`,
      modules: [module],
      ...(page === 'assignment' ? { makesStyles: true } : {}),
      ...(path === 'assignment/cmi5/' ? { speaksToPlatforms: true } : {}),
    };
  },
  listed: (locale) => ({ path: 'classroom/', title: messages[locale].classroom }),
};
