/** A drawing of the page as a document that needs nothing else: with the colours and type that it shows in. */

const KEPT = ['fill', 'stroke', 'stroke-dasharray', 'font-size', 'font-weight', 'font-family'];

export function standaloneSvg(drawn: SVGSVGElement): string {
  const copy = drawn.cloneNode(true) as SVGSVGElement;
  const shown = drawn.querySelectorAll<SVGElement>('*');
  for (const [index, element] of [...copy.querySelectorAll<SVGElement>('*')].entries()) {
    const style = getComputedStyle(shown[index]!);
    element.removeAttribute('style');
    element.removeAttribute('class');
    for (const property of KEPT) element.setAttribute(property, style.getPropertyValue(property));
  }
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('viewBox', `0 0 ${drawn.width.baseVal.value} ${drawn.height.baseVal.value}`);
  copy.style.background = getComputedStyle(document.body).backgroundColor;
  return new XMLSerializer().serializeToString(copy);
}
