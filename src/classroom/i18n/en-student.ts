/** English: doing an assignment, and handing it in. */
import type { Standing } from '../student/work.svelte.ts';
import type { Kept } from '../platform/resume.ts';

const standings: Record<Standing, string> = {
  solved: 'solved',
  checked: 'not solved yet',
  begun: 'begun',
  untouched: 'not begun',
};

const carried: Record<Kept, string> = {
  all: 'Your learning platform keeps your work too.',
  answers:
    'Your learning platform keeps your answers, but has no room for your programs. Those are in this browser only: save a copy.',
  progress:
    'Your learning platform keeps how far you are, but has no room for the work itself. That is in this browser only: save a copy.',
  nothing: 'Your learning platform has no room for your work. It is in this browser only: save a copy.',
};

export const student = {
  title: 'Assignment',
  summary: 'Work on an assignment that a teacher made, and hand in a file.',
  loading: 'Opening the assignment …',
  noscript: 'The assignment needs JavaScript.',
  unread: {
    none: 'This page needs the link of an assignment, as your teacher gave it. It holds the assignment itself.',
    damaged:
      'This link is incomplete or was altered. Mail programs cut long links: copy it again, all of it, or ask your teacher for the file.',
    tooNew:
      'This assignment was made with a later edition of the site. Reload the page; if that does not help, tell your teacher.',
    invalid: (where: string) => `This link holds no assignment (${where}). Ask your teacher for another one.`,
  },
  platformTrouble: (message: string) =>
    `The learning platform could not be reached (${message}). You can work and hand in a file; nothing is reported.`,
  refusal: (message: string) => `The learning platform did not take the latest report: ${message}`,
  otherLanguage: (language: string) => `This assignment is set in ${language}.`,
  deadline: 'Deadline',
  name: {
    label: 'Your name, as your teacher has it',
    why: 'With the course key it decides which numbers you get. Write it the same way each time.',
    whyPlain: 'It stands in the file that you hand in.',
    begin: 'Begin',
    needed: 'A name is needed.',
    you: (name: string) => `Working as ${name}.`,
    change: 'Change the name',
  },
  keeping: {
    saved: 'Everything is kept in this browser.',
    saving: 'Keeping …',
    promised: 'This browser promises not to clear it.',
    unpromised:
      'This browser does not promise to keep it: private windows never do, others may make room. Hand in, or save a copy, before you leave a borrowed computer.',
    copy: 'Save a copy of all work',
    yours: 'Your work',
  },
  carried,
  parts: 'Parts of the assignment',
  read: (title: string) => `Read: ${title}`,
  readOn: 'Open the chapter',
  standings,
  exercise: (number: string, title: string) => `${number}. ${title}`,
  missing: 'This edition of the site does not have this exercise. Tell your teacher.',
  previous: 'Back',
  next: 'Next',
  progress: (solved: string, all: string) => `${solved} of ${all} solved`,
  handIn: {
    title: 'Hand in',
    lead: 'All exercises are checked once more, then you get a file for your teacher.',
    unsolved: 'You may hand in with exercises unsolved, and hand in again later.',
    prepare: 'Check and make the file',
    checking: (done: string, all: string) => `Checking ${done} of ${all} …`,
    cancel: 'Cancel',
    ready: (solved: string, all: string) => `The file is ready: ${solved} of ${all} solved.`,
    download: 'Save the file',
    send: 'Give this file to your teacher, in the way that your course has for files.',
    preview: 'See what is in it',
    failed: (message: string) => `The file could not be made: ${message}`,
    leave: 'Back to the learning platform',
  },
};
