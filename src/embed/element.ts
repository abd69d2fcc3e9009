/**
 * `<strata-lab lab="vm370" panel="registers" …>`: a widget in a frame that fits, shows a picture until it is wanted, and
 * speaks in methods and events. One plain script, so that no host needs to send headers. Its options are attributes.
 */
import { fit } from './fit.ts';
import { elementWords } from './i18n/element.ts';
import type { Notice } from './schema/messages.ts';
import { ATTRIBUTES, OPTION_NAMES, REQUEST_TYPES, VERSION, type RequestType } from './schema/names.ts';

const script = document.currentScript as HTMLScriptElement | null;
/** The folder of this script: widgets and pictures stand in it. */
const folder = new URL('.', script?.src || location.href);

type State = Extract<Notice, { type: 'state' }>;
type Fields = Readonly<Record<string, unknown>>;
interface Waiting {
  readonly resolve: (state: State) => void;
  readonly reject: (reason: Error) => void;
}

const LOOK = `:host{display:block;min-width:0}iframe{display:block;width:100%;border:0}
button{position:relative;display:block;width:100%;padding:0;border:0;background:none;color:inherit;font:inherit;text-align:start;cursor:pointer}
img{display:block;width:100%;height:auto}b{display:inline-block;margin-top:.5rem;padding:.6rem 1.25rem;background:#191b1e;color:#fdfdfb;font:600 1rem sans-serif}
button:focus-visible{outline:2px solid #0b57d0;outline-offset:2px}`;
const CAPABILITIES = 'allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads';
/** Pixels before it comes into view at which a widget is fetched. */
const NEAR = '200px';

/** Milliseconds without scrolling after which the page counts as at rest. */
const REST = 150;
let scrolledAt = -Infinity;
addEventListener('scroll', () => (scrolledAt = performance.now()), { capture: true, passive: true });

class StrataLab extends HTMLElement {
  static readonly observedAttributes = [...ATTRIBUTES, ...OPTION_NAMES];

  private readonly root = this.attachShadow({ mode: 'open' });
  private frame: HTMLIFrameElement | null = null;
  private observer: IntersectionObserver | null = null;
  private near = false;
  private readonly waiting = new Map<number, Waiting>();
  private next = 1;
  private answer: (() => void) | null = null;
  private ready: Promise<void> = new Promise((resolve) => (this.answer = resolve));

  constructor() {
    super();
    // Sheets that scripts make are allowed where style elements are not.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(LOOK);
    this.root.adoptedStyleSheets = [sheet];
  }

  connectedCallback(): void {
    const height = this.getAttribute('height');
    if (height !== null) this.style.height = /^\d+$/.test(height) ? `${height}px` : height;
    window.addEventListener('message', this.hear);
    this.showPicture();
  }

  disconnectedCallback(): void {
    window.removeEventListener('message', this.hear);
    this.stop();
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (!this.isConnected || before === after) return;
    if (name === 'title' && this.frame) this.frame.title = after ?? '';
    if (name === 'title' || name === 'height') return;
    const started = this.frame !== null;
    this.stop();
    this.showPicture();
    if (started) this.start();
  }

  private get language(): 'en' | 'ja' {
    const given = this.closest('[lang]')?.getAttribute('lang') ?? '';
    return given.startsWith('ja') ? 'ja' : 'en';
  }

  /** Origin that the widget speaks from. */
  private get peer(): string {
    return this.hasAttribute('sandbox') ? 'null' : folder.origin;
  }

  private get words() {
    return elementWords[this.language];
  }

  /** The widget's address. */
  get src(): string {
    const [lab, panel] = [this.getAttribute('lab') ?? '', this.getAttribute('panel') ?? ''];
    const url = new URL(`${this.language}/${lab}/${panel === '' ? '' : `${panel}/`}`, folder);
    for (const name of OPTION_NAMES) {
      const value = this.getAttribute(name);
      if (value !== null && name !== 'lang') url.searchParams.set(name, value);
    }
    url.hash = this.getAttribute('state') ?? '';
    return url.href;
  }

  private showPicture(): void {
    const image = new Image();
    image.src = new URL(`poster/${this.getAttribute('lab') ?? ''}.${this.language}.svg`, folder).href;
    image.alt = '';
    const button = document.createElement('button');
    const label = document.createElement('b');
    label.textContent = this.words.start;
    button.append(image, label);
    button.onclick = () => this.start();
    this.root.replaceChildren(button);
    if (this.getAttribute('start') === 'click') return;
    this.observer = new IntersectionObserver(
      (entries) => {
        this.near = entries.at(-1)?.isIntersecting === true;
        this.startAtRest();
      },
      { rootMargin: NEAR },
    );
    this.observer.observe(this);
  }

  /** A page that scrolls has no time for a machine to start; whoever scrolls past does not want it. */
  private startAtRest(): void {
    if (!this.near || this.frame || !this.isConnected) return;
    const left = scrolledAt + REST - performance.now();
    if (left <= 0) this.start();
    else setTimeout(() => this.startAtRest(), left);
  }

  /** Fetches the widget, if it is not there. */
  start(): void {
    if (this.frame) return;
    this.observer?.disconnect();
    const frame = document.createElement('iframe');
    frame.title = this.title || this.words.title(this.getAttribute('lab') ?? '');
    frame.allow = 'clipboard-write; fullscreen';
    const sandbox = this.getAttribute('sandbox');
    if (sandbox !== null) frame.setAttribute('sandbox', sandbox || CAPABILITIES);
    frame.style.height = `${this.offsetHeight}px`;
    frame.src = this.src;
    this.frame = frame;
    this.root.replaceChildren(frame);
  }

  private stop(): void {
    this.observer?.disconnect();
    this.frame = null;
    this.ready = new Promise((resolve) => (this.answer = resolve));
    for (const { reject } of this.waiting.values()) reject(new Error(this.words.off));
    this.waiting.clear();
    this.root.replaceChildren();
  }

  private readonly hear = ({ source, origin, data }: MessageEvent<unknown>): void => {
    const frame = this.frame;
    if (!frame || source !== frame.contentWindow || origin !== this.peer || !isNotice(data)) return;
    if (data.type === 'ready') this.answer?.();
    if (data.type === 'resize') fit(this, frame, data.height);
    this.settle(data);
    this.dispatchEvent(new CustomEvent(`strata:${data.type}`, { detail: data, bubbles: true }));
  };

  private settle({ id, ...notice }: Notice & { readonly id: unknown }): void {
    const waiting = typeof id === 'number' ? this.waiting.get(id) : undefined;
    if (!waiting) return;
    this.waiting.delete(id as number);
    if (notice.type === 'state') waiting.resolve(notice);
    else waiting.reject(new Error(notice.type === 'error' ? notice.message : notice.type));
  }

  /** Asks the widget, which is started for it; rejects with the widget's words when it cannot be done. */
  async ask(type: RequestType, fields: Fields = {}): Promise<State> {
    this.start();
    await this.ready;
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      // An opaque origin has no name to address it by; the window is the right one in any case.
      const target = this.peer === 'null' ? '*' : this.peer;
      this.frame?.contentWindow?.postMessage({ source: 'strata', v: VERSION, id, type, ...fields }, target);
    });
  }
}

// One method for each request, named like it and taking its fields.
for (const type of REQUEST_TYPES)
  Object.defineProperty(StrataLab.prototype, type, {
    value(this: StrataLab, fields: Fields = {}) {
      return this.ask(type, fields);
    },
  });

function isNotice(data: unknown): data is Notice & { readonly id: unknown } {
  const { source, v } = (data ?? {}) as { readonly source?: unknown; readonly v?: unknown };
  return source === 'strata' && v === VERSION;
}

if (!customElements.get('strata-lab')) customElements.define('strata-lab', StrataLab);

// `<script src=".../strata-lab.js" data-lab="vm370">` alone is enough: the widget stands where the script does.
if (script?.dataset['lab'] !== undefined) {
  const element = document.createElement('strata-lab');
  for (const { name, value } of script.attributes)
    if (name.startsWith('data-')) element.setAttribute(name.slice('data-'.length), value);
  script.after(element);
}
