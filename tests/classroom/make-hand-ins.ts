/**
 * `node src/build/launch.mjs tests/classroom/make-hand-ins.ts CHAPTER FOLDER FROM TO`: honest hand-ins of a chapter, of
 * the students numbered FROM … TO − 1.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { handInText } from '../../src/classroom/format/hand-in.ts';
import { assignmentOf, handInOf } from './hand-ins.ts';

export async function main([chapter = '', folder = '', from, to]: readonly string[]): Promise<number> {
  const assignment = assignmentOf(chapter);
  for (let i = Number(from); i < Number(to); i++) {
    const handIn = await handInOf(assignment, `Student ${i}`);
    writeFileSync(join(folder, `${String(i).padStart(5, '0')}.strata.json`), handInText(handIn));
  }
  return 0;
}
