/** A map of memory's frames: runs of frames that are used alike, as the outline of one path for each use. */
import { FRAME_USES, type HypervisorView } from '../../protocol/frame.ts';

/** What a frame can be on the map: a use by a domain, the hypervisor's own, or nobody's. */
export const MAP_USES = ['hypervisor', 'free', ...FRAME_USES] as const;
export type MapUse = (typeof MAP_USES)[number];

export const MAP_COLUMNS = 64;

const NOBODY = -1;
const HYPERVISOR = -2;

function useOf(owner: number, type: number): MapUse {
  if (owner === HYPERVISOR) return 'hypervisor';
  return owner === NOBODY ? 'free' : FRAME_USES[type]!;
}

export type FrameBooks = Pick<HypervisorView, 'frameOwners' | 'frameTypes'>;

/** By use: path data in units of a frame, `MAP_COLUMNS` frames to a row. Uses that no frame has are missing. */
export function framePaths({ frameOwners, frameTypes }: FrameBooks): ReadonlyMap<MapUse, string> {
  const paths = new Map<MapUse, string>();
  for (let at = 0; at < frameOwners.length;) {
    const use = useOf(frameOwners[at]!, frameTypes[at]!);
    const row = Math.floor(at / MAP_COLUMNS);
    const from = at;
    do at++;
    while (
      at < frameOwners.length &&
      at % MAP_COLUMNS !== 0 &&
      useOf(frameOwners[at]!, frameTypes[at]!) === use
    );
    const run = `M${from % MAP_COLUMNS} ${row}h${at - from}v1h${from - at}z`;
    paths.set(use, (paths.get(use) ?? '') + run);
  }
  return paths;
}

/** How many frames an owner has of each use, by the owner's number. */
export function framesByOwner({
  frameOwners,
  frameTypes,
}: FrameBooks): ReadonlyMap<number, Readonly<Record<MapUse, number>>> {
  const owners = new Map<number, Record<MapUse, number>>();
  frameOwners.forEach((owner, frame) => {
    let counts = owners.get(owner);
    if (!counts) {
      counts = Object.fromEntries(MAP_USES.map((use) => [use, 0])) as Record<MapUse, number>;
      owners.set(owner, counts);
    }
    counts[useOf(owner, frameTypes[frame]!)]++;
  });
  return owners;
}
