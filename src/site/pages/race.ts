// The race: one workload under every technique. The page comes to life as a whole.
import { render } from 'svelte/server';
import RaceView from '../../ui/race/RaceView.svelte';
import { raceWords } from '../../ui/race/words.ts';
import { escape } from '../document.ts';
import { messages } from '../i18n/index.ts';
import { labTexts } from '../lab-texts.ts';
import type { PageKind } from '../page.ts';
import type { RaceProps } from '../race.ts';

const LAB = '90-race';

export const race: PageKind = {
  paths: () => ['race/'],
  render: ({ locale }) => {
    const text = raceWords[locale];
    const props: RaceProps = {
      ...{ locale, lab: LAB, own: 'own', texts: labTexts(LAB, locale) },
      first: {
        workload: 'syscall',
        techniques: ['bare', 'naive', 'translator', 'translator-hosted', 'vmx', 'xen'],
        source: null,
      },
    };
    const connect = () => Promise.reject(new Error('no engine runs while the page is built'));
    const { head, body } = render(RaceView, { props: { ...props, connect }, idPrefix: 'race' });
    return {
      title: `${text.title} · ${messages[locale].name}`,
      description: text.summary,
      head,
      body: `<main id="text" class="race-page"><h1>${text.title}</h1><p>${text.summary}</p><p>${text.how}</p>
<div data-race="${escape(JSON.stringify(props))}">${body}</div></main>`,
      modules: ['src/ui/race/RaceView.svelte'],
    };
  },
  listed: (locale) => ({ path: 'race/', title: raceWords[locale].title }),
};
