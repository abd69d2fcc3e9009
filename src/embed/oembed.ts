/** What a host that knows oEmbed is told of a widget: https://oembed.com, "rich" type. */
import type { Facts } from './facts.ts';
import type { Locale } from '../ui/i18n/index.ts';
import { frameFor, heightOf } from './snippets.ts';

interface Described {
  readonly facts: Facts;
  readonly locale: Locale;
  /** From the site's root. */
  readonly path: string;
  readonly poster: string;
}

const WIDTH = 860;

/**
 * @param site the site's address with a slash at its end; or the way from the file to the site's root, for a site that
 * does not know its address
 */
export function oembed(
  site: string,
  { facts, locale, path, poster }: Described,
  picture: { readonly width: number; readonly height: number },
): string {
  const title = facts.titles[locale];
  const height = heightOf(facts.widget);
  return JSON.stringify({
    version: '1.0',
    type: 'rich',
    title,
    provider_name: 'Strata',
    provider_url: site,
    thumbnail_url: site + poster,
    thumbnail_width: picture.width,
    thumbnail_height: picture.height,
    cache_age: 86_400,
    html: frameFor({ src: site + path, title, height, source: 'src' }),
    width: WIDTH,
    height,
  });
}

/** The link by which a host finds the description. */
export const discovery = (address: string, title: string): string =>
  `<link rel="alternate" type="application/json+oembed" href="${address}" title="${title}">`;
