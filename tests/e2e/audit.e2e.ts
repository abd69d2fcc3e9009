// An audit of every page in four categories, as search engines and auditors make it: a table of checks with weights,
// a score for each category, and the faults by name. What the accessibility checker finds is another test's matter.
import { expect, type Page, type Response } from '@playwright/test';
import { paths, test } from './pages.ts';

const CATEGORIES = ['performance', 'accessibility', 'best practice', 'SEO'] as const;
type Category = (typeof CATEGORIES)[number];

/** What a visit showed. */
interface Visit {
  readonly page: Page;
  readonly responses: readonly Response[];
  readonly bodies: ReadonlyMap<string, number>;
  readonly breaches: readonly string[];
  readonly shift: number;
}

interface Check {
  readonly category: Category;
  readonly weight: number;
  readonly holds: (visit: Visit) => boolean | Promise<boolean>;
}

const attribute = (page: Page, selector: string, name: string) =>
  page
    .locator(selector)
    .first()
    .getAttribute(name, { timeout: 1000 })
    .catch(() => null);
const bytes = ({ bodies }: Visit, kind: RegExp) =>
  [...bodies].filter(([type]) => kind.test(type)).reduce((sum, [, size]) => sum + size, 0);

const CHECKS: Readonly<Record<string, Check>> = {
  'scripts and styles before the page is used stay under 120 kB compressed': {
    ...{ category: 'performance', weight: 3 },
    holds: (visit) => bytes(visit, /^(script|stylesheet)/) <= 120_000,
  },
  'the document is under 100 kB compressed': {
    ...{ category: 'performance', weight: 1 },
    holds: (visit) => bytes(visit, /^document/) <= 100_000,
  },
  'no script blocks the first paint': {
    ...{ category: 'performance', weight: 3 },
    holds: ({ page }) =>
      page
        .locator('head script[src]')
        .evaluateAll((all) =>
          (all as HTMLScriptElement[]).every(({ type, defer, async }) => type === 'module' || defer || async),
        ),
  },
  'at most six style sheets block it': {
    ...{ category: 'performance', weight: 1 },
    holds: async ({ page }) => (await page.locator('link[rel=stylesheet]:not([media])').count()) <= 6,
  },
  'nothing moves while it loads': {
    ...{ category: 'performance', weight: 3 },
    holds: ({ shift }) => shift < 0.1,
  },
  'text shows before its font has come': {
    ...{ category: 'performance', weight: 1 },
    holds: ({ page }) =>
      page.evaluate(() =>
        [...document.fonts].every(({ display }) => display === 'swap' || display === 'optional'),
      ),
  },
  'pictures and fonts come in modern formats': {
    ...{ category: 'performance', weight: 1 },
    holds: ({ responses }) =>
      responses.every((response) => !/\.(ttf|otf|woff|bmp|gif)$/.test(new URL(response.url()).pathname)),
  },
  'the page has fewer than 12 000 elements': {
    ...{ category: 'performance', weight: 1 },
    holds: ({ page }) => page.evaluate(() => document.querySelectorAll('*').length < 12_000),
  },
  'headings descend by one': {
    ...{ category: 'accessibility', weight: 2 },
    holds: ({ page }) =>
      page.evaluate(() => {
        const levels = [...document.querySelectorAll('h1, h2, h3, h4, h5')]
          .filter((heading) => heading.checkVisibility())
          .map(({ tagName }) => Number(tagName[1]));
        return levels.every((level, nth) => level - (levels[nth - 1] ?? 0) <= 1);
      }),
  },
  'there is one h1, one main, and a way past the bar': {
    ...{ category: 'accessibility', weight: 2 },
    holds: ({ page }) =>
      page.evaluate(
        () =>
          ['h1', 'main'].every((name) => document.querySelectorAll(name).length === 1) &&
          document.querySelector('body > a.skip[href^="#"]') !== null,
      ),
  },
  'zooming is not forbidden': {
    ...{ category: 'accessibility', weight: 1 },
    holds: async ({ page }) =>
      !/maximum-scale|user-scalable/.test((await attribute(page, 'meta[name=viewport]', 'content')) ?? ''),
  },
  'nothing is asked of another host, and nothing is missing': {
    ...{ category: 'best practice', weight: 3 },
    holds: ({ responses }) =>
      responses.every(
        (response) => response.status() < 400 && new URL(response.url()).hostname === '127.0.0.1',
      ),
  },
  'the policy is kept': {
    ...{ category: 'best practice', weight: 3 },
    holds: ({ breaches }) => breaches.length === 0,
  },
  'doctype, character set and viewport are declared early': {
    ...{ category: 'best practice', weight: 1 },
    holds: async ({ page, responses }) => {
      const html = (await responses[0]?.text()) ?? '';
      const early = html.slice(0, 1024);
      return (
        early.startsWith('<!doctype html>') &&
        early.includes('<meta charset="utf-8">') &&
        (await page.locator('meta[name=viewport]').count()) === 1
      );
    },
  },
  'no permission is asked for and no dialog opens': {
    ...{ category: 'best practice', weight: 1 },
    holds: ({ page }) => page.evaluate(() => document.querySelector('dialog[open]') === null),
  },
  'no element id is given twice': {
    ...{ category: 'best practice', weight: 1 },
    holds: ({ page }) =>
      page.evaluate(() => {
        const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
        return new Set(ids).size === ids.length;
      }),
  },
  'the title says where one is, in under 80 characters': {
    ...{ category: 'SEO', weight: 1 },
    holds: async ({ page }) => {
      const title = await page.title();
      return title.includes('Strata') && title.length < 80;
    },
  },
  'the description is a sentence or two': {
    ...{ category: 'SEO', weight: 1 },
    holds: async ({ page }) => {
      const length = (await attribute(page, 'meta[name=description]', 'content'))?.length ?? 0;
      return length >= 20 && length <= 300;
    },
  },
  'the canonical address is whole and its own': {
    ...{ category: 'SEO', weight: 1 },
    holds: async ({ page }) =>
      (await attribute(page, 'link[rel=canonical]', 'href')) === page.url().replace(/[?#].*/, ''),
  },
  'every language and the default are named by whole addresses': {
    ...{ category: 'SEO', weight: 1 },
    holds: ({ page }) =>
      page.evaluate(() => {
        const links = [...document.querySelectorAll<HTMLLinkElement>('link[rel=alternate][hreflang]')];
        const whole = links.every((link) => link.getAttribute('href') === link.href);
        return (
          whole && ['en', 'ja', 'x-default'].every((code) => links.some(({ hreflang }) => hreflang === code))
        );
      }),
  },
  'the language is declared': {
    ...{ category: 'SEO', weight: 1 },
    holds: async ({ page }) => page.url().includes(`/${(await attribute(page, 'html', 'lang')) ?? ''}/`),
  },
  'robots may read it': {
    ...{ category: 'SEO', weight: 1 },
    holds: async ({ page }) => (await page.locator('meta[name=robots][content*=noindex]').count()) === 0,
  },
  'every link has words and leads somewhere': {
    ...{ category: 'SEO', weight: 1 },
    holds: ({ page }) =>
      page
        .locator('a')
        .evaluateAll((all) =>
          all.every(
            (link) =>
              link.hasAttribute('href') &&
              (link.textContent.trim() !== '' || link.hasAttribute('aria-label')),
          ),
        ),
  },
  'previews have a title, a sentence and a picture': {
    ...{ category: 'SEO', weight: 1 },
    holds: async ({ page }) => {
      const picture = await attribute(page, 'meta[property="og:image"]', 'content');
      const there = picture !== null && (await page.request.get(new URL(picture, page.url()).href)).ok();
      return (
        there &&
        (await page.locator('meta[property="og:title"], meta[property="og:description"]').count()) === 2
      );
    },
  },
  'the facts for machines can be read': {
    ...{ category: 'SEO', weight: 1 },
    holds: async ({ page }) => {
      const text = (await page.locator('script[type="application/ld+json"]').textContent()) ?? '';
      const { name, inLanguage } = JSON.parse(text) as {
        readonly name?: string;
        readonly inLanguage?: string;
      };
      return name === (await page.title()) && page.url().includes(`/${inLanguage ?? ''}/`);
    },
  },
};

/** Loads a page and lets it come to rest. */
async function visit(page: Page, path: string): Promise<Visit> {
  const responses: Response[] = [];
  const bodies = new Map<string, number>();
  page.on('response', (response) => responses.push(response));
  await page.addInitScript(() => {
    const seen = { breaches: [] as string[], shift: 0 };
    (window as unknown as { audit: typeof seen }).audit = seen;
    document.addEventListener('securitypolicyviolation', (event) =>
      seen.breaches.push(`${event.violatedDirective} ${event.blockedURI}`),
    );
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
      })[])
        if (!entry.hadRecentInput) seen.shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  const sent = await page.goto(path, { waitUntil: 'networkidle' });
  // What the document itself names, as it was sent: the lab and its engine come when they are needed.
  const named = await page.evaluate(
    (html) =>
      [
        ...new DOMParser()
          .parseFromString(html, 'text/html')
          .querySelectorAll('link[rel=modulepreload], link[rel=stylesheet], script[src]'),
      ].map((element) => {
        const address = element.getAttribute('href') ?? element.getAttribute('src') ?? '';
        return new URL(address, location.href).href.split('#')[0]!;
      }),
    (await sent?.text()) ?? '',
  );
  for (const response of responses) {
    const kind = response.request().resourceType();
    if (kind !== 'document' && !named.includes(response.url())) continue;
    const { responseBodySize } = await response.request().sizes();
    bodies.set(`${kind} ${response.url()}`, responseBodySize);
  }
  const seen = await page.evaluate(
    () => (window as unknown as { audit: { breaches: string[]; shift: number } }).audit,
  );
  return { page, responses, bodies, ...seen };
}

for (const path of paths)
  test(`${path} scores at least 95 in every category, and fits into 320 px`, async ({ page }) => {
    test.slow();
    const seen = await visit(page, path);
    const failed: string[] = [];
    const scores = Object.fromEntries(CATEGORIES.map((category) => [category, { got: 0, of: 0 }]));
    for (const [name, { category, weight, holds }] of Object.entries(CHECKS)) {
      const good = await holds(seen);
      const score = scores[category];
      if (!score) continue;
      score.of += weight;
      if (good) score.got += weight;
      else failed.push(`${category}: ${name}`);
    }
    const printed = CATEGORIES.map((category) => {
      const { got = 0, of = 1 } = scores[category] ?? {};
      return [category, Math.round((100 * got) / of)] as const;
    });
    console.log(`    ${path.padEnd(22)} ${printed.map((pair) => pair.join(' ')).join(', ')}`);
    expect.soft(failed).toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect.soft(width, 'fits into 320 px').toBeLessThanOrEqual(320);
    for (const [category, score] of printed) expect(score, category).toBeGreaterThanOrEqual(95);
  });
