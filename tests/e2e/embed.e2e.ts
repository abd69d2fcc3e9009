// Widgets as strangers use them: on a page of another origin, behind its policy, shut off in a sandbox, from a disk.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type FrameLocator, type Page } from '@playwright/test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startHost, type Host } from './host.ts';
import { chapters, test as base } from './pages.ts';

const test = base.extend<{ host: Host; site: string }>({
  hosts: ['127.0.0.1', 'localhost'],
  host: async ({ baseURL: _ }, use) => {
    const host = await startHost();
    await use(host);
    host.close();
  },
  site: async ({ baseURL }, use) => use(baseURL ?? ''),
});

interface Heard {
  readonly frame: number;
  readonly origin: string;
  readonly type: string;
  readonly id: unknown;
  readonly [field: string]: unknown;
}
declare global {
  var heard: Heard[];
}

const heardBy = (page: Page, type: string) =>
  page.evaluate((wanted) => globalThis.heard.filter((each) => each.type === wanted), type);
const still = (widget: Page | FrameLocator) =>
  widget
    .locator('.status')
    .getByText(/Paused|Ready|一時停止|準備/)
    .first();
const clockOf = (widget: Page | FrameLocator) => widget.locator('.status dd').first();
const frame = (src: string, attributes = '') =>
  `<iframe title="lab" ${attributes} width="100%" height="900" src="${src}"></iframe>`;
const element = (site: string, attributes: string) =>
  `<script src="${site}embed/strata-lab.js"></script><strata-lab ${attributes}></strata-lab>`;
/** The strictest policy under which the documentation says that widgets work. */
const strict = (site: string) =>
  `default-src 'none'; script-src 'self' ${site}embed/strata-lab.js; frame-src ${site}; img-src ${site} data:; connect-src 'none'; style-src 'none'`;

test.describe('on a page of another origin', () => {
  test('under a strict policy the element shows a lab that runs', async ({ page, host, site }) => {
    await page.goto(
      host.page(
        element(site, 'lab="vm370" panel="registers" workload="hello" technique="bare"'),
        strict(site),
      ),
    );
    const widget = page.frameLocator('iframe');
    await expect(still(widget)).toBeVisible();
    await widget.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(widget.getByText('The program has ended').first()).toBeVisible();
    await expect(page.locator('iframe')).toHaveAttribute('title', /vm370/);
  });

  for (const [where, policy] of [
    ['openly', false],
    ['under a strict policy', true],
  ] as const)
    test(`a sandboxed frame without an origin runs ${where}`, async ({ page, host, site }) => {
      const src = `${site}embed/en/vm370/?workload=hello&technique=bare`;
      await page.goto(host.page(frame(src, 'sandbox="allow-scripts"'), policy ? strict(site) : undefined));
      const widget = page.frameLocator('iframe');
      await expect(still(widget)).toBeVisible();
      expect(await page.frames()[1]?.evaluate(() => self.origin)).toBe('null');
      await widget.getByRole('button', { name: 'Run', exact: true }).click();
      await expect(widget.getByText('The program has ended').first()).toBeVisible();
    });

  test('page and widget talk: requests are answered, strangers are not heard', async ({
    page,
    host,
    site,
  }) => {
    await page.goto(host.page(frame(`${site}embed/en/vm370/registers/`)));
    await expect(still(page.frameLocator('iframe'))).toBeVisible();
    const ask = (data: object) =>
      page.evaluate(
        (message) => document.querySelector('iframe')?.contentWindow?.postMessage(message, '*'),
        data,
      );
    await ask({ source: 'strata', v: 1, id: 'a', type: 'step', stride: 'transfer' });
    await expect.poll(async () => (await heardBy(page, 'state')).some(({ id }) => id === 'a')).toBe(true);
    await ask({ source: 'strata', v: 9, id: 'b', type: 'play' });
    await ask({ source: 'strata', v: 1, id: 'c', type: 'explode' });
    await expect
      .poll(async () => (await heardBy(page, 'error')).map(({ id, code }) => [id, code]))
      .toEqual([
        ['b', 'version'],
        ['c', 'type'],
      ]);
    const [step] = await heardBy(page, 'step');
    expect(step).toMatchObject({ origin: new URL(site).origin, layer: 'guest-kernel' });
    expect(step?.['words']).toContain('CP simulates LPSW');
    // A frame beside it is not the page around it.
    await page.evaluate(() => {
      const other = document.createElement('iframe');
      document.body.append(other);
      const script = other.contentDocument?.createElement('script');
      if (!script) return;
      script.textContent = `parent.frames[0].postMessage({source:'strata',v:1,id:'evil',type:'reset'},'*')`;
      other.contentDocument?.body.append(script);
    });
    await ask({ source: 'strata', v: 1, id: 'd', type: 'getState' });
    await expect.poll(async () => (await heardBy(page, 'state')).some(({ id }) => id === 'd')).toBe(true);
    const ids = await page.evaluate(() => globalThis.heard.map(({ id }) => id));
    expect(ids).not.toContain('evil');
  });

  test('methods of the element fetch the widget, and bring its state to the full lab and back', async ({
    page,
    host,
    site,
    context,
  }) => {
    await page.goto(host.page(element(site, 'lab="vm370" start="click"')));
    await expect(page.locator('iframe')).toHaveCount(0);
    const state = await page.evaluate(async () => {
      const lab = document.querySelector('strata-lab') as unknown as Record<
        string,
        (fields?: object) => Promise<{ clock: number; fragment: string }>
      >;
      await lab['load']?.({ workload: 'svc', technique: 'cp-assist' });
      for (let i = 0; i < 4; i++) await lab['step']?.({ stride: 'transfer' });
      return lab['getState']?.();
    });
    expect(state?.clock).toBeGreaterThan(0);
    const widget = page.frameLocator('iframe');
    const link = widget.getByRole('link', { name: 'Open in the full lab' });
    await expect(link).toHaveAttribute('href', /#s=/);
    const [full] = await Promise.all([context.waitForEvent('page'), link.click()]);
    const clock = await clockOf(widget).textContent();
    await expect(full.locator('#lab .status dd').first()).toHaveText(clock ?? '');
    await expect(full.locator('#lab').getByLabel('Workload')).toHaveValue('svc');
    // And from the full lab back into a widget: the sheet's snippet carries the state.
    await full.locator('#lab').getByRole('button', { name: 'Embed' }).click();
    await full.getByLabel('Where it goes').selectOption('notion');
    const address = await full.getByLabel('To paste').inputValue();
    await page.goto(host.page(frame(address)));
    await expect(clockOf(page.frameLocator('iframe'))).toHaveText(clock ?? '');
  });

  test('an exercise is done in a sandbox, and the page is told how it went', async ({ page, host, site }) => {
    const src = `${site}embed/en/vm370/exercise/02-cost-of-a-trap/`;
    await page.goto(host.page(frame(src, 'sandbox="allow-scripts"'), strict(site)));
    const widget = page.frameLocator('iframe');
    await expect(still(widget)).toBeVisible();
    await widget.locator('.exercise').getByRole('button').first().click();
    await widget.getByRole('button', { name: 'Check', exact: true }).click();
    await expect.poll(() => heardBy(page, 'task')).toHaveLength(1);
    const [task] = await heardBy(page, 'task');
    expect(task).toMatchObject({ exercise: '10-vm370/02-cost-of-a-trap', passed: false, origin: 'null' });
    expect(Number(task?.['of'])).toBeGreaterThan(Number(task?.['done']));
  });

  test('a state that cannot be read is told, and the lab begins anew', async ({ page, site }) => {
    await page.goto(`${site}embed/en/vm370/#s=AAAA`);
    await expect(page.getByText('The state in the address could not be read')).toBeVisible();
    await expect(still(page)).toBeVisible();
  });

  test('a widget keeps nothing, leaves its address alone and asks nobody else', async ({ page, site }) => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const address = `${site}embed/en/vm370/?workload=svc#text`;
    await page.goto(address);
    await expect(still(page)).toBeVisible();
    await page.getByRole('button', { name: 'Source', exact: true }).click();
    await page.locator('.cm-content').click();
    await page.keyboard.type('X');
    await page.getByRole('button', { name: 'Share link' }).click();
    await expect(page.getByText(/full lab in this very state/)).toBeVisible();
    expect(page.url()).toBe(address);
    const kept = await page.evaluate(async () => [
      ...Object.keys(localStorage),
      ...Object.keys(sessionStorage),
      ...(await indexedDB.databases()).map(({ name }) => name),
      ...(await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope),
      ...(document.cookie === '' ? [] : [document.cookie]),
    ]);
    expect(kept).toEqual([]);
    expect(asked.filter((each) => !each.startsWith(site) && !/^(data|blob):/.test(each))).toEqual([]);
  });
});

test.describe('the height of the element', () => {
  const height = (page: Page) =>
    page.locator('strata-lab').evaluate((lab) => lab.getBoundingClientRect().height);

  test('follows the widget, and comes to rest', async ({ page, host, site }) => {
    await page.goto(host.page(element(site, 'lab="vm370" panel="registers"')));
    const widget = page.frameLocator('iframe');
    await expect(still(widget)).toBeVisible();
    const wanted = () => widget.locator('main').evaluate((main) => main.getBoundingClientRect().height);
    await expect.poll(async () => Math.abs((await height(page)) - (await wanted()))).toBeLessThanOrEqual(8);
    const told = (await heardBy(page, 'resize')).length;
    await page.setViewportSize({ width: 420, height: 700 });
    await expect.poll(async () => Math.abs((await height(page)) - (await wanted()))).toBeLessThanOrEqual(8);
    await page.waitForTimeout(1000);
    expect((await heardBy(page, 'resize')).length - told).toBeLessThan(10);
    expect(
      await widget.locator('html').evaluate((html) => html.scrollHeight - html.clientHeight),
    ).toBeLessThanOrEqual(8);
  });

  for (const [how, attributes] of [
    ['an attribute', 'height="300"'],
    ['the page’s style', 'style="height:300px"'],
  ] as const)
    test(`that ${how} fixes is respected`, async ({ page, host, site }) => {
      await page.goto(host.page(element(site, `lab="vm370" panel="registers" ${attributes}`)));
      await expect(still(page.frameLocator('iframe'))).toBeVisible();
      await expect.poll(() => heardBy(page, 'resize')).not.toEqual([]);
      expect(await height(page)).toBe(300);
      expect(await page.locator('iframe').evaluate((each) => each.getBoundingClientRect().height)).toBe(300);
    });

  test('one line of script is enough, and the page does not jump while it loads', async ({
    page,
    host,
    site,
  }) => {
    const script = `<p style="height:3000px">Before</p><script src="${site}embed/strata-lab.js" data-lab="vm370" data-panel="strata"></script><p>After</p>`;
    await page.goto(host.page(script));
    await expect(page.locator('strata-lab')).toHaveCount(1);
    await expect(page.locator('iframe')).toHaveCount(0);
    await page.locator('strata-lab').scrollIntoViewIfNeeded();
    await expect(still(page.frameLocator('iframe'))).toBeVisible();
    expect(await page.evaluate(() => scrollY)).toBeGreaterThan(1000);
  });
});

/** Scrolls to the end at a reader's pace; how smoothly that went, in words. */
async function scrollDown(page: Page): Promise<string> {
  const frames = await page.evaluate(async () => {
    const times: number[] = [];
    const end = document.documentElement.scrollHeight - innerHeight;
    const began = performance.now();
    while (scrollY < end - 1 && performance.now() - began < 20_000) {
      scrollBy(0, 12);
      times.push(await new Promise<number>((resolve) => requestAnimationFrame(resolve)));
    }
    return times.slice(1).map((time, i) => time - times[i]!);
  });
  const perSecond = 1000 / (frames.reduce((sum, each) => sum + each, 0) / frames.length);
  const late = frames.filter((each) => each > 1000 / 60 + 4).length;
  const longest = Math.max(...frames).toFixed(0);
  return `${perSecond.toFixed(1)} frames/s over ${frames.length} frames, ${late} late, longest ${longest} ms`;
}

test('of twelve widgets only those in view run, and the page scrolls smoothly', async ({
  page,
  host,
  site,
}) => {
  test.slow();
  const widgets = ['registers', 'strata', 'events', 'ledger'].flatMap((panel) => [panel, panel, panel]);
  const body = widgets.map(
    (panel) => `<strata-lab lab="vm370" panel="${panel}" autoplay speed="20000" height="420"></strata-lab>`,
  );
  // What this machine can do at all, now.
  await page.goto(host.page(widgets.map(() => '<p style="height:420px">Text</p>').join('<p>Text</p>')));
  console.log(`without widgets: ${await scrollDown(page)}`);
  await page.goto(host.page(`<script src="${site}embed/strata-lab.js"></script>${body.join('<p>Text</p>')}`));
  /** Which of the twelve run, by what each told last; and which are in view. */
  const running = () =>
    page.evaluate(() => {
      const labs = [...document.querySelectorAll('strata-lab')];
      return labs.map((lab) => {
        const box = lab.getBoundingClientRect();
        const inView = box.bottom > 0 && box.top < innerHeight;
        return { runs: (lab as HTMLElement).dataset['runs'] === 'true', inView };
      });
    });
  await page.evaluate(() =>
    addEventListener('strata:state', (event) => {
      const { detail } = event as CustomEvent<{ running: boolean }>;
      (event.target as HTMLElement).dataset['runs'] = String(detail.running);
    }),
  );
  const settled = async () => (await running()).every(({ runs, inView }) => runs === inView);
  await expect.poll(settled, { timeout: 60_000 }).toBe(true);
  console.log(`twelve widgets, the first time: ${await scrollDown(page)}`);
  for (const lab of await page.locator('strata-lab').all()) {
    await lab.scrollIntoViewIfNeeded();
    await expect(lab).toHaveAttribute('data-runs', 'true', { timeout: 60_000 });
  }
  await page.evaluate(() => scrollTo(0, 0));
  await expect.poll(settled, { timeout: 60_000 }).toBe(true);
  console.log(`twelve widgets, all started: ${await scrollDown(page)}`);
  await expect.poll(settled, { timeout: 60_000 }).toBe(true);
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight / 2));
  await expect.poll(settled, { timeout: 60_000 }).toBe(true);
  const now = await running();
  expect(now.filter(({ runs }) => runs).length).toBeGreaterThan(0);
  expect(now.filter(({ runs }) => runs).length).toBeLessThan(6);
});

test.describe('a lab in one file', () => {
  const file = (locale: string) =>
    pathToFileURL(fileURLToPath(new URL(`../../dist/single/vm370.${locale}.html`, import.meta.url))).href;

  for (const [locale, run, ended] of [
    ['en', 'Run', 'The program has ended'],
    ['ja', '実行', 'プログラムは終了しました'],
  ] as const)
    test(`opens from a disk without a network and runs (${locale})`, async ({ page, context }) => {
      await context.setOffline(true);
      await page.goto(`${file(locale)}?workload=hello&technique=bare`);
      await expect(page.locator('html')).toHaveAttribute('lang', locale);
      await page.getByRole('button', { name: run, exact: true }).click();
      await expect(page.getByText(ended).first()).toBeVisible();
    });

  test('speaks the other language when asked, and tells a wrong option', async ({ page }) => {
    await page.goto(`${file('en')}?lang=ja&sped=1`);
    await expect(page.getByRole('button', { name: '実行', exact: true })).toBeVisible();
    await expect(page.getByText('「sped」というオプションはない')).toBeVisible();
  });
});

test('the documents of widgets also open from a disk', async ({ page }) => {
  const file = new URL('../../dist/embed/en/vm370/registers/index.html', import.meta.url);
  await page.goto(pathToFileURL(fileURLToPath(file)).href);
  await expect(still(page)).toBeVisible();
});

for (const chapter of chapters)
  test(`the lab of ${chapter} heeds a widget’s options, and stands in one file too`, async ({ page }) => {
    await page.goto(`embed/en/${chapter}?controls=none&hide=strata,open&panels=registers`);
    await expect(still(page)).toBeVisible();
    for (const what of ['.toolbar', '.strata', '[role=tablist]', '.foot'])
      await expect(page.locator(what)).toHaveCount(0);
    const file = new URL(`../../dist/single/${chapter.replace('/', '')}.ja.html`, import.meta.url);
    await page.goto(pathToFileURL(fileURLToPath(file)).href);
    await expect(still(page)).toBeVisible();
  });

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test('a widget shows its lab’s default run and the way to the chapter', async ({ page }) => {
    await page.goto('embed/en/vm370/registers/');
    await expect(page.getByRole('img', { name: /Default run of the lab/ })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Open in the full lab' })).toBeVisible();
  });
});

for (const colorScheme of ['light', 'dark'] as const)
  for (const path of ['embed/en/vm370/?sped=1', 'embed/ja/vm370/strata/', 'embed/en/vm370/code/?paused'])
    test(`${path} has no accessibility fault and fits 320 px in ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width: 320, height: 640 });
      await page.goto(path);
      await expect(
        path.includes('paused') ? page.getByRole('button', { name: 'Start the lab' }) : still(page),
      ).toBeVisible();
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
        .analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
        [],
      );
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    });
