/** The platform behind a package's launch page, which is the window around this one. */
import { fromLaunch, sealed, type FromAssignment } from '../package/messages.ts';
import type { Platform } from '../platform/platform.ts';

/** A launch page answers at once; after this long there is none. */
const PATIENCE_MILLISECONDS = 5000;

/**
 * Greets the window around and waits for its welcome; null where none comes. Nothing is told before the welcome, and
 * then to its origin only.
 * @param onRefused hears what the platform did not take
 */
export function framePlatform(
  around: Window,
  onRefused: (message: string) => void,
): Promise<Platform | null> {
  return new Promise((resolve) => {
    let origin: string | null = null;
    const tell = (message: FromAssignment): void => {
      if (origin !== null) around.postMessage(sealed(message), origin);
    };
    const timer = setTimeout(() => resolve(null), PATIENCE_MILLISECONDS);
    addEventListener('message', (event: MessageEvent<unknown>) => {
      const message = event.source === around ? fromLaunch(event.data) : null;
      if (message?.type === 'refused' && event.origin === origin) onRefused(message.message);
      if (message?.type !== 'welcome' || origin !== null) return;
      origin = event.origin;
      clearTimeout(timer);
      resolve({
        learner: message.learner,
        resumed: message.resumed,
        room: message.room,
        report: async (progress, resume) => tell({ type: 'report', progress, resume }),
        end: async () => tell({ type: 'end' }),
      });
    });
    // Whose window it is is not known yet, and the greeting says nothing.
    around.postMessage(sealed({ type: 'hello' }), '*');
  });
}
