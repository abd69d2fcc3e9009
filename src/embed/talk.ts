/**
 * The widget's end of the conversation with the page around it. Only the window that frames the widget is listened to,
 * and only in one origin; what it asks is done in order, `pause` at once because it ends what is under way.
 */
import { hear, type MessageId, type Notice, type Request } from './schema/messages.ts';
import { VERSION } from './schema/names.ts';

/** What the widget is to those who talk to it. */
export interface Widget {
  /** Does what is asked and says how things stand, or throws a `Refusal`. */
  obey(request: Request): Promise<Notice>;
}

/** A request that cannot be met, and why. */
export class Refusal extends Error {
  readonly code: Extract<Notice, { type: 'error' }>['code'];
  constructor(code: Refusal['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** The window around, as far as the conversation needs it. */
export interface Around {
  /** Null when the widget is not framed. */
  readonly parent: { postMessage(message: unknown, targetOrigin: string): void } | null;
  /** Origin of the page around, where the browser tells it. */
  readonly origin: string | null;
  listen(
    heard: (event: { readonly source: unknown; readonly origin: string; readonly data: unknown }) => void,
  ): void;
}

/** Documents from a disk have no origin, though some browsers call it by its scheme. */
const nameOf = (origin: string): string => (origin === 'file://' ? 'null' : origin);

export class Talk {
  private readonly around: Around;
  private readonly widget: Widget;
  /** Origin that we listen to; learnt from the first message where the browser does not tell. */
  private peer: string | null;
  private queue: Promise<void> = Promise.resolve();

  constructor(around: Around, widget: Widget) {
    this.around = around;
    this.widget = widget;
    this.peer = around.origin === null ? null : nameOf(around.origin);
    if (around.parent) around.listen((event) => this.hear(event));
  }

  tell(notice: Notice, id: MessageId = null): void {
    // An opaque origin has no name to address it by.
    const target = this.peer === null || this.peer === 'null' ? '*' : this.peer;
    this.around.parent?.postMessage({ source: 'strata', v: VERSION, id, ...notice }, target);
  }

  complain(code: Refusal['code'], message: string, id: MessageId = null): void {
    this.tell({ type: 'error', code, message, versions: [VERSION] }, id);
  }

  private hear({ source, origin, data }: Parameters<Parameters<Around['listen']>[0]>[0]): void {
    if (source !== this.around.parent || (this.peer !== null && nameOf(origin) !== this.peer)) return;
    const heard = hear(data);
    if (heard.kind === 'foreign') return;
    this.peer = nameOf(origin);
    if (heard.kind === 'refused') {
      this.complain(heard.code, heard.message, heard.id);
      return;
    }
    const answer = () => this.answer(heard.request, heard.id);
    if (heard.request.type === 'pause') void answer();
    else this.queue = this.queue.then(answer);
  }

  private async answer(request: Request, id: MessageId): Promise<void> {
    try {
      this.tell(await this.widget.obey(request), id);
    } catch (error) {
      if (error instanceof Refusal) this.complain(error.code, error.message, id);
      else this.complain('engine', error instanceof Error ? error.message : String(error), id);
    }
  }
}

/** The window around this page. */
export function browserAround(): Around {
  const ancestors = (location as { readonly ancestorOrigins?: DOMStringList }).ancestorOrigins;
  const referrer = document.referrer === '' ? null : new URL(document.referrer).origin;
  return {
    parent: parent === window ? null : parent,
    origin: ancestors?.[0] ?? referrer,
    listen: (heard) => window.addEventListener('message', heard),
  };
}
