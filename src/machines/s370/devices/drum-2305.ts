/**
 * 2305-2 fixed head storage, the paging "drum": a head for each of its 768 tracks, so no seek time.
 * GA26-1589 (2835/2305 reference manual).
 *
 * SIMPLIFIED: the eight exposures through which a 2305 takes several requests at once (multiple requesting) are one:
 * a request waits for the one before it, and the control unit does not sort them by rotational position.
 */
import { CkdDevice } from './ckd-device.ts';
import { formattedImage, type CkdImage } from './ckd-image.ts';
import type { Geometry } from './ckd-track.ts';
import { recalled } from './figures.ts';

const MANUAL = 'GA26-1589';

export const GEOMETRY_2305: Geometry = {
  model: '2305',
  cylinders: 96,
  heads: 8,
  capacity: recalled(14_858, 'bytes', `${MANUAL}: track capacity formula, model 2`),
  overhead: recalled(198, 'bytes', `${MANUAL}: track capacity formula, model 2`),
  keyOverhead: recalled(91, 'bytes', `${MANUAL}: track capacity formula, model 2`),
  rotation: recalled(10, 'ms', MANUAL),
  rate: recalled(1500, 'kB/s', `${MANUAL}: model 2`),
  sectors: 90,
  seek: () => 0,
};

/** Bytes of a page slot. */
export const PAGE = 4096;

/** A drum with `image`; without one, formatted in pages of 4096 bytes, three to the track. */
export const drum2305 = (image: CkdImage = formattedImage(GEOMETRY_2305, PAGE)): CkdDevice =>
  new CkdDevice(image);
