// `::changes`: what differs between two folders of sources, as a table of lines and each file's changes to unfold.
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { structuredPatch } from 'diff';
import type { PhrasingContent, RootContent, TableRow } from 'mdast';

const CONTEXT = 2;

interface Counted {
  readonly name: string;
  /** Lines on either side, of them taken out and put in; and the changes as text, or '' for none. */
  readonly before: number;
  readonly after: number;
  readonly taken: number;
  readonly put: number;
  readonly patch: string;
}

const linesOf = (text: string): number => text.split('\n').length - (text.endsWith('\n') ? 1 : 0);

async function textsIn(folder: string): Promise<ReadonlyMap<string, string>> {
  // Programs in folders of their own run on the kernel: they are no part of it.
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.flatMap((entry) => (entry.isFile() ? [entry.name] : [])).sort();
  const texts = names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const);
  return new Map(await Promise.all(texts));
}

function compare(name: string, before = '', after = ''): Counted {
  const { hunks } = structuredPatch(name, name, before, after, '', '', { context: CONTEXT });
  const lines = hunks.flatMap((hunk) => hunk.lines).filter((line) => !line.startsWith('\\'));
  const count = (sign: string): number => lines.filter((line) => line.startsWith(sign)).length;
  return {
    name,
    before: before === '' ? 0 : linesOf(before),
    after: after === '' ? 0 : linesOf(after),
    taken: count('-'),
    put: count('+'),
    patch: hunks.map((hunk) => ['…', ...hunk.lines].join('\n')).join('\n'),
  };
}

const cell = (...children: PhrasingContent[]) => ({ type: 'tableCell' as const, children });
const text = (value: string) => ({ type: 'text' as const, value });
const row = (first: PhrasingContent, ...numbers: number[]): TableRow => ({
  type: 'tableRow',
  children: [cell(first), ...numbers.map((n) => cell(text(n.toLocaleString('en'))))],
});

/** The table's columns in order, and its last row. */
export const CHANGES_WORDS = ['file', 'before', 'after', 'taken', 'put', 'all'] as const;

/** What a text gives: folders, and its words for the table. */
export interface ChangesOptions {
  readonly from: string;
  readonly to: string;
  /** A folder that both sides have in common. */
  readonly same: string;
  readonly words: Readonly<Record<(typeof CHANGES_WORDS)[number], string>>;
}

export interface Changes {
  readonly nodes: RootContent[];
  /** Files that were compared. */
  readonly files: readonly string[];
}

function tableOf(changed: readonly Counted[], shared: Counted, words: ChangesOptions['words']): RootContent {
  const numbers = (of: Counted): number[] => [of.before, of.after, of.taken, of.put];
  const code = (value: string) => ({ type: 'inlineCode' as const, value });
  const all = [...changed, shared].map(numbers).reduce((sum, each) => sum.map((n, k) => n + each[k]!));
  const heading: TableRow = {
    type: 'tableRow',
    children: CHANGES_WORDS.slice(0, -1).map((word) => cell(text(words[word]))),
  };
  return {
    type: 'table',
    align: [null, 'right', 'right', 'right', 'right'],
    children: [
      heading,
      ...[...changed, shared].map((each) => row(code(each.name), ...numbers(each))),
      row(text(words.all), ...all),
    ],
  };
}

const unfolded = ({ name, patch }: Counted): RootContent => ({
  type: 'containerDirective',
  name: 'changes',
  children: [
    { type: 'paragraph', children: [text(name)], data: { hName: 'summary' } },
    { type: 'code', lang: 'diff', value: patch },
  ],
  data: { hName: 'details', hProperties: { className: ['changes'] } },
});

export async function changesOf({ from, to, same, words }: ChangesOptions): Promise<Changes> {
  const [before, after, common] = await Promise.all([textsIn(from), textsIn(to), textsIn(same)]);
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  const changed = names.map((name) => compare(name, before.get(name), after.get(name)));
  const lines = [...common.values()].reduce((sum, each) => sum + linesOf(each), 0);
  const shared = { name: `${basename(same)}/`, before: lines, after: lines, taken: 0, put: 0, patch: '' };
  const inFolder = (folder: string, texts: ReadonlyMap<string, string>): string[] =>
    [...texts.keys()].map((name) => join(folder, name));
  return {
    nodes: [tableOf(changed, shared, words), ...changed.filter(({ patch }) => patch !== '').map(unfolded)],
    files: [...inFolder(from, before), ...inFolder(to, after), ...inFolder(same, common)],
  };
}
