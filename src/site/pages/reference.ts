// The pages of the reference. Nothing hydrates them, so the renderer's marks, many in long tables, are left out.
import { render } from 'svelte/server';
import { messages } from '../i18n/index.ts';
import type { PageKind } from '../page.ts';
import IndexPage from '../reference/IndexPage.svelte';
import S370Page from '../reference/S370Page.svelte';
import { referenceWords } from '../reference/words.ts';

export const reference: PageKind = {
  paths: () => ['reference/', 'reference/s370/'],
  render: ({ locale, path }, { reference: data }) => {
    const { title, summary, s370 } = referenceWords[locale];
    const machine = path === 'reference/s370/';
    const page = render(machine ? S370Page : IndexPage, { props: { locale, reference: data } });
    return {
      title: `${machine ? `${s370.title} · ${title}` : title} · ${messages[locale].name}`,
      description: machine ? s370.summary : summary,
      head: page.head,
      body: page.body.replace(/<!--[^]*?-->/g, ''),
    };
  },
  listed: (locale) => ({ path: 'reference/', title: messages[locale].reference.title }),
};
