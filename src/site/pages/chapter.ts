// A chapter's page: its text, its lab as it stands before anybody touches it, and the figures of its default run.
import type { Component } from 'svelte';
import { render } from 'svelte/server';
import { pagePath } from '../../embed/widgets.ts';
import Chapter from '../Chapter.svelte';
import { messages } from '../i18n/index.ts';
import { labTexts } from '../lab-texts.ts';
import type { PageKind } from '../page.ts';
import { exercisesOf } from '../exercises.ts';
import { chaptersIn, type LabAttributes, type LabProps } from '../chapters.ts';

const labs = import.meta.glob<Component<LabProps>>('/labs/[0-9]*/Lab.svelte', {
  eager: true,
  import: 'default',
});

const pictures = import.meta.glob('/labs/[0-9]*/figures/social.*.png', { query: '?url' });

export const chapter: PageKind = {
  paths: (locale) => chaptersIn(locale).map(({ slug }) => `${slug}/`),
  render: ({ locale, path }, facts) => {
    const chapters = chaptersIn(locale);
    const at = chapters.findIndex(({ slug }) => path === `${slug}/`);
    const here = chapters[at];
    if (!here) throw new Error(`no chapter ${path} in ${locale}`);
    const module = `labs/${here.folder}/Lab.svelte`;
    const Lab = labs[`/${module}`];
    const props: LabAttributes = { ...here.text.lab, locale };
    const connect = () => Promise.reject(new Error('engines run in browsers'));
    const lab = Lab && render(Lab, { props: { ...props, connect }, idPrefix: 'lab' });
    const page = render(Chapter, {
      props: {
        ...{ locale, chapter: here, before: chapters[at - 1], next: chapters[at + 1] },
        lab: lab && { html: lab.body, props },
        figures: facts.figures[here.folder],
        exercises: exercisesOf(here.folder, locale, facts),
        texts: labTexts(here.folder, locale),
      },
    });
    const { title, summary, years, sources } = here.text;
    return {
      title: `${title} · ${messages[locale].name}`,
      description: summary,
      head: page.head + (lab?.head ?? ''),
      body: page.body,
      ...(`/labs/${here.folder}/figures/social.${locale}.png` in pictures
        ? { image: `social/${here.folder}/social.${locale}.png` }
        : {}),
      ...(Lab
        ? { modules: [module], stillStyles: ['src/ui/panels/Overhead.svelte'], makesStyles: true }
        : {}),
      ...(Lab ? { oembed: `${pagePath(locale, here.slug, 'lab')}oembed.json` } : {}),
      about: {
        '@type': 'LearningResource',
        learningResourceType: 'interactive simulation',
        educationalLevel: 'higher education',
        temporalCoverage: years.replace('–', '/'),
        citation: sources,
      },
    };
  },
};
