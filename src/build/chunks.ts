// Which file of the build needs which: recorded for the pages' half and its workers alike, for the offline release.
import type { Plugin } from 'vite';

interface Chunk {
  /** Named by its address only, not imported: a worker's entry, a font. */
  readonly named: boolean;
  /** Path of the module that the chunk stands for, from the project's top; '' for a shared one. */
  readonly module: string;
  readonly needs: readonly string[];
  readonly code: string;
}

/** The chapter's folder that a chunk belongs to, if it belongs to one. */
const chapterOf = (module: string): string | undefined => /^labs\/(\d[^/]*)\//.exec(module)?.[1];

export class Chunks {
  private readonly known = new Map<string, Chunk>();

  /** Records every chunk of the build that it takes part in: that of the pages, or that of a worker. */
  plugin(root: string, part: 'page' | 'worker'): Plugin {
    return {
      name: 'strata:chunks',
      applyToEnvironment: ({ name }) => name === 'client',
      // Last, when chunks that held nothing but styles are gone.
      generateBundle: {
        order: 'post',
        handler: (_, bundle) => {
          for (const file of Object.values(bundle)) {
            const known = this.known.get(file.fileName);
            // A worker's files come again with those of the pages, as mere assets that say nothing of their needs.
            if (part === 'page' && known && (known.module || file.type === 'asset')) continue;
            if (file.type === 'asset') {
              const code = typeof file.source === 'string' ? file.source : '';
              this.known.set(file.fileName, { module: '', needs: [], code, named: true });
              continue;
            }
            const { importedCss, importedAssets } = file.viteMetadata ?? {};
            this.known.set(file.fileName, {
              named: part === 'worker' && file.isEntry,
              module: file.facadeModuleId?.startsWith(root) ? file.facadeModuleId.slice(root.length) : '',
              needs: [
                ...file.imports,
                ...file.dynamicImports,
                ...(importedCss ?? []),
                ...(importedAssets ?? []),
              ],
              code: file.code,
            });
          }
        },
      },
    };
  }

  /**
   * All files that may be loaded from these on, each once. What belongs to a chapter other than `chapter` is left out,
   * though the code that finds chapters by their folders names every one.
   */
  reach(files: Iterable<string>, chapter: string | undefined): ReadonlySet<string> {
    const reached = new Set<string>();
    // Style sheets are reached by the chunks that need them; lists of preloads name those of any chapter. The bundler's
    // own records are no part of the site, though code may have files of the same name: an image's manifest.json.
    const named = [...this.known].filter(
      ([file, chunk]) => chunk.named && file.startsWith('assets/') && !file.endsWith('.css'),
    );
    const walk = (file: string): void => {
      const chunk = this.known.get(file);
      const owner = chapterOf(chunk?.module ?? '');
      if (!chunk || reached.has(file) || (owner !== undefined && owner !== chapter)) return;
      reached.add(file);
      chunk.needs.forEach(walk);
      for (const [other] of named)
        if (chunk.code.includes(other.slice(other.lastIndexOf('/') + 1))) walk(other);
    };
    for (const file of files) walk(file);
    return reached;
  }
}
