// The home page.
import { render } from 'svelte/server';
import Home from '../Home.svelte';
import { messages } from '../i18n/index.ts';
import type { PageKind } from '../page.ts';
import { chaptersIn } from '../chapters.ts';

export const home: PageKind = {
  paths: () => [''],
  render: ({ locale }, { figures }) => {
    const { name, hero } = messages[locale];
    const { head, body } = render(Home, { props: { locale, chapters: chaptersIn(locale), figures } });
    return {
      head,
      body,
      title: `${name}: ${hero.title}`,
      description: hero.purpose,
    };
  },
};
