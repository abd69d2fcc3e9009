/** Archives of tar: ustar with the extensions of pax and GNU for long names. POSIX.1-2001, pax; tar(5). */

export interface ArchiveEntry {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'link' | 'hard link' | 'special';
  /** Permission bits; for special files the type as well. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly seconds: number;
  readonly target: string;
  readonly bytes: Uint8Array;
}

const BLOCK = 512;
/** Most entries that an archive may have. */
const MOST_ENTRIES = 200_000;
const decoder = new TextDecoder();
/** What the type flag stands for; devices come as entries of their own kind, for the caller to leave out. */
const KINDS: Readonly<Record<string, ArchiveEntry['kind']>> = {
  ...{ '\0': 'file', '0': 'file', '7': 'file', '1': 'hard link', '2': 'link', '5': 'directory' },
  ...{ '3': 'special', '4': 'special', '6': 'special' },
};

/** Reads an archive; a string says where it is damaged. */
export function readTar(archive: Uint8Array, most = MOST_ENTRIES): ArchiveEntry[] | string {
  const entries: ArchiveEntry[] = [];
  let [at, next] = [0, {} as Record<string, string>];
  while (at + BLOCK <= archive.length) {
    const head = archive.subarray(at, at + BLOCK);
    if (head.every((byte) => byte === 0)) return entries;
    if (!soundSum(head)) return `the header at byte ${at} is damaged: its checksum is wrong`;
    const size = next['size'] === undefined ? numberAt(head, 124, 12) : Number(next['size']);
    if (!Number.isSafeInteger(size) || size < 0) return `the header at byte ${at} gives no length`;
    const from = at + BLOCK;
    if (from + size > archive.length) return `the archive ends within ${text(head, 0, 100)}: it is truncated`;
    const bytes = archive.subarray(from, from + size);
    const type = String.fromCharCode(head[156]!);
    at = from + Math.ceil(size / BLOCK) * BLOCK;
    if (type === 'x') next = { ...next, ...paxRecords(bytes) };
    else if (type === 'L') next = { ...next, path: text(bytes, 0, size) };
    else if (type === 'K') next = { ...next, linkpath: text(bytes, 0, size) };
    else if (type !== 'g') {
      const kind = KINDS[type];
      if (kind && entries.push(entryOf(head, kind, bytes, next)) > most)
        return `the archive has more than ${most} entries: no more are taken`;
      next = {};
    }
  }
  return at === archive.length && entries.length > 0
    ? entries
    : 'the archive is truncated, or no tar archive';
}

function entryOf(
  head: Uint8Array,
  kind: ArchiveEntry['kind'],
  bytes: Uint8Array,
  pax: Record<string, string>,
): ArchiveEntry {
  const prefix = text(head, 257, 5) === 'ustar' ? text(head, 345, 155) : '';
  const name = text(head, 0, 100);
  return {
    path: pax['path'] ?? (prefix === '' ? name : `${prefix}/${name}`),
    kind,
    mode: numberAt(head, 100, 8) & 0o7777,
    uid: Number(pax['uid'] ?? numberAt(head, 108, 8)),
    gid: Number(pax['gid'] ?? numberAt(head, 116, 8)),
    seconds: Math.floor(Number(pax['mtime'] ?? numberAt(head, 136, 12))),
    target: pax['linkpath'] ?? text(head, 157, 100),
    bytes: kind === 'file' ? bytes : new Uint8Array(),
  };
}

function text(bytes: Uint8Array, at: number, length: number): string {
  const field = bytes.subarray(at, at + length);
  const end = field.indexOf(0);
  return decoder.decode(end < 0 ? field : field.subarray(0, end));
}

/** Octal digits, or after a first byte of 80h a number in base 256. */
function numberAt(bytes: Uint8Array, at: number, length: number): number {
  if ((bytes[at]! & 0x80) !== 0)
    return bytes.subarray(at + 1, at + length).reduce((value, byte) => value * 256 + byte, bytes[at]! & 0x7f);
  return parseInt(text(bytes, at, length).trim() || '0', 8) || 0;
}

function soundSum(head: Uint8Array): boolean {
  const sum = head.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
  return sum === numberAt(head, 148, 8);
}

/** Records of the form `LENGTH KEY=VALUE\n`. */
function paxRecords(bytes: Uint8Array): Record<string, string> {
  const records: Record<string, string> = {};
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(32, at);
    const length = space < 0 ? NaN : Number(decoder.decode(bytes.subarray(at, space)));
    if (!Number.isSafeInteger(length) || length <= 0) break;
    const [key = '', ...value] = decoder.decode(bytes.subarray(space + 1, at + length - 1)).split('=');
    records[key] = value.join('=');
    at += length;
  }
  return records;
}
