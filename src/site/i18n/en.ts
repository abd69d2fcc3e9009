// English texts of the site's own pages.
import type { EraId, Place } from '../eras.ts';

interface EraText {
  readonly title: string;
  readonly idea: string;
}

const eras: Record<EraId, EraText> = {
  compatible: {
    title: 'Compatible machines',
    idea: 'Each new model ended the life of its programs, until one machine was built to run another’s.',
  },
  microcode: {
    title: 'Microcode',
    idea: 'A control store interprets the older machine’s instructions, one instruction set across a whole range.',
  },
  timesharing: {
    title: 'Time-sharing',
    idea: 'One costly computer, many users, kept apart inside a single operating system.',
  },
  'trap-and-emulate': {
    title: 'Trap and emulate',
    idea: 'The first hypervisors give every user a whole machine, on a machine whose privileged instructions trap.',
  },
  'x86-servers': {
    title: 'Cheap servers',
    idea: 'The PC displaces the mainframe, and nobody had planned it to hold several operating systems.',
  },
  translation: {
    title: 'Binary translation',
    idea: 'Where instructions refuse to trap, rewrite the guest’s code while it runs.',
  },
  paravirtualization: {
    title: 'Paravirtualization',
    idea: 'Change the guest instead: it calls the hypervisor for what it may not do.',
  },
  'full-virtualization': {
    title: 'Full virtualization',
    idea: 'Closed systems cannot be changed, so the layer below must pretend completely.',
  },
  'hardware-assist': {
    title: 'Hardware assistance',
    idea: 'The processor learns to hold guests: exits instead of rewritten code, nested page tables.',
  },
  cloud: {
    title: 'Cloud',
    idea: 'Machines by the hour. Moving and managing them becomes the hard part.',
  },
  orchestration: {
    title: 'Orchestration',
    idea: 'Thousands of hosts, networks and disks operated as one system.',
  },
  containers: {
    title: 'Containers',
    idea: 'Share the kernel, virtualize only what a service sees of it.',
  },
};

const places: Record<Place, string> = {
  hardware: 'in the hardware',
  monitor: 'in a monitor',
  hostos: 'in the operating system',
  many: 'across many hosts',
};

export const en = {
  name: 'Strata',
  language: 'English',
  home: 'Strata, home',
  skip: 'Skip to the text',
  site: 'Site',
  otherLanguages: 'Language',
  theme: { label: 'Theme', auto: 'Auto', light: 'Light', dark: 'Dark' },
  hero: {
    title: 'How one computer came to be many',
    purpose:
      'A lab on the history of virtualization. Every chapter runs the technique of its day on a simulated machine of its day, and you can stop it, open it and take it apart.',
    layers: 'Five layers, in these colours in every chapter.',
    run: (workload: string, technique: string) =>
      `One run, cycle by cycle. ${workload}; ${technique}. The filled bars show which layer executes, and every step up or down is a transfer of control.`,
    open: (chapter: string) => `Open this lab: ${chapter}`,
    race: {
      title: 'The same program under every technique',
      what: (workload: string) =>
        `${workload}. Recorded when this site was built: from left to right the busy cycles of the program on one simulated machine, from bottom to top which layer executed. A run that did not end with the right result has no ratio.`,
      ended: (name: string, cycles: string, ratio: string) => `${name}: ${cycles} cycles, ${ratio}`,
      failed: (name: string) => `${name}: did not get there`,
      lost: 'did not get there',
      run: 'Run it here',
      open: 'To the race',
    },
  },
  layers: {
    'guest-user': 'Guest program',
    'guest-kernel': 'Guest kernel',
    hostos: 'Host operating system',
    monitor: 'Monitor',
    hardware: 'Hardware',
  },
  timeline: {
    title: 'The strata',
    lead: 'Twelve layers of ideas, oldest at the bottom. Bars and ticks stand at their years; the colour says where the work was done. Eras with a link have a chapter, the others are in preparation.',
    table: 'The same as a table',
    columns: { year: 'Year', system: 'System', era: 'Era', source: 'Source' },
    years: (from: number, until?: number) => (until === undefined ? `${from} to today` : `${from}–${until}`),
  },
  places,
  eras,
  chapters: {
    title: 'Chapters',
    none: 'The first chapters are in preparation.',
  },
  chapter: {
    text: 'Text',
    lab: 'Lab',
    sources: 'Sources',
    before: 'Before',
    next: 'What came next',
    noscript: 'The lab needs JavaScript. The text and the figures are complete without.',
    failed: 'The lab could not be loaded. Reload the page to try again.',
    run: {
      title: 'One run of the lab',
      of: (workload: string, technique: string) =>
        `${workload}. ${technique}. Every cycle in these figures was counted on the simulated machine when this page was made.`,
      strata:
        'The beginning of the run. Time runs to the right, in cycles; the filled bars show which layer executes.',
      overhead: 'The same program to its end, under each technique',
    },
  },
  exercises: {
    title: 'Exercises',
    lead: 'Each is checked by running it on the simulated machine, here in your browser. The numbers change with the variant.',
    kinds: {
      predict: 'Predict, then see it run',
      operate: 'Operate the machine',
      program: 'Program a guest',
      monitor: 'Write a piece of the monitor',
      measure: 'Measure',
      configure: 'Configure the machine',
    },
  },
  reference: {
    title: 'Reference',
    summary:
      'Instructions, interruption codes, devices, costs with their sources, and what the monitor does.',
    all: 'All of the reference',
    look: 'To look up',
  },
  offline: {
    title: 'Without a network',
    about:
      'Pages that you have visited open without a network, with their labs, as long as this browser keeps them.',
    keep: 'Keep the whole site',
    size: ['Another ', ' MB of ', ' MB to fetch.'],
    loading: ['', ' of ', ' MB'],
    cancel: 'Cancel',
    kept: ['The whole site is kept in this browser: ', ' MB.'],
    failed: 'It could not all be fetched. What has come is kept.',
    again: 'Try again',
    update: 'A new version of the site is ready.',
    take: 'Load it',
    unkept: {
      title: 'There is no network, and this page is not kept',
      why: 'Pages that you visit are kept from then on. The home page can keep the whole site.',
    },
  },
  classroom: 'Classroom',
  missing: {
    title: 'There is no page at this address',
    why: 'It may have moved, or the address has a slip in it.',
    home: 'To the start of Strata',
  },
  embed: 'Embed',
  widget: (chapter: string, panel: string) => `${chapter}: ${panel}`,
  footer: 'Free software under the MIT licence. IBM Plex under the SIL Open Font License.',
};
