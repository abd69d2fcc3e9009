// Domains come and go beside a domain 0 that serves them, and leave nothing behind.
import { expect, test } from 'vitest';
import { leftAfterLives } from './fuzz/xen-lives.ts';

test(
  'domains destroyed at moments drawn by lot leave no frame, grant, port, key or watch',
  { timeout: 60_000 },
  () => {
    expect(leftAfterLives(2, 1)).toBeNull();
  },
);
