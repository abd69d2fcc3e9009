// Domains come and go beside a domain 0 that serves them, and leave nothing behind.
import { expect, test } from 'vitest';
import { lifeCycles } from './xen-cycles.ts';

test(
  'domains destroyed at moments drawn by lot leave no frame, grant, port, key or watch',
  { timeout: 60_000 },
  () => {
    expect(lifeCycles(2, 1)).toBeNull();
  },
);
