/**
 * The script of a SCORM package's launch page. It runs on the learning platform's own origin: finds the platform's
 * object, shows the assignment's page in a frame, and hands reports through. It is bundled alone and put into packages.
 */
import { findApi, scorm12, scorm2004, type Api12, type Api2004 } from '../platform/scorm.ts';
import type { Platform } from '../platform/platform.ts';
import { fromAssignment, sealed, type FromLaunch } from './messages.ts';

/** For work that no platform keeps: the page may say all, nobody listens. */
const NO_ROOM = 0;

function findPlatform(): Platform | null {
  const now = (): number => performance.now();
  const newer = findApi('API_1484_11', window) as Api2004 | null;
  if (newer) return scorm2004(newer, now);
  const older = findApi('API', window) as Api12 | null;
  return older ? scorm12(older, now) : null;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function launch(frame: HTMLIFrameElement, notice: HTMLElement): void {
  const { origin } = new URL(frame.dataset['src'] ?? '');
  const tell = (message: FromLaunch): void => frame.contentWindow?.postMessage(sealed(message), origin);
  const complain = (words: string): void => {
    notice.textContent = words;
    notice.hidden = false;
  };
  let platform: Platform | null = null;
  try {
    platform = findPlatform();
    if (!platform) complain(notice.dataset['alone'] ?? '');
  } catch (error) {
    complain(messageOf(error));
  }

  addEventListener('message', ({ data, source, origin: from }) => {
    if (source !== frame.contentWindow || from !== origin) return;
    const message = fromAssignment(data);
    if (message?.type === 'hello') {
      const { learner = '', resumed = '', room = NO_ROOM } = platform ?? {};
      tell({ type: 'welcome', learner, resumed, room });
    } else if (message?.type === 'report') {
      platform
        ?.report(message.progress, message.resume)
        .catch((error: unknown) => tell({ type: 'refused', message: messageOf(error) }));
    } else if (message?.type === 'end') end();
  });

  const end = (): void => {
    platform?.end().catch((error: unknown) => complain(messageOf(error)));
  };
  addEventListener('pagehide', end);
  frame.src = frame.dataset['src'] ?? '';
}

const frame = document.querySelector<HTMLIFrameElement>('iframe[data-src]');
const notice = document.querySelector<HTMLElement>('[role=alert]');
if (frame && notice) launch(frame, notice);
