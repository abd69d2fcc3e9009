/** English: checking hand-ins, and the work kept in this browser. */
import type { Kind } from '../store/kept.ts';

export const check = {
  title: 'Check what was handed in',
  summary: 'Drop the files of a whole class: each is run again, and gets a verdict in words.',
  lead: 'Each file’s work is done again on your computer, and what comes out is compared with what the file says. Nothing is sent anywhere.',
  assignment: 'The assignment, if you want files of another one to be told',
  assignmentWhat: 'Its link',
  assignmentFile: 'Choose its file',
  assignmentIs: (title: string) => `Checked against “${title}”.`,
  assignmentBad: 'That is not an assignment: the link is incomplete or altered, or the file is another one.',
  assignmentTooNew: 'That assignment was made by a later edition of this site.',
  drop: 'Drop files or a zip here',
  choose: 'Choose files',
  chosen: 'Hand-ins, or a zip of them',
  progress: (done: string, all: string) => `${done} of ${all} checked`,
  cancel: 'Stop',
  stopped: 'Stopped. The rest was not checked.',
  finished: (all: string, good: string) => `${all} checked: ${good} in order.`,
  several: (count: string) =>
    `These files belong to ${count} different assignments. Give the assignment above to have the others told.`,
  table: 'Results',
  columns: {
    file: 'File',
    student: 'Student',
    verdict: 'Verdict',
    solved: 'Solved',
    of: 'of',
    why: 'Why',
    notes: 'Notes',
    made: 'Made (by the student’s clock)',
  },
  sort: (column: string) => `Sort by ${column}`,
  csv: 'Save as CSV',
  copy: 'Copy as a table',
  copied: 'Copied.',
  notCopied: 'The browser did not allow it. Save as CSV instead.',
  clear: 'Clear the list',
  failed: (message: string) => `Some files could not be read: ${message}`,
  onlyBad: 'Only what is not in order',
};

const kinds: Record<Kind, string> = {
  source: 'Source in a lab',
  work: 'Exercise',
  seed: 'Choice of a variant',
  assignment: 'Assignment begun',
  draft: 'Assignment being made',
};

export const work = {
  title: 'Your work',
  summary: 'What this browser keeps of your work: take it along, bring it in, delete it.',
  lead: 'Programs, answers and assignments are kept in this browser, on this computer. Nobody else sees them.',
  none: 'Nothing is kept yet.',
  kinds,
  copyOf: 'copy',
  columns: { what: 'What', of: 'Of', saved: 'Saved', size: 'Size' },
  size: (kilobytes: string) => `${kilobytes} kB`,
  saveAll: 'Save everything to a file',
  take: 'Bring in a file',
  taken: (added: string, replaced: string) =>
    `Brought in: ${added} new, ${replaced} that were here already in another version; the older ones became copies.`,
  unreadable: (count: string) => `${count} could not be read and were left out.`,
  notWork: 'That is not a file of work from this site. Nothing was changed.',
  tooNew: 'That file was made by a later edition of this site. Nothing was changed.',
  delete: 'Delete',
  deleteThis: (what: string) => `Delete: ${what}`,
  deleteSure: (what: string) => `Delete “${what}” for good?`,
  deleteAll: 'Delete everything',
  deleteAllSure: 'Delete all work kept in this browser for good? Save it to a file first if you may want it.',
  deleted: 'Deleted.',
};
