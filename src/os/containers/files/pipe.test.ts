/** Pipes with a name: whoever opens one end waits until there is somebody at the other, even one who has gone again. */
import { expect, test } from 'vitest';
import { O_RDWR, O_WRONLY } from '../abi/modes.ts';
import { Pipe, PipeEnd } from './pipe.ts';

test('the first end is alone until the other is opened, and not again when that one closes at once', () => {
  for (const [first, second] of [
    [0, O_WRONLY],
    [O_WRONLY, 0],
  ] as const) {
    const pipe = new Pipe(1);
    const end = new PipeEnd(first, pipe);
    expect(end.alone).toBe(true);
    const other = new PipeEnd(second, pipe);
    expect([end.alone, other.alone]).toEqual([false, false]);
    other.closed();
    expect(end.alone).toBe(false);
    expect(new PipeEnd(first, pipe).alone).toBe(true);
  }
});

test('who opens both ends waits for nobody', () => {
  expect(new PipeEnd(O_RDWR, new Pipe(1)).alone).toBe(false);
});
