import { expect, test } from 'vitest';
import { HOSTS, snippets, type Choice } from './snippets.ts';

const choice: Choice = {
  ...{ locale: 'en', slug: 'vm370', widget: 'registers', fragment: '#s=ab-c' },
  options: { theme: 'dark', panels: 'code,events', lang: 'ja' },
  title: '"A" & <B> [C]',
};
const made = snippets('https://lab.example/x/', choice);

test('every snippet names the site, and none lets a title break out of its attribute', () => {
  for (const host of HOSTS) {
    expect(made[host]).toContain('https://lab.example/x/');
    expect(made[host], host).not.toContain('<B>');
    expect(made[host], host).not.toContain('"A"');
  }
});

test('an address has the options in its query and the state in its fragment', () => {
  expect(made.notion).toBe(
    'https://lab.example/x/embed/en/vm370/registers/?lang=ja&theme=dark&panels=code,events#s=ab-c',
  );
});

test('the element has the same as attributes, and slides fetch late', () => {
  expect(made.element).toContain('<strata-lab lab="vm370" panel="registers" lang="ja"');
  expect(made.element).toContain('theme="dark" panels="code,events" state="#s=ab-c"');
  expect(made.reveal).toContain(' data-src="');
});
