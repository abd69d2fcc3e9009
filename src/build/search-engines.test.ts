import { expect, test } from 'vitest';
import { siteAddress } from './address.ts';
import { robots, sitemap } from './search-engines.ts';

test('the address of the site ends in a slash, and a slip in it is told', () => {
  expect(siteAddress('')).toBe('');
  expect(siteAddress('https://example.org/strata?x#y')).toBe('https://example.org/strata/');
  expect(() => siteAddress('example.org')).toThrow('give the whole address');
});

test('the map names every page once, with the languages that it exists in', () => {
  const places = [
    { locale: 'en', path: '' },
    { locale: 'en', path: 'vm370/' },
    { locale: 'ja', path: 'vm370/' },
  ] as const;
  const map = sitemap('https://example.org/', places);
  expect(map.match(/<loc>[^<]*/g)).toEqual([
    '<loc>https://example.org/en/',
    '<loc>https://example.org/en/vm370/',
    '<loc>https://example.org/ja/vm370/',
  ]);
  expect(map.match(/hreflang="ja" href="https:\/\/example.org\/ja\/vm370\/"/g)).toHaveLength(2);
});

test('robots are shown the map only where there is one', () => {
  expect(robots('https://example.org/')).toContain('Sitemap: https://example.org/sitemap.xml');
  expect(robots('')).not.toContain('Sitemap');
});
