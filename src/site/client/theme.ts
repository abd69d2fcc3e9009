// The theme that the visitor chose, kept in this browser; document.ts applies it before the first paint.

export function chooseTheme(): void {
  const choice = document.querySelector<HTMLSelectElement>('[data-theme-choice]');
  if (!choice) return;
  choice.value = document.documentElement.dataset['theme'] ?? 'auto';
  choice.addEventListener('change', () => {
    if (choice.value === 'auto') {
      delete document.documentElement.dataset['theme'];
      localStorage.removeItem('strata-theme');
    } else {
      document.documentElement.dataset['theme'] = choice.value;
      localStorage.setItem('strata-theme', choice.value);
    }
  });
}
