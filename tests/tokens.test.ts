// The design tokens keep their promises: contrast for text and shapes, and layers that nobody confuses.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('../src/ui/tokens.css', import.meta.url), 'utf8');
const layers = ['hardware', 'monitor', 'hostos', 'guest-kernel', 'guest-user'];
const pairs = layers.flatMap((a, i) => layers.slice(i + 1).map((b) => [a, b] as const));

type Rgb = readonly [number, number, number];

function token(name: string, theme: 'light' | 'dark'): Rgb {
  const match = new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(css);
  if (!match) throw new Error(`no token --${name}`);
  const hex = match[theme === 'light' ? 1 : 2] ?? '';
  const channel = (at: number) => linear(parseInt(hex.slice(at, at + 2), 16) / 255);
  return [channel(1), channel(3), channel(5)];
}

const linear = (v: number) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
const contrast = (a: Rgb, b: Rgb) => {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
};

const cubeRoot = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);

/** CIE L*a*b*, D65. */
function lab([r, g, b]: Rgb): Rgb {
  const x = cubeRoot((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = cubeRoot(luminance([r, g, b]));
  const z = cubeRoot((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

// Machado, Oliveira, Fernandes 2009, severity 1.0, in linear RGB.
const sight: Record<string, readonly Rgb[]> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function seen(colour: Rgb, kind: string): Rgb {
  const [r, g, b] = (sight[kind] ?? []).map((row) =>
    Math.min(1, Math.max(0, row[0] * colour[0] + row[1] * colour[1] + row[2] * colour[2])),
  );
  return [r ?? 0, g ?? 0, b ?? 0];
}

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each(['ink', 'ink-soft', 'link', 'error', ...layers.map((layer) => `layer-${layer}-ink`)])(
    'text in --%s has contrast AA on paper',
    (name) => {
      for (const ground of ['paper', 'paper-sunk'])
        expect(contrast(token(name, theme), token(ground, theme))).toBeGreaterThanOrEqual(4.5);
    },
  );

  test.each(['ink', 'ink-soft', 'link', 'layer-hostos-ink'])(
    'source in --%s has contrast AA on the line marked as next',
    (name) => {
      expect(contrast(token(name, theme), token('mark', theme))).toBeGreaterThanOrEqual(4.5);
    },
  );

  test.each([...layers.map((layer) => `layer-${layer}`), 'focus', 'rule'])(
    'shapes in --%s have contrast 3:1',
    (name) => {
      expect(contrast(token(name, theme), token('paper', theme))).toBeGreaterThanOrEqual(3);
    },
  );

  test('the layers climb in lightness from the hardware up, at least 7 L* apart', () => {
    const steps = layers.map((layer) => lab(token(`layer-${layer}`, theme))[0]);
    for (const [i, step] of steps.slice(1).entries())
      expect(step - (steps[i] ?? 0)).toBeGreaterThanOrEqual(7);
  });

  test.each(Object.keys(sight))('no two layers look alike with %s sight', (kind) => {
    for (const [a, b] of pairs) {
      const [one, two] = [a, b].map((layer) => lab(seen(token(`layer-${layer}`, theme), kind)));
      const distance = Math.hypot(...one!.map((value, i) => value - two![i]!));
      expect(distance, `${a} and ${b}`).toBeGreaterThanOrEqual(15);
    }
  });
});
