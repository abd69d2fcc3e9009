/** The diagram as a file. */
import { coloursAt } from '../colours.ts';
import { saveFile } from '../save-file.ts';
import { strataSvg, type Parts } from './svg.ts';

export async function saveDrawing(
  kind: 'svg' | 'png',
  element: HTMLElement,
  parts: Parts,
  title: string,
): Promise<void> {
  const svg = strataSvg(parts, coloursAt(element), title);
  if (kind === 'svg') {
    saveFile('strata.svg', 'image/svg+xml', svg);
    return;
  }
  await savePng('strata.png', svg);
}

/** Twice as fine as it is measured, for good screens and print. */
export async function savePng(name: string, svg: string): Promise<void> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width * 2;
  canvas.height = image.height * 2;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => {
    if (blob) saveFile(name, 'image/png', blob);
  });
}
