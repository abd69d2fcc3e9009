/**
 * Where CP's page slots lie on a 2305 or any other count-key-data device that is formatted in records of one page:
 * slot 0 is the first record of cylinder 0, head 0. GA26-1589 for the geometry of the 2305.
 */
import type { CkdImage } from '../../machines/s370/devices/ckd-image.ts';
import { blockAddress } from '../../machines/s370/devices/ckd-image.ts';
import type { PagingDevice } from './paging.ts';

const PAGE = 4096;

/** The paging device at real `address` that has `image` mounted. */
export function pagingDevice(address: number, image: CkdImage): PagingDevice {
  const { format, geometry } = image;
  if (format.length !== PAGE)
    throw new Error(
      `device ${address.toString(16)} has records of ${format.length} bytes, pages have ${PAGE}`,
    );
  return {
    address,
    slots: format.records * geometry.heads * geometry.cylinders,
    locate: (slot) => blockAddress(image, slot),
  };
}
