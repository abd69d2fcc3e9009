// Vite plugin: `labs/NN-slug/chapter.LOCALE.md?chapter` is a module whose default is the compiled chapter, and
// `labs/NN-slug/exercises/NN-slug/index.LOCALE.md?exercise` one with the compiled text of an exercise.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';
import { locales } from '../site/locales.ts';
import { compileExercise } from './exercise-text.ts';
import { compileChapter } from './markdown.ts';

const moduleOf = (value: unknown) => ({
  code: `export default ${JSON.stringify(value)}`,
  moduleType: 'js' as const,
  map: null,
});

/** Does `work` on the file; what goes wrong names it. */
async function told<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

export function chapters(): Plugin {
  return {
    name: 'strata:chapters',
    enforce: 'pre',
    async load(id) {
      const [file, query] = id.split('?');
      if (!file?.endsWith('.md')) return null;
      if (query === 'exercise') {
        this.addWatchFile(file);
        return moduleOf(await told(file, async () => compileExercise(await readFile(file, 'utf8'))));
      }
      if (query !== 'chapter') return null;
      const folder = dirname(file);
      const first = join(folder, `chapter.${locales[0]}.md`);
      const compile = async (path: string, ids?: readonly string[]) => {
        this.addWatchFile(path);
        return told(path, async () => compileChapter(await readFile(path, 'utf8'), folder, ids));
      };
      const ids = file !== first && existsSync(first) ? (await compile(first)).headings : undefined;
      const { chapter, shown } = await compile(file, ids);
      for (const path of shown) this.addWatchFile(path);
      return moduleOf(chapter);
    },
    hotUpdate({ file, server }): void {
      if (this.environment.name === 'ssr' && file.endsWith('.md'))
        server.environments['client']?.hot.send({ type: 'full-reload' });
    },
  };
}
