// A lab in one file: it opens from a disk or a file share, without a network, and can be handed on by mail.
import { bootTheme, widgetDocument } from '../../embed/document.ts';
import { sizeOf } from '../../embed/poster.ts';
import type * as Server from '../../site/server.ts';
import { siteAddress } from '../address.ts';

type Page = ReturnType<typeof Server.widgetPages>[number];

interface Contents extends Pick<Page, 'locale' | 'description' | 'facts'> {
  readonly script: string;
  readonly styles: string;
  /** The script that brings the engine's source. */
  readonly engine: string;
  /** Text of the picture. */
  readonly poster: string;
}

const policy = [
  "default-src 'none'",
  "script-src 'unsafe-inline' 'wasm-unsafe-eval'",
  'worker-src blob:',
  "style-src 'unsafe-inline'",
  'img-src data: blob:',
  'font-src data:',
  "base-uri 'none'",
].join('; ');

/** Neither the end of a script nor a comment may stand in a script element; in code both stand in texts only. */
const inScript = (code: string): string => code.replaceAll(/<(?=\/script|!--)/gi, '\\x3c');

/** The full lab stands where the site does, if the build knows that. */
function fullLab({ full }: Page['facts']): Page['facts']['full'] {
  const base = siteAddress();
  return base === '' || !full ? null : { en: base + full.en, ja: base + full.ja };
}

/**
 * Options and state may be put into `#strata-given` as `{"query": "?theme=dark", "fragment": "#s=…"}`; empty, those of
 * the address count.
 */
export function singleDocument({
  locale,
  description,
  facts,
  script,
  styles,
  engine,
  poster,
}: Contents): string {
  return widgetDocument({
    ...{ locale, description },
    facts: { ...facts, full: fullLab(facts), engine: null },
    poster: { src: `data:image/svg+xml,${encodeURIComponent(poster)}`, ...sizeOf(poster) },
    head: [
      `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
      `<script>${bootTheme}</script>`,
      `<style>${styles}</style>`,
    ].join('\n'),
    tail: [
      '<script type="application/json" id="strata-given"></script>',
      `<script>${inScript(engine)}</script>`,
      `<script>${inScript(script)}</script>`,
    ].join('\n'),
  });
}
