/** English: keeping work in this browser. */
export const saving = {
  notice: 'Your work',
  trouble: {
    'no-storage':
      'This browser keeps nothing for this page: a private window, or storage is switched off. What you do here is lost when the page closes, unless you save a copy.',
    full: 'There is no room left for your work on this device. Your latest changes are on this page only. Save a copy, or make room and try again.',
    refused: (message: string) =>
      `The browser did not keep your latest changes (${message}). They are on this page only: save a copy, or try again.`,
    scarce: (megabytes: string) =>
      `Only ${megabytes} MB are left for your work on this device. Save a copy now, or make room.`,
    conflict:
      'You changed the same work here and in another tab. Choose one; the other is kept as a copy under “Your work”.',
    stale: 'This work was changed in another tab. Show it as it is there before you go on.',
  },
  saveCopy: 'Save a copy',
  retry: 'Try again',
  keepMine: 'Keep this tab’s',
  takeTheirs: 'Take the other tab’s',
  show: 'Show it',
  dismiss: 'Close',
};
