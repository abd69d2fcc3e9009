/** The panels of a lab, and which parts of a frame each of them needs. */
import type { FramePart } from '../../protocol/frame.ts';

export const PANELS = [
  'code',
  'registers',
  'storage',
  'translation',
  'events',
  'terminal',
  'overhead',
  'ledger',
  'devices',
  'tasks',
  'printer',
  'domains',
  'frames',
  'units',
  'vmcs',
  'exits',
  'nested',
  'disk-path',
  'sharing',
  'sweep',
  'race',
  'sensitivity',
  'eras',
  'processes',
  'groups',
  'layers',
  'image',
] as const;
export type PanelId = (typeof PANELS)[number];

/** Shown only by labs that name them: what one kind of monitor, or a system of ours, has to show, and races. */
const SPECIAL: readonly PanelId[] = [
  ...(['domains', 'frames', 'units', 'vmcs', 'exits', 'nested', 'disk-path'] as const),
  ...(['sharing', 'sweep', 'race', 'sensitivity', 'eras', 'processes', 'groups'] as const),
  ...(['layers', 'image'] as const),
];

/** Those of a lab that names none. */
export const USUAL_PANELS = PANELS.filter((panel) => !SPECIAL.includes(panel));

/** Wide ones: no code stands beside them. */
export const isWide = (panel: PanelId): boolean => ['race', 'sensitivity', 'eras'].includes(panel);

export const isPanel = (text: string): text is PanelId => (PANELS as readonly string[]).includes(text);

const NEEDS: Readonly<Record<PanelId, readonly FramePart[]>> = {
  code: ['code'],
  registers: ['registers'],
  storage: ['storage'],
  translation: ['translation'],
  events: ['events'],
  terminal: ['terminals'],
  overhead: [],
  ledger: ['ledger'],
  devices: ['devices'],
  tasks: ['tasks', 'events'],
  printer: ['printer'],
  domains: ['hypervisor'],
  frames: ['hypervisor'],
  units: ['units'],
  vmcs: ['vmx'],
  exits: ['vmx'],
  nested: ['vmx'],
  'disk-path': ['vmx'],
  sharing: ['sharing'],
  sweep: [],
  race: [],
  sensitivity: [],
  eras: [],
  processes: ['kernel'],
  groups: ['kernel'],
  layers: ['kernel'],
  image: [],
};

/** Parts for the diagram and the live region, which are always there, and for the panels that show. */
export function partsFor(visible: readonly PanelId[]): readonly FramePart[] {
  return [...new Set<FramePart>(['strata', 'events', 'code', ...visible.flatMap((panel) => NEEDS[panel])])];
}
