/** Westmere: Nehalem's successor of 2010, the first that runs real-address mode as a guest. */
import type { Model } from './classes.ts';
import { ATC, cost, set } from './figures.ts';
import { NEHALEM } from './nehalem.ts';

export const WESTMERE: Model = {
  ...NEHALEM,
  id: 'westmere',
  name: 'Xeon X5650 (Westmere), 2.66 GHz',
  signature: 0x206c2,
  features: [...NEHALEM.features, 'vmx-unrestricted'],
  identity: { ...NEHALEM.identity, brand: 'Intel(R) Xeon(R) CPU           X5650  @ 2.67GHz' },
  vmx: {
    entry: cost([380, `half of 761; ${ATC}`, 'estimate']),
    exit: cost([381, `half of 761; ${ATC}`, 'estimate']),
    access: cost(set(25)),
    reference: cost(set(3)),
  },
};
