// What one release of the site consists of, as the build writes it and the browser keeps it.

export interface ReleaseFile {
  /** Of its content, as fetch and integrity attributes have it: `sha256-…`. */
  readonly integrity: string;
  readonly bytes: number;
}

export interface Release {
  readonly version: string;
  /** By address from the site's root; a page's address ends in a slash, the root's is ''. */
  readonly files: Readonly<Record<string, ReleaseFile>>;
  /** What every visitor keeps. */
  readonly shell: readonly string[];
  /** What a page needs, in all languages, by its path below the language. */
  readonly pages: Readonly<Record<string, readonly string[]>>;
}

/** Address of a release's own description. */
export const releaseAddress = (version: string): string => `release-${version}.json`;

/** Each release has a cache of its own, so that what belongs together is kept and dropped together. */
export const cacheName = (version: string): string => `strata ${version}`;
export const isOurs = (name: string): boolean => name.startsWith('strata ');

/** Files whose name holds a hash of their content: the same in every release that has them. */
export const isHashed = (address: string): boolean => address.startsWith('assets/');

/** A page by any of its spellings: `en/vm370/index.html` is `en/vm370/`. */
export const pageAddress = (address: string): string => address.replace(/(^|\/)index\.html$/, '$1');
