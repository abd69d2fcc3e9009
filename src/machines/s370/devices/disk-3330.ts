/** 3330-1 disk storage: one pack of 404 cylinders and 7 alternates. GA26-1592 (3830/3330 reference manual). */
import { CkdDevice } from './ckd-device.ts';
import { emptyImage, type CkdImage } from './ckd-image.ts';
import type { Geometry } from './ckd-track.ts';
import { derived, recalled } from './figures.ts';

const MANUAL = 'GA26-1592';

export const SEEK_MINIMUM = recalled(10, 'ms', `${MANUAL}: to the next cylinder`);
export const SEEK_AVERAGE = recalled(30, 'ms', `${MANUAL}: average of random seeks`);
export const SEEK_MAXIMUM = recalled(55, 'ms', `${MANUAL}: across the pack`);
export const BYTES_PER_TRACK = recalled(13_030, 'bytes', `${MANUAL}: the longest single record`);
const CYLINDERS = 404 + 7;
/**
 * Exponent of the seek curve. With x the distance as a part of the longest, random seeks have density 2(1 − x), so
 * the mean of x^p is 2/((p + 1)(p + 2)); p = 0.679 makes 10 + 45·x^p average 30 ms.
 */
const SEEK_EXPONENT = derived(0.679, '', 'from minimum, average and maximum seek time');

export const GEOMETRY_3330: Geometry = {
  model: '3330',
  cylinders: CYLINDERS,
  heads: 19,
  capacity: recalled(13_165, 'bytes', `${MANUAL}: track capacity formula`),
  overhead: recalled(135, 'bytes', `${MANUAL}: track capacity formula`),
  keyOverhead: recalled(56, 'bytes', `${MANUAL}: track capacity formula`),
  rotation: recalled(16.7, 'ms', MANUAL),
  rate: recalled(806, 'kB/s', MANUAL),
  sectors: 128,
  seek: (distance) =>
    SEEK_MINIMUM.value +
    (SEEK_MAXIMUM.value - SEEK_MINIMUM.value) * ((distance - 1) / (CYLINDERS - 2)) ** SEEK_EXPONENT.value,
};

/** A drive with `image` mounted; without one, a pack on which every track is empty. */
export const disk3330 = (image: CkdImage = emptyImage(GEOMETRY_3330)): CkdDevice => new CkdDevice(image);
