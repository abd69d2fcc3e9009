/**
 * Physical memory as bus masters reach it: stores are seen by the processor as its own are. Beyond `size` nobody
 * answers them, as if no memory were there: what lies above is a monitor's.
 */
import type { Cpu } from './cpu.ts';
import type { Dma } from './devices/wiring.ts';
import { PAGE } from './memory.ts';

export const dmaOf = (cpu: Cpu, size = cpu.memory.size): Dma => ({
  read: (at, length) => {
    const from = at >>> 0;
    const bytes = new Uint8Array(length).fill(0xff);
    bytes.set(cpu.bytes.subarray(from, Math.min(from + length, Math.max(from, size))));
    return bytes;
  },
  write: (at, bytes) => {
    for (let done = 0; done < bytes.length;) {
      const to = (at + done) >>> 0;
      const length = Math.min(bytes.length - done, PAGE - (to & (PAGE - 1)));
      if (to < size && cpu.memory.writable(to)) {
        cpu.memory.write(to, bytes.subarray(done, done + length));
        cpu.blocks.replaced(to);
      }
      done += length;
    }
  },
});
