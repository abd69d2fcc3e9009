/** A short digest that tells accidents (a cut link, another assignment) apart; it is no proof against intent. */

/** Fourteen characters: FNV-1a over the code units, forwards and backwards. */
export function checksum(text: string): string {
  let [forward, backward] = [0x811c9dc5, 0x811c9dc5];
  for (let i = 0; i < text.length; i++) {
    forward = Math.imul(forward ^ text.charCodeAt(i), 0x01000193);
    backward = Math.imul(backward ^ text.charCodeAt(text.length - 1 - i), 0x01000193);
  }
  return [forward, backward].map((word) => (word >>> 0).toString(36).padStart(7, '0')).join('');
}
