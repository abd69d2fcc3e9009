// What a chapter's author may write, and what becomes of it.
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compileChapter } from './markdown.ts';
import { regionOf } from './region.ts';

const head = '---\ntitle: T\nsummary: S\nera: microcode\nyears: 1964\nsources: [A]\n---\n\n';
const compile = (text: string, ids?: readonly string[]) => compileChapter(head + text, '/nowhere', ids);
const html = async (text: string) => (await compile(text)).chapter.html;

describe('a chapter', () => {
  test('has its frontmatter, and a year may be a number', async () => {
    expect((await compile('')).chapter).toEqual({
      ...{ title: 'T', summary: 'S', era: 'microcode', years: '1964', sources: ['A'] },
      ...{ html: '', lab: undefined },
    });
  });

  test('with a misspelt era is refused', async () => {
    await expect(compileChapter(head.replace('microcode', 'microcde'), '/nowhere')).rejects.toThrow(
      'no such era',
    );
  });

  test('hands the attributes of ::lab to its lab and keeps it out of the text', async () => {
    const { chapter } = await compile('A\n\n::lab{panel=registers n=3}\n\nB');
    expect(chapter.lab).toEqual({ panel: 'registers', n: 3 });
    expect(chapter.html).toBe('<p>A</p>\n<p>B</p>');
  });

  test('turns :do into a button that carries its command', async () => {
    expect(await html('Now :do[run to the *trap*]{command="run-to-trap" n=2}.')).toBe(
      '<p>Now <button type="button" class="do" data-command="{&#x22;command&#x22;:&#x22;run-to-trap&#x22;,&#x22;n&#x22;:&#x22;2&#x22;}">run to the <em>trap</em></button>.</p>',
    );
  });

  test('keeps colons that are only prose', async () => {
    expect(await html('At 12:30 see ratio 1:n or a:b[c]{d=e}.')).toBe(
      '<p>At 12:30 see ratio 1:n or a:b[c]{d=e}.</p>',
    );
  });

  test('emphasises next to Japanese brackets', async () => {
    expect(await html('**「強調」**は')).toBe('<p><strong>「強調」</strong>は</p>');
  });

  test('colours code by classes, not by inline style', async () => {
    const out = await html('```typescript\nconst a = 1;\n```');
    expect(out).toContain('class="');
    expect(out).not.toContain('style=');
  });

  test('shows what differs between two folders of sources, file by file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'strata-'));
    const files = {
      'from/a.c': 'one\ntwo\n',
      'from/gone.c': 'x\n',
      'to/a.c': 'one\n2\nthree\n',
      'same/s.c': 'y\n',
    };
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    const words = 'file=F before=B after=A taken=T put=P all=All';
    const { chapter, shown } = await compileChapter(
      `${head}::changes{from=from to=to same=same ${words}}`,
      folder,
    );
    const cells = [...chapter.html.matchAll(/<t[dh][^>]*>(.*?)<\/t[dh]>/g)].map(([, cell]) => cell);
    expect(cells).toEqual([
      ...['F', 'B', 'A', 'T', 'P'],
      ...['<code>a.c</code>', '2', '3', '1', '2'],
      ...['<code>gone.c</code>', '1', '0', '1', '0'],
      ...['<code>same/</code>', '1', '1', '0', '0'],
      ...['All', '4', '4', '2', '2'],
    ]);
    expect(chapter.html).toContain('<details class="changes"><summary>a.c</summary>');
    expect(shown).toHaveLength(4);
    await expect(compile('::changes{from=from}')).rejects.toThrow('::changes needs');
  });

  test('takes its heading ids from the first language', async () => {
    const first = await compile('## One\n\n## Two');
    const second = await compile('## 一\n\n## 二', first.headings);
    expect(second.chapter.html).toBe('<h2 id="one">一</h2>\n<h2 id="two">二</h2>');
    await expect(compile('## 一', first.headings)).rejects.toThrow('1 headings, but 2');
  });

  test('refuses a directive that nobody knows, by its line', async () => {
    await expect(compile('::labb{}')).rejects.toThrow('line 9: no directive ::labb');
  });

  test('shows a region of a source file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'strata-'));
    await writeFile(join(folder, 'a.txt'), 'x\n* #region r\n  LA 1,2\n* #endregion\ny\n');
    const { chapter, shown } = await compileChapter(`${head}::code{src=a.txt region=r}`, folder);
    expect(shown).toEqual([join(folder, 'a.txt')]);
    expect(chapter.html).toContain('<figcaption>a.txt</figcaption>');
    expect(chapter.html).toContain('LA 1,2');
    expect(chapter.html).not.toContain('x\n');
  });
});

test('a region that is not there is an error', () => {
  expect(() => regionOf('a', 'b')).toThrow('no #region b');
});
