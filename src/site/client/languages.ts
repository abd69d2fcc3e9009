// Switching the language keeps place and state, and the choice is remembered for the root page.
import { leaveFor } from './handover.ts';

export function keepPlace(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-locale]'))
    link.addEventListener('click', (event) => {
      try {
        localStorage.setItem('strata-locale', link.dataset['locale'] ?? '');
      } catch {
        // Then the root page asks the browser again.
      }
      link.hash = location.hash;
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      void leaveFor(link.href);
    });
}
