/** ROM images as source text. */
import { parseHexBytes } from '../../../base/bits.ts';

export interface RomImage {
  readonly length: number;
  /** What is not zero. */
  readonly parts: readonly { readonly at: number; readonly hex: readonly string[] }[];
}

export function romBytes({ length, parts }: RomImage): Uint8Array {
  const bytes = new Uint8Array(length);
  for (const { at, hex } of parts) bytes.set(parseHexBytes(hex.join(''))!, at);
  return bytes;
}
