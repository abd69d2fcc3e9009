/** The npm package v86, its compiler disabled, on a multiboot kernel: the yardstick of the PC's interpreter. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { V86 } from 'v86';

const MEMORY = 64 << 20;
const PATIENCE = 120_000;

/** Seconds that this process has computed: what others on the machine do does not count. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Seconds between the markers `{` and `}` that the kernel sends, and what it printed. */
export async function runV86(kernel: Uint8Array): Promise<{ seconds: number; text: string }> {
  const wasm = readFileSync(createRequire(import.meta.url).resolve('v86/build/v86.wasm'));
  const emulator = new V86({
    wasm_fn: async (imports) => (await WebAssembly.instantiate(wasm, imports)).instance.exports,
    memory_size: MEMORY,
    multiboot: { buffer: kernel.slice().buffer },
    disable_jit: true,
    autostart: true,
    disable_keyboard: true,
    disable_mouse: true,
  });
  let [text, began] = ['', 0];
  try {
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`v86 printed no end: ${text}`)), PATIENCE);
      emulator.add_listener('serial0-output-byte', (byte: number) => {
        const c = String.fromCharCode(byte);
        text += c;
        if (c === '{') began = processorTime();
        if (c !== '}') return;
        clearTimeout(timer);
        resolve({ seconds: processorTime() - began, text });
      });
    });
  } finally {
    await emulator.destroy();
  }
}
