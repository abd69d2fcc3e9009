// What search engines fetch: the map of the site with its languages, and where to find that map.
import type { Place } from '../site/page.ts';

/** @param base the site's address; a map without absolute addresses would be none */
export function sitemap(base: string, places: readonly Place[]): string {
  const entries = places.map(({ locale, path }) => {
    const twins = places.filter((other) => other.path === path);
    const links = twins.map(
      (twin) =>
        `<xhtml:link rel="alternate" hreflang="${twin.locale}" href="${base}${twin.locale}/${path}"/>`,
    );
    return `<url><loc>${base}${locale}/${path}</loc>${links.join('')}</url>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
${entries.join('\n')}
</urlset>
`;
}

export const robots = (base: string): string =>
  `User-agent: *\nAllow: /\n${base ? `Sitemap: ${base}sitemap.xml\n` : ''}`;
