// The content security policy of a page, as a meta element: no server has to send a header.
import { createHash } from 'node:crypto';

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

interface Needs {
  /** Texts of the scripts that stand in the page itself. */
  readonly scripts: readonly string[];
  /** Texts of the style elements that stand in the page itself. */
  readonly styles?: readonly string[];
  /** Scripts make style elements (editor, terminal). */
  readonly makesStyles?: boolean;
  /** The page may make requests to a learning platform, on whatever host. */
  readonly speaksToPlatforms?: boolean;
  /** The page must also live in a frame without an origin: workers start from text, under this policy, and fonts too. */
  readonly sealed?: boolean;
}

/**
 * Everything comes from the site itself. WebAssembly needs no word here: engines compile it in workers, which a page's
 * own policy does not reach. Style attributes carry positions and hues of drawings.
 */
export const policyOf = ({
  scripts,
  styles = [],
  makesStyles = false,
  speaksToPlatforms = false,
  sealed = false,
}: Needs): string =>
  [
    "default-src 'self'",
    ["script-src 'self'", ...(sealed ? ["'wasm-unsafe-eval'"] : []), ...scripts.map(hashOf)].join(' '),
    ...(sealed ? ["worker-src 'self' blob:", "font-src 'self' data:"] : []),
    ["style-src-elem 'self'", ...(makesStyles ? ["'unsafe-inline'"] : styles.map(hashOf))].join(' '),
    "style-src-attr 'unsafe-inline'",
    ...(speaksToPlatforms ? ["connect-src 'self' https: http:"] : []),
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'self'",
    "object-src 'none'",
  ].join('; ');

export const policyMeta = (needs: Needs): string =>
  `<meta http-equiv="Content-Security-Policy" content="${policyOf(needs)}">`;
