/** How the page was opened: by a link, inside a package's launch page, or by a cmi5 platform. */
import { readAssignmentText, readFragment, type AssignmentRead } from '../format/link.ts';
import type { Platform } from '../platform/platform.ts';

export interface Launched {
  readonly read: AssignmentRead;
  readonly platform: Platform | null;
  /** Where to go when the work is handed in, or ''. */
  readonly returnAddress: string;
  /** Why the platform is not spoken to, in its words, or ''. */
  readonly trouble: string;
}

const alone = (read: AssignmentRead, trouble = ''): Launched => ({
  read,
  platform: null,
  returnAddress: '',
  trouble,
});

/** @param onRefused hears what a platform did not take, later on */
export async function launched(
  { search, hash }: Pick<Location, 'search' | 'hash'>,
  onRefused: (message: string) => void,
): Promise<Launched> {
  const read = readFragment(hash);
  if (new URLSearchParams(search).get('platform') === 'frame' && parent !== window) {
    const { framePlatform } = await import('./frame.ts');
    return { ...alone(read), platform: await framePlatform(parent, onRefused) };
  }
  const { launchOf, startCmi5 } = await import('../platform/cmi5.ts');
  const launch = launchOf(search);
  if (!launch) return alone(read);
  try {
    const session = await startCmi5(launch, {
      fetch: (...given) => fetch(...given),
      now: () => Date.now(),
      uuid,
    });
    const { launchParameters, returnAddress } = session;
    return { ...alone(readAssignmentText(launchParameters)), platform: session, returnAddress };
  } catch (error) {
    return alone(read, error instanceof Error ? error.message : String(error));
  }
}

/** Random, version 4 (RFC 9562). The browser's own is missing on pages without TLS. */
function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
