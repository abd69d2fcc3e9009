/**
 * Seeds of exercises. A student's seed follows from the course's key and the student's name alone, so that a teacher
 * can derive it again:
 *
 *   1. Join key, name and exercise (`LAB/FOLDER`) by U+0000. Key and name first lose white space at both ends, runs of
 *      white space become one space; then Unicode NFKC and lower case, so that it does not matter how it was typed.
 *   2. FNV-1a, 32 bits, over the bytes of UTF-8.
 *   3. The first word of the project's seeded generator (src/base/random.ts), without its upper bit: 0 … 2³¹ − 1.
 */
import { seededRandom } from '../base/random.ts';

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

const asTyped = (text: string): string => text.trim().replace(/\s+/g, ' ').normalize('NFKC').toLowerCase();

/** The seed of a student for one exercise of a course. */
export function studentSeed(courseKey: string, student: string, exercise: string): number {
  const text = [asTyped(courseKey), asTyped(student), exercise].join('\0');
  const hash = new TextEncoder()
    .encode(text)
    .reduce((state, byte) => Math.imul(state ^ byte, FNV_PRIME), FNV_OFFSET);
  return seededRandom(hash).word() >>> 1;
}
