/**
 * Forms in a sandbox. A frame that is not allowed to send forms may not even tell its own page that one was filled in,
 * though nothing is ever sent here: so the page hears of it from the button and the key themselves.
 */

const FIELDS = 'input:not([type="checkbox"], [type="radio"], [type="button"], [type="submit"])';

/** Tells `form` that it was filled in, as a browser does that is allowed to. */
function submit(form: HTMLFormElement, submitter: HTMLElement | null): void {
  if (!form.noValidate && !form.reportValidity()) return;
  form.dispatchEvent(new SubmitEvent('submit', { bubbles: true, cancelable: true, submitter }));
}

export function hearForms(root: Document): void {
  root.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    if (event.defaultPrevented || button?.type !== 'submit' || !button.form) return;
    event.preventDefault();
    submit(button.form, button);
  });
  root.addEventListener('keydown', (event) => {
    const field = event.target instanceof Element ? event.target.closest<HTMLInputElement>(FIELDS) : null;
    if (event.defaultPrevented || event.key !== 'Enter' || event.isComposing || !field?.form) return;
    event.preventDefault();
    submit(field.form, null);
  });
}
