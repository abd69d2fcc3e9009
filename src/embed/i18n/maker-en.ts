/** English words of the page that makes widgets, of its documentation, and of the lab's embed sheet. */
import type { AttributeName, NoticeType, OptionName, RequestType } from '../schema/names.ts';
import type { Host } from '../snippets.ts';

const options: Record<OptionName, string> = {
  lang: 'Language of the widget. Otherwise that of its page.',
  theme: 'Colours. “auto” follows the visitor’s system.',
  controls:
    '“basic” is run, step, step back and reset; “none” leaves out all of them, and the keys. A whole lab has “full”, a panel “basic”.',
  readonly:
    'Nothing about the machine can be changed: workload, technique, source, settings and terminal are locked. Running and stepping stay.',
  panels: 'Panels of a whole lab, in this order. “code” stands beside the others where there is room.',
  autoplay: 'Runs as soon as the widget is seen.',
  paused: 'Shows a picture and a button; the machine is switched on by the visitor.',
  t: 'Cycle at which the widget begins.',
  speed: 'Cycles per second.',
  seed: 'Seed of what is random in a workload. In an exercise it is the variant, and students have no other.',
  lock: 'What shows, but cannot be changed.',
  hide: 'What does not show.',
  workload: 'Workload to begin with.',
  technique: 'Technique to begin with.',
};

const requests: Record<RequestType, string> = {
  play: 'Runs; with a speed, at that many cycles per second.',
  pause: 'Stops the run, or any long work under way. Does not wait for requests before it.',
  step: 'One instruction; over a trap and all that serves it; or to the next transfer of control.',
  back: 'One instruction back, or to the transfer of control before.',
  seek: 'To a cycle, forwards or back.',
  reset: 'To the beginning of the run.',
  load: 'Loads anew, with whatever is given. “program” is the guest’s source; null is the workload’s own.',
  getState: 'Answered by a “state” whose “fragment” stands for everything: setup, input, cycle.',
  setState: 'Goes to the state of a “fragment”.',
};

const notices: Record<NoticeType, string> = {
  ready: 'The widget listens. “versions” are those of the messages that it speaks.',
  resize: 'The height in pixels that it wants.',
  state: 'How the machine stands: on each change, four times a second while it runs, and as an answer.',
  step: 'The machine has moved and stands: which layer is next, why, and what happened in words.',
  task: 'An exercise was checked: so many of its checks passed.',
  progress: 'Long work: switching on, or comparing techniques.',
  error:
    'Something could not be done. “code” is version, type or fields for a request that is not understood; state or source for one that cannot be met; option for the widget’s address; engine for a fault of ours.',
};

const attributes: Record<AttributeName, string> = {
  lab: 'Which lab, as its chapter is called in addresses.',
  panel:
    'Only this panel, “strata” for the diagram, or “exercise/” and an exercise’s folder for the lab with that exercise. Otherwise the whole lab.',
  state: 'State to begin in: a fragment, as “getState” gives it.',
  start:
    '“click” waits behind a picture until it is clicked. Otherwise the widget is fetched when it is seen.',
  title: 'Name of the frame for screen readers.',
  height:
    'Fixes the height, as a rule for “height” in the page’s style does. Otherwise it follows the widget.',
  sandbox:
    'Shuts the frame off: it gets no origin, no storage and no forms. Without a value, scripts and links that open in a new tab work.',
};

const hosts: Record<Host, { readonly name: string; readonly how: string }> = {
  element: {
    name: 'Web page, with the element',
    how: 'The height follows the widget, and it is fetched when it is seen. The script is needed once per page.',
  },
  iframe: { name: 'Web page, frame only', how: 'Needs no script. The height is fixed: choose it to suit.' },
  markdown: {
    name: 'Markdown',
    how: 'A picture that leads to the lab, for hosts that allow no HTML, such as a README. Where HTML is allowed (MkDocs, Docusaurus, Jekyll, Hugo with unsafe HTML, Jupyter Book) use the element or the frame.',
  },
  reveal: {
    name: 'reveal.js',
    how: 'A slide. “data-src” fetches the widget when its slide comes near. On a wall “controls=basic” reads well.',
  },
  moodle: {
    name: 'Moodle and other learning platforms',
    how: 'Switch the editor to HTML and paste. Moodle removes scripts, so this is the frame, with a link for its app.',
  },
  notion: {
    name: 'Notion, WordPress and others that take an address',
    how: 'Paste the address, in Notion as “Embed”. Hosts that know oEmbed find size and title by themselves.',
  },
  picture: {
    name: 'Picture only',
    how: 'For hosts without frames: the default run as a picture that leads to the lab.',
  },
};

export const makerEn = {
  title: 'Embed a lab',
  summary:
    'Put a lab, or one panel of it, on your own page: choose, look at the preview, paste what you get. Nothing is sent anywhere.',
  choose: 'Choose',
  lab: 'Lab',
  widget: 'Widget',
  wholeLab: 'The whole lab',
  exercise: (title: string) => `Exercise: ${title}`,
  more: 'More options',
  unset: 'as usual',
  preview: 'Preview',
  paste: 'Paste',
  host: 'Where it goes',
  code: 'To paste',
  copy: 'Copy',
  copied: 'Copied.',
  notCopied: 'Your browser did not allow that: select the text and copy it.',
  state: 'Begin in the state that the lab is in now',
  stateTooLong: 'The recording is too long for an address: the widget begins at the lab’s own beginning.',
  stateKept: 'The widget begins in the state that you came with.',
  files: 'Files',
  svg: 'Picture as SVG',
  png: 'Picture as PNG',
  single: 'The whole lab as one file',
  singleHow: 'It opens from a disk or a file share, without a network, and can be handed on by mail.',
  embedTitle: 'Embed this lab',
  moreThere: 'More options, documentation, pictures',
  docs: {
    title: 'Documentation',
    lead: 'Everything here is generated from the schema that the widgets themselves read.',
    options: 'Options',
    optionsLead:
      'They stand in the query of a widget’s address, or as attributes of the element. The state stands in the fragment. What is unknown or wrong has no effect and is told in the widget.',
    name: 'Name',
    takes: 'Takes',
    meaning: 'Meaning',
    workloads: 'Workloads',
    techniques: 'Techniques',
    names: 'Names of the labs, panels and choices',
    element: 'The element',
    elementLead:
      'Any number may stand on a page. Machines that are not in view are paused. Each request below is a method that takes its fields and returns a promise of the state; each notice is an event “strata:TYPE” whose detail is the message.',
    messages: 'Messages',
    messagesLead:
      'Around every message: “source” is “strata”, “v” is the version, “id” is yours and stands in the answer (null in what is told unasked). The widget listens to the page that frames it and to nobody else; look at the origin and the source of what you hear, too. A request in another version is answered by an error that names the versions spoken.',
    requests: 'To the widget',
    notices: 'From the widget',
    fields: 'Fields',
    none: 'none',
    types: 'Types for TypeScript',
    safety: 'On strict pages',
    safetyText:
      'A page with a Content-Security-Policy must allow this site in “frame-src”, in “script-src” for the element, and in “img-src” for its picture. In a sandboxed frame only “allow-scripts” is needed. Widgets keep nothing in the browser, set no cookies and ask nobody else for anything. Locks and hidden parts keep honest people on the path: whoever can open the full lab can do everything there.',
    oembed: 'oEmbed',
    oembedText:
      'Each widget has an “oembed.json” beside its page, and its page links to it. Addresses in it are absolute if the site was built with STRATA_URL, else relative to the file.',
  },
  optionsText: options,
  requestsText: requests,
  noticesText: notices,
  attributesText: attributes,
  hosts,
};
