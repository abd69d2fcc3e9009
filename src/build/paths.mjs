// Where the project stands on disk, and the import aliases that every tool must agree on.
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Absolute path of something named from the project's top. @param {string} path */
export const at = (path) => root + path;

export const alias = { $src: at('src'), $labs: at('labs') };

/** Everything that may be thrown away: bundles, test results, browsers' profiles. */
export const cache = at('node_modules/.cache/strata');
