/** Resolves the design tokens to colours that a canvas understands, in the theme that shows. */
import type { Colours } from './strata/drawing.ts';

/** `element` decides the theme; the result holds until the theme changes. */
export function coloursAt(element: HTMLElement): Colours {
  const known: Partial<Record<string, string>> = {};
  return (property) => (known[property] ??= resolve(element, property));
}

function resolve(element: HTMLElement, property: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${property})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** Calls `changed` when the visitor or the system switches between light and dark; returns the way to stop. */
export function watchTheme(changed: () => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const observer = new MutationObserver(changed);
  system.addEventListener('change', changed);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    system.removeEventListener('change', changed);
    observer.disconnect();
  };
}
