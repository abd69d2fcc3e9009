/** English: making an assignment. */
import type { Lack } from '../compose/draft.ts';
import type { PackageKind } from '../package/package.ts';

const lacks: Record<Lack, string> = {
  title: 'a title',
  exercises: 'at least one exercise',
  courseKey: 'a course key',
  tooLong: 'fewer words: the assignment is too long for a link. Hand it out as a file or a package.',
};

const packages: Record<PackageKind, string> = {
  zip: 'Zip with a page that links to it',
  'scorm-1.2': 'SCORM 1.2 package',
  'scorm-2004-3': 'SCORM 2004 package, 3rd edition',
  'scorm-2004-4': 'SCORM 2004 package, 4th edition',
  cmi5: 'cmi5 course structure',
};

export const compose = {
  title: 'Make an assignment',
  summary:
    'Choose chapters and exercises, get a link, a snippet or a package for your learning platform. No account, no server.',
  lead: 'Choose what to do, hand out the link, collect files, check them all at once. Nothing here is sent anywhere: the assignment is in the link itself.',
  alsoCheck: 'Check what students handed in',
  alsoWork: 'Work kept in this browser',
  open: 'Go on with an assignment you made',
  openWhat: 'Its link',
  openFile: 'Choose its file',
  openDo: 'Open',
  openFailed: 'That is not an assignment: the link is incomplete or altered, or the file is another one.',
  openTooNew: 'That assignment was made by a later edition of this site.',
  clear: 'Begin anew',
  clearSure: 'Remove everything in this form?',
  what: {
    title: 'What it says',
    name: 'Title',
    instructions: 'Instructions',
    deadline: 'Deadline, in your words',
    deadlineNote: 'It is shown to students. A page without a server cannot enforce it.',
    language: 'Language',
    anyLanguage: 'As each student likes',
  },
  tasks: {
    title: 'What to do',
    lead: 'Tick exercises to hand in, and chapters to read.',
    read: 'Read this chapter, with its lab on the page',
    none: 'No exercises in this chapter yet.',
    order: 'In this order',
    up: (title: string) => `Move “${title}” up`,
    down: (title: string) => `Move “${title}” down`,
  },
  seeds: {
    title: 'Who gets which variant',
    student: 'Each student another one, from course key and name',
    fixed: 'All the same one',
    free: 'As each student chooses',
    key: 'Course key',
    keyNote:
      'Any words. With a student’s name it gives the student’s numbers, and checking derives them again. It is in the link: a label, not a secret.',
    freshKey: 'Make one',
    seed: 'Number of the variant',
  },
  lab: {
    title: 'What the labs show',
    allPanels: 'All panels',
    somePanels: 'Only these panels',
    hidden: 'Left out',
    locked: 'Shown, but locked',
    start: (chapter: string) => `State in which “${chapter}” opens`,
    startNote: 'Bring the lab into that state, press “Share link”, paste the address here.',
    startRead: 'The state is in the assignment.',
    startBad: 'This address holds no state of a lab.',
  },
  parts: {
    strata: 'Strata diagram',
    status: 'Status line',
    workload: 'Choice of workload',
    technique: 'Choice of technique',
    speed: 'Speed',
    settings: 'Settings: costs and breakpoints',
    share: 'Share link',
    'full-screen': 'Full screen',
    help: 'Help',
    source: 'Source of the guest',
    terminal: 'Terminal',
  },
  result: {
    title: 'Hand it out',
    lacking: 'Still needed:',
    lacks,
    link: 'Link',
    length: (characters: string) => `${characters} characters`,
    copy: 'Copy',
    copied: 'Copied.',
    notCopied: 'The browser did not allow it: select the text and copy it by hand.',
    preview: 'See it as a student does',
    snippet: 'HTML for your own page',
    file: 'Assignment file, for checking',
    packagesTitle: 'Packages',
    packages,
    packagesNote:
      'SCORM packages frame this site’s page, so students need this site online. Progress and score are reported to the platform; work is saved by the platform as far as it has room (SCORM 1.2: 4096 characters), and in the browser.',
    cmi5Note:
      'cmi5 platforms open this site’s page themselves. Only when they do, requests leave the page: to the platform, and nowhere else.',
    failed: (reason: string) => `The package could not be made: ${reason}`,
  },
  limits: {
    title: 'What a page without a server cannot promise',
    items: [
      'Locked and hidden parts are conveniences. Whoever knows browsers can undo them.',
      'Nothing here is secret. Course key, exercises and checks are in the page that the student has.',
      'There are no focus logs, no cameras, no clocks: the time in a hand-in is the student’s computer’s.',
      'A student’s name is what the student typed. Compare it with your list.',
      'What is certain: a hand-in counts only if doing the same work again, on your computer, gives the same result for that student’s own variant.',
    ],
  },
};
