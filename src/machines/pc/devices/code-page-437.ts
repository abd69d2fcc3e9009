/** Characters of the PC's display adapters: code page 437. */

const LOW = ' ☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼';
const HIGH =
  '⌂ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ ';

const CHARACTERS: readonly string[] = Array.from({ length: 256 }, (_, code) => {
  if (code < 0x20) return LOW[code]!;
  return code < 0x7f ? String.fromCharCode(code) : HIGH[code - 0x7f]!;
});

export const characterOf = (code: number): string => CHARACTERS[code & 0xff]!;
