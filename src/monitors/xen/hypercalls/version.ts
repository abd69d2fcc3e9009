/** xen_version and console_io. Interface: version.h. */
import { readBytes, readWords, writeBytes, writeWords } from '../guest-memory.ts';
import { EFAULT, EINVAL, ENOSYS, FEATURES, HYPERVISOR_START } from '../interface.ts';
import { PAGE } from '../layout.ts';
import type { Hypercall } from './table.ts';

const MAJOR_MINOR = (3 << 16) | 1;

const padded = (text: string, length: number): number[] => {
  const bytes = new Array<number>(length).fill(0);
  Array.from(text.slice(0, length - 1)).forEach((c, k) => {
    bytes[k] = c.charCodeAt(0);
  });
  return bytes;
};

/** Texts by command: contents, and how long the field is. */
const TEXTS: Readonly<Record<number, readonly number[]>> = {
  1: padded('.0-strata', 16),
  2: [...padded('TypeScript', 64), ...padded('strata', 16), ...padded('strata', 32), ...padded('', 32)],
  3: padded('xen-3.0-x86_32', 1024),
  4: padded('none', 64),
  8: new Array<number>(16).fill(0),
};

const xenVersion: Hypercall = ({ system }, _domain, [command = 0, at = 0]) => {
  if (command === 0) return MAJOR_MINOR;
  if (command === 5) return writeWords(system, at, [HYPERVISOR_START]) ? 0 : EFAULT;
  if (command === 6) {
    const index = readWords(system, at, 1);
    if (!index) return EFAULT;
    if (index[0] !== 0) return EINVAL;
    return writeWords(system, (at + 4) | 0, [FEATURES]) ? 0 : EFAULT;
  }
  if (command === 7) return PAGE;
  const text = TEXTS[command];
  if (!text) return ENOSYS;
  return writeBytes(system, at, text) ? 0 : EFAULT;
};

const WRITE = 0;
const READ = 1;
const MOST = 4096;

/** Xen's own console: words of kernels that have no console of their own yet. */
const consoleIo: Hypercall = (xen, domain, [command = 0, count = 0, at = 0]) => {
  if (count < 0) return EINVAL;
  if (command === READ) return 0;
  if (command !== WRITE) return ENOSYS;
  const bytes = readBytes(xen.system, at, Math.min(count, MOST));
  if (!bytes) return EFAULT;
  xen.console.write(
    domain,
    [...bytes].flatMap((byte) => (byte === 10 ? [13, 10] : [byte])),
    xen.several,
  );
  return bytes.length;
};

export const VERSION_CALLS: Readonly<Record<string, Hypercall>> = {
  xen_version: xenVersion,
  console_io: consoleIo,
};
