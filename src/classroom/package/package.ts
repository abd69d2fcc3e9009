/**
 * An assignment as a package for a learning platform, made on the page: the same assignment gives the same bytes. What
 * stands in a package comes in as `contents`, so that a whole lab in one file can take the place of the framed page.
 */
import { strToU8, zipSync } from 'fflate';
import type { Locale } from '../../ui/i18n/index.ts';
import type { Assignment } from '../format/assignment.ts';
import { assignmentFragment, assignmentId } from '../format/link.ts';
import { courseStructure, manifest12, manifest2004, type Edition2004 } from './manifests.ts';
import { launchPage, linkPage } from './pages.ts';
import { packageWords } from './words.ts';

export const PACKAGE_KINDS = ['zip', 'scorm-1.2', 'scorm-2004-3', 'scorm-2004-4', 'cmi5'] as const;
export type PackageKind = (typeof PACKAGE_KINDS)[number];

/** Files of a package by name; the first one is the page that opens. */
export type Contents = Readonly<Record<string, string>>;

export interface Site {
  /** Address of the site's root, with a slash at its end. */
  readonly root: string;
  /** Language of the pages where the assignment leaves it open. */
  readonly locale: Locale;
  /** `launch.ts`, bundled. */
  readonly launchScript: string;
}

/** Zip knows local times from 1980 on: this one is the same in every time zone. */
const MADE = new Date(1980, 0, 1);

const EDITIONS = {
  'scorm-2004-3': '2004 3rd Edition',
  'scorm-2004-4': '2004 4th Edition',
} as const satisfies Record<string, Edition2004>;

const localeOf = (assignment: Assignment, site: Site): Locale => assignment.locale ?? site.locale;

export const assignmentLink = (assignment: Assignment, site: Pick<Site, 'root' | 'locale'>): string =>
  `${site.root}${assignment.locale ?? site.locale}/assignment/${assignmentFragment(assignment)}`;

/** The same page, told that a launch page is around it. */
const framedLink = (assignment: Assignment, site: Site): string =>
  `${site.root}${localeOf(assignment, site)}/assignment/?platform=frame${assignmentFragment(assignment)}`;

/** A launch page that frames the site's own. */
export function framedContents(assignment: Assignment, site: Site): Contents {
  const words = packageWords[localeOf(assignment, site)];
  return {
    'index.html': launchPage(assignment, framedLink(assignment, site), words),
    'launch.js': site.launchScript,
  };
}

export function makePackage(kind: PackageKind, assignment: Assignment, site: Site): Uint8Array<ArrayBuffer> {
  const contents = contentsOf(kind, assignment, site);
  const files = { ...contents, 'assignment.json': `${JSON.stringify(assignment, null, 2)}\n` };
  const packed = { assignment, id: assignmentId(assignment), files: Object.keys(files) };
  return zip({ ...manifestOf(kind, packed, site), ...files });
}

function contentsOf(kind: PackageKind, assignment: Assignment, site: Site): Contents {
  switch (kind) {
    case 'zip': {
      const words = packageWords[localeOf(assignment, site)];
      return { 'index.html': linkPage(assignment, assignmentLink(assignment, site), words) };
    }
    case 'cmi5':
      return {};
    default:
      return framedContents(assignment, site);
  }
}

function manifestOf(
  kind: PackageKind,
  packed: Parameters<typeof manifest12>[0],
  site: Site,
): Readonly<Record<string, string>> {
  switch (kind) {
    case 'zip':
      return {};
    case 'scorm-1.2':
      return { 'imsmanifest.xml': manifest12(packed) };
    case 'scorm-2004-3':
    case 'scorm-2004-4':
      return { 'imsmanifest.xml': manifest2004(packed, EDITIONS[kind]) };
    case 'cmi5': {
      const { assignment } = packed;
      const address = `${site.root}${localeOf(assignment, site)}/assignment/cmi5/`;
      return { 'cmi5.xml': courseStructure(packed, address, assignmentFragment(assignment)) };
    }
  }
}

const zip = (files: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])), {
    mtime: MADE,
    level: 9,
  });

/** HTML that shows the assignment within another page. */
export function embedSnippet(assignment: Assignment, site: Pick<Site, 'root' | 'locale'>): string {
  const title = assignment.title.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return `<iframe src="${assignmentLink(assignment, site)}" title="${title}" style="width:100%;height:90vh;border:0" loading="lazy" allow="fullscreen; clipboard-write"></iframe>`;
}
