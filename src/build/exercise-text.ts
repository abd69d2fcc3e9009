// One exercise's Markdown to what the page shows: frontmatter with hints and words, a body with places for values.
import rehypeStringify from 'rehype-stringify';
import remarkCjkFriendly from 'remark-cjk-friendly';
import remarkFrontmatter from 'remark-frontmatter';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import { unified } from 'unified';
import { visit } from 'unist-util-visit';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import type { ExerciseText } from '../ui/exercise/text.ts';

const frontmatter = z.strictObject({
  title: z.string(),
  hints: z.array(z.string()),
  fields: z
    .record(
      z.string(),
      z.strictObject({ label: z.string(), choices: z.record(z.string(), z.string()).optional() }),
    )
    .default({}),
  checks: z.record(z.string(), z.strictObject({ passed: z.string(), failed: z.string() })),
});

export async function compileExercise(source: string): Promise<ExerciseText> {
  let meta: unknown;
  const file = await unified()
    .use(remarkParse)
    .use(remarkFrontmatter)
    .use(remarkGfm)
    .use(remarkCjkFriendly)
    .use(() => (tree) => {
      visit(tree, 'yaml', (node: { readonly value?: unknown }) => {
        meta = parseYaml(String(node.value));
      });
    })
    .use(remarkRehype)
    .use(rehypeStringify)
    .process(source);
  const html = String(file).replace(/\{\{([\w-]+)\}\}/g, '<data value="$1"></data>');
  return { ...frontmatter.parse(meta), html } as ExerciseText;
}
