// One chapter's Markdown to HTML: tables, highlighted code, and the directives that tie a text to its lab.
import { readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import rehypeShikiFromHighlighter from '@shikijs/rehype/core';
import { transformerStyleToClass } from '@shikijs/transformers';
import type { Element, Root as Html } from 'hast';
import type { Nodes, Parent, Root, RootContent } from 'mdast';
import type { LeafDirective, TextDirective } from 'mdast-util-directive';
import rehypeSlug from 'rehype-slug';
import rehypeStringify from 'rehype-stringify';
import remarkCjkFriendly from 'remark-cjk-friendly';
import remarkDirective from 'remark-directive';
import remarkFrontmatter from 'remark-frontmatter';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import { createHighlighterCore } from 'shiki/core';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';
import { unified } from 'unified';
import { visit } from 'unist-util-visit';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import type { ChapterText } from '../site/chapter.ts';
import { isEra, type EraId } from '../site/eras.ts';
import { CHANGES_WORDS, changesOf, type ChangesOptions } from './changes.ts';
import { regionOf } from './region.ts';

const frontmatter = z.strictObject({
  title: z.string(),
  summary: z.string(),
  era: z.string().refine((text): text is EraId => isEra(text), 'no such era in src/site/eras.ts'),
  years: z.coerce.string(),
  sources: z.array(z.string()),
});

const highlighter = await createHighlighterCore({
  themes: [
    import('@shikijs/themes/github-light-high-contrast'),
    import('@shikijs/themes/github-dark-high-contrast'),
  ],
  langs: [
    import('@shikijs/langs/typescript'),
    import('@shikijs/langs/asm'),
    import('@shikijs/langs/c'),
    import('@shikijs/langs/diff'),
    import('@shikijs/langs/json'),
    import('@shikijs/langs/yaml'),
    import('@shikijs/langs/shellscript'),
  ],
  engine: createJavaScriptRegexEngine(),
});
const classes = transformerStyleToClass({ classPrefix: 'sk-' });

/** The rules for every colour class handed out so far. */
export const highlightCss = (): string => classes.getCSS();

const languages: Record<string, string> = {
  '.ts': 'typescript',
  '.s': 'asm',
  '.asm': 'asm',
  '.c': 'c',
  '.json': 'json',
  '.yaml': 'yaml',
  '.sh': 'shellscript',
};

export interface Compiled {
  readonly chapter: ChapterText;
  /** Ids of the headings in order: another language of the same chapter takes them over. */
  readonly headings: readonly string[];
  /** Source files shown by `::code` and `::changes`. */
  readonly shown: readonly string[];
}

type Directive = LeafDirective | TextDirective;

/** A directive whose place is taken by what is read from files. */
interface Quote {
  readonly node: LeafDirective;
  readonly parent: Parent;
}
interface Quoted {
  readonly nodes: RootContent[];
  readonly files: readonly string[];
}

const numeric = (text: string) => (text !== '' && Number.isFinite(Number(text)) ? Number(text) : text);

/** Attributes without the absent ones; `{fast}` alone is an empty text. */
function attributesOf({ attributes }: Directive): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes ?? {}).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}

/** `::code{src=… region=…}`: the figure, and the file that it shows. */
async function codeFigure(node: LeafDirective, folder: string): Promise<Quoted> {
  const { src, region, lang } = attributesOf(node);
  if (!src) throw new Error(`line ${node.position?.start.line ?? 0}: ::code needs src`);
  const file = join(folder, src);
  const value = regionOf(await readFile(file, 'utf8'), region);
  const language = lang ?? languages[extname(src)];
  const caption: RootContent = {
    type: 'paragraph',
    children: [{ type: 'text', value: basename(src) }],
    data: { hName: 'figcaption' },
  };
  const figure: RootContent = {
    type: 'containerDirective',
    name: 'code',
    children: [caption, { type: 'code', value, ...(language ? { lang: language } : {}) }],
    data: { hName: 'figure', hProperties: { className: ['code'] } },
  };
  return { nodes: [figure], files: [file] };
}

/** `::changes{from=… to=… same=… file=… before=… …}`: folders, and the words of the table. */
async function changesTable(node: LeafDirective, folder: string): Promise<Quoted> {
  const given = attributesOf(node);
  const needed = (name: string): string => {
    const value = given[name];
    if (!value) throw new Error(`line ${node.position?.start.line ?? 0}: ::changes needs ${name}`);
    return value;
  };
  const words = Object.fromEntries(
    CHANGES_WORDS.map((word) => [word, needed(word)]),
  ) as ChangesOptions['words'];
  const at = (name: string): string => join(folder, needed(name));
  return changesOf({ from: at('from'), to: at('to'), same: at('same'), words });
}

const QUOTES: Readonly<Record<string, (node: LeafDirective, folder: string) => Promise<Quoted>>> = {
  code: codeFigure,
  changes: changesTable,
};

/**
 * @param folder the chapter's folder, to which `::code{src=…}` is relative
 * @param idsFrom ids of the headings, so that a link keeps its place in another language
 */
export async function compileChapter(
  source: string,
  folder: string,
  idsFrom?: readonly string[],
): Promise<Compiled> {
  let meta: unknown;
  let lab: ChapterText['lab'];
  const shown: string[] = [];
  const headings: string[] = [];

  const directives = () => async (tree: Root) => {
    const quotes: Quote[] = [];
    visit(tree, (node: Nodes, index, parent: Parent | undefined) => {
      if (node.type === 'yaml') meta = parseYaml(node.value);
      if (!parent || index === undefined) return undefined;
      const line = node.position?.start.line ?? 0;
      if (node.type === 'leafDirective') {
        if (Object.hasOwn(QUOTES, node.name)) quotes.push({ node, parent });
        else if (node.name === 'lab') {
          if (lab) throw new Error(`line ${line}: a second ::lab; a chapter has one`);
          lab = Object.fromEntries(
            Object.entries(attributesOf(node)).map(([key, text]) => [key, numeric(text)]),
          );
          parent.children.splice(index, 1);
          return index;
        } else throw new Error(`line ${line}: no directive ::${node.name}`);
      } else if (node.type === 'containerDirective') {
        node.data = { hName: 'aside', hProperties: { className: [node.name] } };
      } else if (node.type === 'textDirective' && node.name === 'do') {
        node.data = {
          hName: 'button',
          hProperties: { type: 'button', className: ['do'], dataCommand: JSON.stringify(attributesOf(node)) },
        };
      } else if (node.type === 'textDirective') {
        // Prose such as 12:30 is no directive: put back what was written.
        const { start, end } = node.position ?? {};
        parent.children[index] = { type: 'text', value: source.slice(start?.offset, end?.offset) };
      }
      return undefined;
    });
    for (const { node, parent } of quotes) {
      const { nodes, files } = await QUOTES[node.name]!(node, folder);
      shown.push(...files);
      parent.children.splice(parent.children.indexOf(node), 1, ...nodes);
    }
  };

  const anchors = () => (tree: Html) => {
    visit(tree, 'element', (node: Element) => {
      if (!/^h[2-6]$/.test(node.tagName)) return;
      const id = idsFrom?.[headings.length] ?? String(node.properties['id']);
      node.properties['id'] = id;
      headings.push(id);
    });
  };

  const file = await unified()
    .use(remarkParse)
    .use(remarkFrontmatter)
    .use(remarkGfm)
    .use(remarkCjkFriendly)
    .use(remarkDirective)
    .use(directives)
    .use(remarkRehype)
    .use(rehypeSlug)
    .use(anchors)
    .use(rehypeShikiFromHighlighter, highlighter, {
      themes: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
      defaultColor: 'light-dark()',
      transformers: [classes],
      onError: (error: unknown) => {
        throw error;
      },
    })
    .use(rehypeStringify)
    .process(source);

  if (idsFrom && idsFrom.length !== headings.length)
    throw new Error(`${headings.length} headings, but ${idsFrom.length} in the chapter's first language`);
  return { chapter: { ...frontmatter.parse(meta), html: String(file), lab }, headings, shown };
}
