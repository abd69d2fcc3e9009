/**
 * `node src/build/launch.mjs tests/classroom/make-class.ts FOLDER LINK STUDENT`: what 39 classmates of a student hand in,
 * 33 of them honestly, and in `solutions.json` what the student has to do.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Assignment } from '../../src/classroom/format/assignment.ts';
import { handInText, type HandIn, type Work } from '../../src/classroom/format/hand-in.ts';
import { readAssignmentText } from '../../src/classroom/format/link.ts';
import { handInOf } from './hand-ins.ts';

const HONEST = 33;

const altered = (handIn: HandIn, change: (work: Work) => Partial<Work>): HandIn => ({
  ...handIn,
  work: handIn.work.map((work) => ({ ...work, ...change(work) })),
});

/** Six ways to be bad, by the verdict that each deserves. */
async function bad(assignment: Assignment, owner: HandIn): Promise<Readonly<Record<string, string>>> {
  const nothing = await handInOf(assignment, 'Forger', (attempt) => ({ ...attempt, answers: {}, files: {} }));
  const good = async (student: string) => handInOf(assignment, student);
  const forged = altered(nothing, ({ claimed }) => ({ claimed: claimed && { ...claimed, passed: true } }));
  const edited = altered(await good('Editor'), ({ attempt }) => ({ attempt: { ...attempt, files: {} } }));
  const old = { ...(await good('Late')), engine: { version: '0.0.1', fingerprint: '0123456789abcdef' } };
  const cut = handInText(await good('Cut'));
  return {
    'forged result': handInText(forged),
    'edited log': handInText(edited),
    'another student’s file': handInText({ ...owner, student: 'Thief' }),
    'wrong version': handInText(old),
    truncated: cut.slice(0, Math.floor(cut.length / 2)),
    'not a hand-in': `{"format":"strata-hand-in","version":1,"student":"<img src=x onerror=alert(1)>","work":[{"exercise":"../../x"}]}`,
  };
}

export async function main([folder = '', link = '', student = '']: readonly string[]): Promise<number> {
  const read = readAssignmentText(link);
  if (read.kind !== 'ok') return 2;
  const { assignment } = read;
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const honest: HandIn[] = [];
  for (let i = 1; i <= HONEST; i++) honest.push(await handInOf(assignment, `Classmate ${i}`));
  for (const each of honest) write(`${each.student}.strata.json`, handInText(each));
  for (const [verdict, text] of Object.entries(await bad(assignment, honest[0]!)))
    write(`${verdict}.strata.json`, text);
  const own = await handInOf(assignment, student);
  write(
    'solutions.json',
    JSON.stringify(Object.fromEntries(own.work.map((each) => [each.exercise, each.attempt]))),
  );
  return 0;
}
