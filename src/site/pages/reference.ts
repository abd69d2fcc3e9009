// The pages of the reference. Nothing hydrates them, so the renderer's marks, many in long tables, are left out.
import { render } from 'svelte/server';
import { messages } from '../i18n/index.ts';
import type { Facts, PageKind, Place } from '../page.ts';
import ClassificationPage from '../reference/ClassificationPage.svelte';
import { classificationWords } from '../reference/classification-words.ts';
import PcPage from '../reference/PcPage.svelte';
import { pcWords } from '../reference/pc-words.ts';
import PublishedPage from '../reference/PublishedPage.svelte';
import { publishedWords } from '../reference/published-words.ts';
import IndexPage from '../reference/IndexPage.svelte';
import S370Page from '../reference/S370Page.svelte';
import TranslationPage from '../reference/TranslationPage.svelte';
import { translationWords } from '../reference/translation-words.ts';
import VmxPage from '../reference/VmxPage.svelte';
import { vmxWords } from '../reference/vmx-words.ts';
import { referenceWords } from '../reference/words.ts';

const CLASSIFICATION = 'reference/popek-goldberg/';
const MACHINE = 'reference/s370/';
const PC = 'reference/pc/';
const PUBLISHED = 'reference/published/';
const TRANSLATION = 'reference/translation/';
const VMX = 'reference/vmx/';

function pageAt({ locale, path }: Place, { reference: data, classification, published }: Facts) {
  const { title, summary, s370 } = referenceWords[locale];
  switch (path) {
    case CLASSIFICATION: {
      const words = classificationWords[locale];
      const page = render(ClassificationPage, { props: { locale, classification } });
      return { page, title: `${words.title} · ${title}`, description: words.summary };
    }
    case PC: {
      const words = pcWords[locale];
      const page = render(PcPage, { props: { locale, pc: data.pc } });
      return { page, title: `${words.title} · ${title}`, description: words.summary };
    }
    case PUBLISHED: {
      const words = publishedWords[locale];
      const page = render(PublishedPage, { props: { locale, published } });
      return { page, title: `${words.title} · ${title}`, description: words.summary };
    }
    case TRANSLATION: {
      const words = translationWords[locale];
      const page = render(TranslationPage, { props: { locale, translation: data.translation } });
      return { page, title: `${words.title} · ${title}`, description: words.summary };
    }
    case VMX: {
      const words = vmxWords[locale];
      const page = render(VmxPage, { props: { locale, vmx: data.vmx } });
      return { page, title: `${words.title} · ${title}`, description: words.summary };
    }
    case MACHINE: {
      const page = render(S370Page, { props: { locale, reference: data } });
      return { page, title: `${s370.title} · ${title}`, description: s370.summary };
    }
    default:
      return {
        page: render(IndexPage, { props: { locale, reference: data } }),
        title,
        description: summary,
      };
  }
}

export const reference: PageKind = {
  paths: () => ['reference/', MACHINE, PC, CLASSIFICATION, TRANSLATION, VMX, PUBLISHED],
  render: (place, facts) => {
    const { page, title, description } = pageAt(place, facts);
    return {
      title: `${title} · ${messages[place.locale].name}`,
      description,
      head: page.head,
      body: page.body.replace(/<!--[^]*?-->/g, ''),
    };
  },
  listed: (locale) => ({ path: 'reference/', title: messages[locale].reference.title }),
};
