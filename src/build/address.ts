// The site's own address, for those who want it absolute: search engines, previews, feeds.

/**
 * From the environment variable STRATA_URL, e.g. `https://example.org/strata/`; '' when it is not set, and pages then
 * name each other relatively, which works anywhere.
 */
export function siteAddress(given = process.env['STRATA_URL'] ?? ''): string {
  if (given === '') return '';
  if (!URL.canParse(given) || !/^https?:$/.test(new URL(given).protocol))
    throw new Error(`STRATA_URL=${given}: give the whole address, such as https://example.org/strata/`);
  const { origin, pathname } = new URL(given);
  return `${origin}${pathname.replace(/\/?$/, '/')}`;
}
