/** English words of widgets, and of the page that makes them. */

export const en = {
  open: 'Open in the full lab',
  start: 'Start the lab',
  poster: (title: string) => `Default run of the lab “${title}”, layer by layer`,
  noscript: 'The lab needs JavaScript. The picture shows its default run.',
  failed: 'The lab could not be loaded. Reload to try again.',
  notices: 'The address of this widget is not quite right:',
  dismiss: 'Dismiss',
  problems: {
    unknown: (name: string, meant: string | null) =>
      `There is no option “${name}”; it has no effect.${meant === null ? '' : ` Did you mean “${meant}”?`}`,
    value: (name: string, value: string, takes: string) =>
      `The option “${name}” cannot be “${value}”. It takes ${takes}.`,
    twice: (name: string) => `The option “${name}” stands there twice; the first one counts.`,
    contradiction: (loser: string, winner: string) =>
      `The options “${loser}” and “${winner}” contradict each other; “${winner}” counts.`,
    choice: (name: string, value: string, known: string) =>
      `This lab does not know the ${name} “${value}”. It knows ${known}.`,
  },
  takes: {
    flag: '1 or 0',
    name: 'a name of the lab’s own',
    whole: (least: string, most: string) => `a whole number from ${least} to ${most}`,
    or: (one: string, other: string) => `${one}, or “${other}”`,
    list: (names: string) => `one or more of these, with commas between: ${names}`,
    one: (names: string) => `one of these: ${names}`,
  },
};
