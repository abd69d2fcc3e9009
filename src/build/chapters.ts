// Vite plugin: `labs/NN-slug/chapter.LOCALE.md?chapter` is a module whose default is the compiled chapter.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';
import { locales } from '../site/locales.ts';
import { compileChapter } from './markdown.ts';

export function chapters(): Plugin {
  return {
    name: 'strata:chapters',
    enforce: 'pre',
    async load(id) {
      const [file, query] = id.split('?');
      if (!file?.endsWith('.md') || query !== 'chapter') return null;
      const folder = dirname(file);
      const first = join(folder, `chapter.${locales[0]}.md`);
      const compile = async (path: string, ids?: readonly string[]) => {
        this.addWatchFile(path);
        try {
          return await compileChapter(await readFile(path, 'utf8'), folder, ids);
        } catch (error) {
          throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, {
            cause: error,
          });
        }
      };
      const ids = file !== first && existsSync(first) ? (await compile(first)).headings : undefined;
      const { chapter, shown } = await compile(file, ids);
      for (const path of shown) this.addWatchFile(path);
      return { code: `export default ${JSON.stringify(chapter)}`, moduleType: 'js', map: null };
    },
    hotUpdate({ file, server }): void {
      if (this.environment.name === 'ssr' && file.endsWith('.md'))
        server.environments['client']?.hot.send({ type: 'full-reload' });
    },
  };
}
