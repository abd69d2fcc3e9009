// Search engines want whole addresses. A site that was built without knowing its own learns it from the browser.

export function completeAddresses(): void {
  const named = 'link[rel=canonical], link[rel=alternate][hreflang]';
  // The property is the whole address, whatever the attribute says.
  for (const link of document.querySelectorAll<HTMLLinkElement>(named)) link.setAttribute('href', link.href);
}
