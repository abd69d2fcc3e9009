// The page that makes widgets for other sites, with their documentation.
import { render } from 'svelte/server';
import Documentation from '../../embed/Documentation.svelte';
import { makerWords } from '../../embed/i18n/maker.ts';
import type { MakerProps } from '../../embed/made.ts';
import Maker from '../../embed/Maker.svelte';
import { escape } from '../document.ts';
import { exercisesOf } from '../exercises.ts';
import { messages } from '../i18n/index.ts';
import { rootFrom, type PageKind } from '../page.ts';
import { labTexts } from '../lab-texts.ts';
import { withLab } from '../widgets.ts';

export const embed: PageKind = {
  paths: () => ['embed/'],
  render: (place, facts) => {
    const { locale } = place;
    const text = makerWords[locale];
    const up = rootFrom(place);
    const labs = withLab(locale).map(({ folder, slug, text: { title } }) => {
      const { workloads = {}, techniques = {} } = labTexts(folder, locale);
      const exercises = exercisesOf(folder, locale, facts).map((each) => ({
        widget: `exercise/${each.name.split('/')[1] ?? ''}` as const,
        title: each.title,
      }));
      return { slug, title, workloads, techniques, exercises };
    });
    const props: MakerProps = { locale, labs, up };
    const maker = render(Maker, { props, idPrefix: 'maker' });
    const documentation = render(Documentation, { props });
    return {
      title: `${text.title} · ${messages[locale].name}`,
      description: text.summary,
      head: `${maker.head}${documentation.head}<script async src="${up}embed/strata-lab.js"></script>`,
      body: `<main id="text" class="embed-page"><h1>${text.title}</h1><p>${text.summary}</p>
<div data-maker="${escape(JSON.stringify(props))}">${maker.body}</div>
${documentation.body}</main>`,
      modules: ['src/embed/Maker.svelte'],
    };
  },
  listed: (locale) => ({ path: 'embed/', title: messages[locale].embed }),
};
