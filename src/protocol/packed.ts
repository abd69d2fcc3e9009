/** Data as text for addresses and platforms that carry little of it: JSON, deflated, in base64url. */
import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';
import { fromBase64url, toBase64url } from '../base/base64url.ts';

/** Longest address that browsers, mail and chat programs carry without harm. */
export const LONGEST_ADDRESS = 16_000;

/** Bytes that unpacked text may have: whatever is larger is damaged, or meant to fill the memory. */
const MOST_BYTES = 4_000_000;
/** Deflate makes at most this many bytes of one. */
const MOST_GROWTH = 1040;

export const packText = (value: unknown): string =>
  toBase64url(deflateSync(strToU8(JSON.stringify(value)), { level: 9 }));

/** What `packText` was given. Throws where the text is damaged or unpacks to more than four megabytes. */
export function unpackText(text: string): unknown {
  const bytes = fromBase64url(text);
  if (!bytes) throw new Error('not base64url');
  const out = new Uint8Array(Math.min(MOST_BYTES, MOST_GROWTH * bytes.length));
  return JSON.parse(strFromU8(inflateSync(bytes, { out }))) as unknown;
}
