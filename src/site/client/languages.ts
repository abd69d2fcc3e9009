// Switching the language keeps the place: the fragment goes along, and the choice is remembered for the root page.

export function keepFragment(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-locale]'))
    link.addEventListener('click', () => {
      link.hash = location.hash;
      localStorage.setItem('strata-locale', link.dataset['locale'] ?? '');
    });
}
